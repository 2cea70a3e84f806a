"""The bench of the closed loop: what it counts, and that its faults are what they say."""

import sys
from pathlib import Path

import pytest

pytest.importorskip("torch")
sys.path.insert(0, str(Path(__file__).parent.parent))

from bench.loop import __main__ as command
from bench.loop import faults
from bench.loop.report import report

from defib.action.training import recipe as recipes


def arm(final, spent=26):
    return {"final": final, "best": final + 5.0, "spent": spent}


def case(seed, seen=14, **fields):
    found = {"fault": "rate_jump", "seed": seed, "seen": seen, "restart": True, "verdict": "rescue", "likely": ["a"]}
    found |= {"alone": arm(10.0), "twin": arm(70.0)}
    if seen is not None:
        found |= {"unchanged": arm(10.0), "tenth": arm(50.0), "rescued": arm(60.0), "kept": 55.0, "attempts": 1}
        found |= {"outcome": "recovered", "causes": ["schedule_event"], "edits": [["schedule_factor", "100", "1.0"]]}
    return found | fields


def healthy(seed, seen=None):
    return {"healthy": "clean", "seed": seed, "seen": seen, "verdict": "healthy", "says": "-", "alone": arm(66.0)}


def test_every_arm_is_shown_with_its_spread_and_what_was_not_seen_is_counted():
    text = report([case(1), case(2, alone=arm(20.0)), case(3, seen=None)])
    row = next(line for line in text.splitlines() if line.startswith("| rate_jump | 3 |"))
    cells = [cell.strip() for cell in row.split("|")[1:-1]]
    assert cells[1:3] == ["3", "2"]
    assert cells[3] == "13.3 ± 5.8"  # left alone, all three
    assert cells[4:9] == ["55.0 ± 0.0", "10.0 ± 0.0", "50.0 ± 0.0", "60.0 ± 0.0", "70.0 ± 0.0"]
    assert cells[9] == "2 of 2"
    assert "| rate_jump | 3 | - | 10.0 | - | - | - | - | 70.0 | rescue | - |" in text


def test_a_false_action_on_a_healthy_run_is_counted_with_its_interval():
    assert "would have begun: 0 of 2 [0% - 84%]" in report([healthy(1), healthy(2)])
    assert "would have begun: 1 of 2 [1% - 99%]" in report([healthy(1), healthy(2, seen=5)])


def test_what_is_done_is_not_run_again(tmp_path):
    import json

    (tmp_path / "rate_jump-1.json").write_text(json.dumps(case(1)))
    again = command._kept(tmp_path, "rate_jump", 1, lambda *_: pytest.fail("it was run again"), run=True)
    assert again == case(1)
    assert command._kept(tmp_path, "rate_jump", 2, lambda *_: pytest.fail("nothing is run"), run=False) is None


@pytest.mark.parametrize("name", faults.FAULTS)
def test_every_fault_and_its_twin_are_recipes_of_the_same_length(name):
    fault = faults.FAULTS[name]
    faulty = recipes.read(fault.recipe, (*fault.words, *fault.then))
    clean = recipes.read(fault.recipe, fault.twin)
    assert faulty.train.max_epochs == clean.train.max_epochs == faults.EPOCHS


@pytest.mark.parametrize("name", faults.HEALTHY)
def test_every_healthy_kind_is_a_recipe(name):
    kind = faults.HEALTHY[name]
    assert recipes.read(kind.recipe, kind.words).train.max_epochs >= faults.EPOCHS


class Clips:
    """Made-up clips."""

    def __len__(self):
        return 120

    def __getitem__(self, index):
        import torch

        return {"rgb": torch.full((2, 2), 0.5), "pose": torch.tensor([1.0, 2.0]), "index": index}

    def set_epoch(self, epoch):
        self.epoch = epoch


def part(before=None, *, restarted=False):
    return faults.Part(recipes.read(faults.RECIPE, ()), before, restarted, Clips(), Clips())


def test_held_out_clips_are_broken_from_an_epoch_on_and_training_is_not():
    made = faults.held_out(part())
    assert made.train[3]["rgb"].unique().tolist() == [0.5]
    assert made.val[3]["pose"].tolist() == [1.0, 2.0]
    made.val.on = True
    assert made.val[3]["pose"].tolist() == [2.0, 1.0]
    assert made.val[3]["rgb"].unique().tolist() == [0.0]
    assert made.train[3]["pose"].tolist() == [1.0, 2.0]
    assert faults.held_out(part(restarted=True)).val.on  # nobody takes the fault out for the rescue


def test_a_bad_batch_is_one_with_a_marked_clip():
    made = faults.bad(part(restarted=True))
    heavy = made.callbacks[1]
    made.train[1]
    assert not heavy.met
    made.train[faults.BAD_EVERY]
    assert heavy.met


def test_a_restart_has_no_scheduler_of_before():
    assert faults.stale(part()).callbacks == ()
    assert faults.anew(part()).callbacks == ()
    old = recipes.read(faults.RECIPE, ())
    assert len(faults.stale(part(old)).callbacks) == len(faults.anew(part(old)).callbacks) == 1
