import msgspec
import pytest

from defib.diagnosis.causes.schedule_event import schedule_event
from defib.records import Checkup, Fact, Incident, Point, Segment, Symptom
from defib.samples import run_of
from defib.words import same

FALL = [20.0, 40.0, 60.0, 8.0, 8.0]


def incident(epoch=4.0, **jump):
    symptoms = ()
    if jump:
        facts = tuple(Fact(metric="train/lr", value=value, at=Point(epoch=epoch)) for value in (0.02, 0.5))
        symptoms = (
            Symptom(rule="lr_jump", metric="train/lr", severity="watch", onset=Point(epoch=epoch), record=7, size=25.0,
                    fall=True, says=same("jump"), facts=facts),
        )  # fmt: skip
    best = Fact(metric="val/top1", value=60.0, at=Point(epoch=epoch - 1))
    return Checkup(symptoms=symptoms, incident=Incident(key="val/top1", onset=Point(epoch=epoch), rule="x", best=best))


def steps(*milestones, gamma=25.0, kind="MultiStepLR"):
    return {"param_scheduler": [{"type": kind, "milestones": list(milestones), "gamma": gamma, "by_epoch": True}]}


def run(config=None, rates=None, dialect="mmengine"):
    curves = {"val/top1": FALL} | ({"train/lr": rates} if rates else {})
    return run_of(curves, config=config, dialect=dialect)


def test_a_step_of_the_schedule_at_the_onset_is_likely_and_names_its_factor():
    found = schedule_event(run(steps(3)), incident())
    assert (found.standing, found.event) == ("likely", True)
    assert "25" in found.says.en
    assert "param_scheduler.0.gamma" in found.for_[0].measured.zh


def test_a_logged_jump_is_enough_without_a_config():
    found = schedule_event(run(rates=[0.02, 0.02, 0.02, 0.5, 0.5]), incident(jump=True))
    assert found.standing == "likely"


@pytest.mark.parametrize("milestone", [1, 9])
def test_a_step_elsewhere_explains_nothing(milestone):
    found = schedule_event(run(steps(milestone)), incident())
    assert found.standing == "ruled-out"


def test_a_downward_step_is_no_event():
    assert schedule_event(run(steps(3, gamma=0.1)), incident()).standing == "ruled-out"


def test_a_smooth_logged_rate_rules_it_out():
    assert schedule_event(run(rates=[0.02] * 5), incident()).standing == "ruled-out"


def test_a_resume_at_the_onset_is_possible():
    resumed = msgspec.structs.replace(
        run(),
        segments=(
            Segment(start=Point(epoch=1.0), record=0, file="a.json"),
            Segment(start=Point(epoch=4.0), record=3, file="b.json", resumed=True),
        ),
    )
    assert schedule_event(resumed, incident()).standing == "possible"


def test_what_would_settle_it_is_named_when_no_rate_was_logged():
    assert any("scalars.json" in words.en for words in schedule_event(run(steps(9)), incident()).missing)


def test_no_opinion_without_an_incident_or_without_config_and_rate():
    assert schedule_event(run(steps(3)), Checkup()) is None
    assert schedule_event(run(), incident()) is None


RAMP = {
    "optim": {"lr": 0.02, "type": "sgd"}, "train": {"max_epochs": 5}, "data": {"kind": "micro"},
    "schedule": {"warmup_epochs": 2, "ramp": 400.0},
}  # fmt: skip


def test_a_climb_without_a_jump_is_likely_and_names_the_ramp():
    found = schedule_event(run(RAMP, [0.01, 0.02, 0.02, 0.5, 2.0], "json"), incident())
    assert found.standing == "likely"
    assert "climbed to 100 times all that the run had learned with, around epoch 4" in found.says.en
    assert "学习率已攀升到训练此前所用最高值的 100 倍" in found.says.zh
    measured = " | ".join(one.measured.en for one in found.for_)
    assert "was 0.02 at most up to the best evaluation, and climbed to 2 within an epoch of the onset" in measured
    assert "from epoch 3 on, gradually, up to 400 times (schedule.ramp)" in measured


def test_a_ramp_that_has_not_begun_at_the_onset_explains_nothing():
    late = {**RAMP, "schedule": {"warmup_epochs": 9, "ramp": 400.0}}
    assert schedule_event(run(late, [0.02] * 5, "json"), incident()).standing == "ruled-out"


def test_a_ramp_downwards_is_no_event():
    down = {**RAMP, "schedule": {"warmup_epochs": 2, "ramp": 0.1}}
    assert schedule_event(run(down, [0.02, 0.02, 0.02, 0.015, 0.01], "json"), incident()).standing == "ruled-out"
