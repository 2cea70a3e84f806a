import copy

import pytest

from defib.diagnosis.causes.stale_scheduler import stale_scheduler
from defib.records import Checkup, Event, Fact, Incident, Point, Segment, Symptom
from defib.samples import run_of
from defib.words import same

EDITED = {
    "optim_wrapper": {"optimizer": {"type": "SGD", "lr": 0.005}},
    "param_scheduler": [{"type": "MultiStepLR", "milestones": [12], "gamma": 0.1}],
    "resume": False,
}
OLD = [0.02] * 18
NEW = [0.02] * 10 + [0.005] * 2 + [0.0005] * 6
ANEW = [0.02] * 10 + [0.005] * 8
RESUMED = Event(kind="resumed", text="resumed epoch: 10, iter: 300", record=20)


def run(rates, *, config=EDITED, resumed=True, events=(RESUMED,), start=11.0):
    segments = (
        Segment(start=Point(epoch=1.0, step=30), record=0, file="a.json"),
        Segment(start=Point(epoch=start, step=330), record=20, file="b.json", resumed=resumed),
    )
    curves = {"train/loss": [1.0] * 18, "val/top1": [60.0] * 11 + [8.0] * 7}
    if rates:
        curves["train/lr"] = rates
    return run_of(curves, config=config, segments=segments, events=events)


def fell(epoch=12.0):
    best = Fact(metric="val/top1", value=60.0, at=Point(epoch=epoch - 1))
    symptom = Symptom(rule="val_collapse", metric="val/top1", severity="act", onset=Point(epoch=epoch), record=23,
                      fall=True, says=same("it fell"))  # fmt: skip
    incident = Incident(key="val/top1", onset=Point(epoch=epoch), rule="val_collapse", best=best)
    return Checkup(symptoms=(symptom,), incident=incident)


def level(rule="plateau"):
    return Checkup(
        symptoms=(
            Symptom(rule=rule, metric="val/top1", severity="watch", onset=Point(epoch=9.0), record=0, says=same("x")),
        )
    )


def test_a_rate_that_the_edited_config_does_not_ask_for_is_likely():
    found = stale_scheduler(run(OLD), fell())
    assert (found.standing, found.event) == ("likely", True)
    assert "logged rate is 0.02 where the config asks for 0.0005" in found.for_[0].measured.en


def test_the_config_may_say_that_it_was_resumed():
    config = {**copy.deepcopy(EDITED), "resume": True}
    assert stale_scheduler(run(OLD, config=config, events=()), fell()).standing == "likely"


def test_without_a_sign_of_a_full_resume_it_is_only_possible():
    assert stale_scheduler(run(OLD, events=()), fell()).standing == "possible"


def test_a_rate_that_was_the_configs_before_the_restart_is_not_an_old_one():
    rates = [0.005] * 10 + [0.02] * 8
    assert stale_scheduler(run(rates), fell()).standing == "possible"


def test_a_fall_long_after_the_restart_is_not_explained():
    found = stale_scheduler(run(OLD), fell(17.0))
    assert found.standing == "possible"
    assert "fall began in epoch 17" in found.against[0].measured.en


def test_it_explains_a_curve_that_does_not_move_whenever_the_restart_was():
    assert stale_scheduler(run(OLD), level()).explains == ("plateau",)
    assert stale_scheduler(run([0.02] * 10 + [0.0] * 8), level("lr_zero")).standing == "possible"


@pytest.mark.parametrize("rates", [NEW, ANEW])
def test_the_rates_of_the_config_rule_it_out_wherever_they_began(rates):
    found = stale_scheduler(run(rates), fell())
    assert found.standing == "ruled-out"
    assert found.against[0].means is not None


def test_without_a_logged_rate_or_a_schedule_it_says_what_is_missing():
    found = stale_scheduler(run(None), fell())
    assert found.standing == "possible"
    assert "learning rate" in found.missing[0].en
    unknown = {**EDITED, "param_scheduler": [{"type": "MyLR"}]}
    assert stale_scheduler(run(OLD, config=unknown), fell()).missing


def test_no_opinion_without_a_restart_a_symptom_or_anything_to_compare():
    assert stale_scheduler(run(OLD, resumed=False), fell()) is None
    assert stale_scheduler(run(OLD), Checkup()) is None
    assert stale_scheduler(run(OLD, config=None, events=()), fell()) is None
    assert stale_scheduler(run(None), fell(17.0)) is None
