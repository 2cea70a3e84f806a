"""What parts of a run left of their configs is read; what cannot be read is left out."""

import json

import pytest

from defib.reading.earlier import with_earlier
from defib.records import Checkpoint, Point, Segment
from defib.samples import run_of

RECIPE = {"optim": {"lr": 0.02}, "train": {"max_epochs": 9, "batch": 4}, "data": {"kind": "micro"}, "work_dir": "w"}
PYTHON = "optim_wrapper = dict(type='OptimWrapper', optimizer=dict(type='SGD', lr={lr}))\n"
FIRST = Segment(start=Point(epoch=1.0), record=0, file="metrics.jsonl")
AGAIN = Segment(start=Point(epoch=5.0), record=8, file="metrics.jsonl", resumed=True)


def run(*segments, checkpoints=()):
    return run_of({"val/top1": [1.0] * 8}, segments=segments, checkpoints=checkpoints)


@pytest.fixture
def kept(tmp_path):
    """The best checkpoint of our trainer with its recipe, and one whose recipe is broken."""
    for name, text in (("best", json.dumps(RECIPE)), ("epoch_2", "{")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "recipe.json").write_text(text)
    return tmp_path, tuple(
        Checkpoint(path=f"{name}/weights.safetensors", epoch=epoch)
        for name, epoch in (("best", 4.0), ("epoch_2", 2.0), ("last", 8.0))
    )


def test_checkpoints_of_our_trainer_hold_their_recipe(kept):
    folder, checkpoints = kept
    (found,) = with_earlier(run(FIRST, AGAIN, checkpoints=checkpoints), folder).earlier
    assert (found.file, found.at.epoch, found.settings["lr"]) == ("best/recipe.json", 4.0, 0.02)


def test_each_process_of_mmengine_dumps_its_config(tmp_path):
    segments = []
    for number, rate in enumerate((0.1, 0.01)):
        home = tmp_path / f"2024010{number}_000000" / "vis_data"
        home.mkdir(parents=True)
        (home / "config.py").write_text(PYTHON.format(lr=rate))
        start = Point(epoch=1.0 + 4 * number)
        file = f"2024010{number}_000000/vis_data/scalars.json"
        segments.append(Segment(start=start, record=8 * number, file=file, resumed=number > 0))
    found = with_earlier(run(*segments), tmp_path).earlier
    assert [(one.at.epoch, one.settings["lr"]) for one in found] == [(1.0, 0.1), (5.0, 0.01)]


def test_nothing_is_read_of_a_run_that_was_never_restarted(kept):
    folder, checkpoints = kept
    assert with_earlier(run(FIRST, checkpoints=checkpoints), folder).earlier == ()
    assert with_earlier(run(FIRST, AGAIN, checkpoints=checkpoints), None).earlier == ()
    assert with_earlier(run(FIRST, AGAIN, checkpoints=checkpoints), folder / "best" / "recipe.json").earlier == ()
