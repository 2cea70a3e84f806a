import pytest

from defib.playbook.plays.halve_epochs import halve_epochs
from defib.samples import run_of


def edits(epochs, *steps):
    config = {"train_cfg": {"max_epochs": epochs}, "param_scheduler": list(steps)}
    return halve_epochs(run_of({"val/top1": [1.0]}, config=config), None)


def sites(epochs, *steps):
    return {site.path: site.new for edit in edits(epochs, *steps) for site in edit.sites}


@pytest.mark.parametrize(("epochs", "new"), [(100, 50), (80, 40), (41, 20), (300, 150)])
def test_halves_the_epochs(epochs, new):
    assert edits(epochs)[0].new == new


def test_a_cosine_behind_a_warm_up_ends_with_the_run_and_keeps_its_warm_up():
    warmup = {"type": "LinearLR", "begin": 0, "end": 5}
    cosine = {"type": "CosineAnnealingLR", "T_max": 95, "begin": 5, "end": 100}
    moved = {"train_cfg.max_epochs": 50, "param_scheduler.1.end": 50, "param_scheduler.1.T_max": 45}
    assert sites(100, warmup, cosine) == moved


def test_a_cosine_that_was_as_long_as_the_run_stays_so():
    assert sites(80, {"type": "CosineAnnealingLR", "T_max": 80})["param_scheduler.0.T_max"] == 40


def test_milestones_move_with_the_length():
    steps = {"type": "MultiStepLR", "milestones": [60, 80], "gamma": 0.1}
    assert sites(100, steps)["param_scheduler.0.milestones"] == [30, 40]


def test_schedulers_that_count_steps_are_left_alone():
    cosine = {"type": "CosineAnnealingLR", "T_max": 9000, "end": 9000, "by_epoch": False}
    assert list(sites(100, cosine)) == ["train_cfg.max_epochs"]


@pytest.mark.parametrize("epochs", [39, 20, 13])
def test_gives_up_below_twice_the_references_length(epochs):
    assert edits(epochs) == ()


def test_gives_up_without_a_known_length():
    assert halve_epochs(run_of({"val/top1": [1.0]}), None) == ()
