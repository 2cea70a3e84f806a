import pytest

from defib.playbook.plays.remove_schedule_jump import remove_schedule_jump
from defib.samples import run_of


def edits(*steps):
    return remove_schedule_jump(run_of({"val/top1": [1.0]}, config={"param_scheduler": list(steps)}), None)


def step(gamma, kind="MultiStepLR"):
    return {"type": kind, "milestones": [9], "gamma": gamma}


@pytest.mark.parametrize("gamma", [25.0, 10, 1.5, 100.0])
def test_a_factor_above_one_becomes_one_and_nothing_else_is_touched(gamma):
    (edit,) = edits(step(gamma))
    assert (edit.old, edit.new) == (gamma, 1)
    assert type(edit.new) is type(gamma)
    assert [site.path for site in edit.sites] == ["param_scheduler.0.gamma"]


def test_only_the_step_that_rises_is_changed():
    (edit,) = edits(step(0.1), step(25.0))
    assert [site.path for site in edit.sites] == ["param_scheduler.1.gamma"]


@pytest.mark.parametrize("gamma", [0.1, 0.5, 1.0])
def test_gives_up_without_an_upward_step(gamma):
    assert edits(step(gamma)) == ()


def test_gives_up_without_a_schedule():
    assert remove_schedule_jump(run_of({"val/top1": [1.0]}), None) == ()


def test_a_ramp_of_our_trainer_is_taken_out():
    config = {"optim": {"lr": 0.02}, "train": {"max_epochs": 5}, "data": {"kind": "micro"}, "schedule": {"ramp": 400.0}}
    (edit,) = remove_schedule_jump(run_of({"val/top1": [1.0]}, config=config, dialect="json"), None)
    assert (edit.old, edit.new, edit.sites[0].path) == (400.0, 1.0, "schedule.ramp")
    assert "climbed beyond all that the run had learned with" in edit.why.en
    assert "学习率沿这段爬升" in edit.why.zh
