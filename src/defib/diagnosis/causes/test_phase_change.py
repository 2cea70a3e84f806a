import pytest

from defib.diagnosis.causes.phase_change import phase_change
from defib.records import Checkup, Event, Fact, Incident, Place, Point, Symptom
from defib.samples import run_of
from defib.words import same

FALL = [20.0, 40.0, 60.0, 8.0, 8.0, 8.0]


def fell(epoch=4.0):
    best = Fact(metric="val/top1", value=60.0, at=Point(epoch=epoch - 1))
    symptom = Symptom(rule="val_collapse", metric="val/top1", severity="act", onset=Point(epoch=epoch), record=3,
                      fall=True, says=same("it fell"))  # fmt: skip
    incident = Incident(key="val/top1", onset=Point(epoch=epoch), rule="val_collapse", best=best)
    return Checkup(symptoms=(symptom,), incident=incident)


def planned(*hooks, **fields):
    config = {"custom_hooks": list(hooks), "train_cfg": {"max_epochs": 6}}
    return run_of({"val/top1": FALL}, config=config, **fields)


def said(text="Switch pipeline now!", epoch=3.0, record=3):
    return Event(kind="phase", text=text, at=Point(epoch=epoch), record=record, place=Place(file="a.log", line=9))


MODE = {"type": "YOLOXModeSwitchHook", "num_last_epochs": 2}


@pytest.mark.parametrize(
    "hook",
    [
        {"type": "PipelineSwitchHook", "switch_epoch": 3, "switch_pipeline": []},  # mmdet counts from 0
        {"type": "SwitchRecipeHook", "schedule": [{"action_epoch": 4, "loss": {"type": "BCE"}}]},  # mmpretrain from 1
        MODE,  # acts in epoch 6 - 2
        {"type": "RTMOModeSwitchHook", "epoch_attributes": {3: {"head.loss_weight": 1.0}}},
    ],
)
def test_a_hook_that_switches_where_the_fall_begins_is_likely(hook):
    found = phase_change(planned(hook), fell())
    assert (found.standing, found.event) == ("likely", True)
    assert f"epoch 4 ({hook['type']})" in found.says.en


def test_a_message_right_before_the_fall_is_likely_without_a_config():
    found = phase_change(run_of({"val/top1": FALL}, events=(said(),)), fell())
    assert found.standing == "likely"
    assert found.for_[0].facts[0].place.line == 9


@pytest.mark.parametrize("epochs", [0, 1, 3])
def test_a_switch_elsewhere_is_ruled_out(epochs):
    found = phase_change(planned({**MODE, "num_last_epochs": epochs}), fell(4.0 if epochs != 3 else 6.0))
    assert found.standing == "ruled-out"


def test_a_switch_after_the_fall_did_not_cause_it():
    late = said(epoch=4.0, record=4)
    assert phase_change(run_of({"val/top1": FALL}, events=(late,)), fell()).standing == "ruled-out"


def test_a_hook_that_switches_nothing_is_no_phase():
    hooks = ({"type": "SyncNormHook", "num_last_epochs": 2}, {"type": "EMAHook", "momentum": 0.0002})
    assert phase_change(planned(*hooks), fell()) is None


def test_the_end_of_an_unknown_length_is_not_guessed():
    run = run_of({"val/top1": FALL}, config={"custom_hooks": [MODE]})
    assert phase_change(run, fell()) is None


def test_no_opinion_without_an_incident():
    assert phase_change(planned(MODE), Checkup()) is None
