import pytest

from defib.diagnosis.causes.warmup_repeated import warmup_repeated
from defib.records import Checkup, Event, Fact, Incident, Place, Point, Segment, Symptom
from defib.samples import run_of
from defib.words import same

WARM = {
    "optim_wrapper": {"optimizer": {"type": "SGD", "lr": 0.1}},
    "param_scheduler": [
        {"type": "LinearLR", "start_factor": 0.1, "begin": 0, "end": 4},
        {"type": "MultiStepLR", "milestones": [6], "gamma": 0.1},
    ],
}
DECAYED = [0.01, 0.04, 0.07, 0.1, 0.1, 0.1, 0.01, 0.01, 0.01, 0.01]
AGAIN = [*DECAYED, 0.002, 0.03, 0.06, 0.1, 0.1]
WENT_ON = [*DECAYED, 0.01, 0.01, 0.01, 0.01, 0.01]
LOADED = Event(kind="loaded", text="Load checkpoint from epoch_10.pth", place=Place(file="b.log", line=3), record=20)
RESUMED = Event(kind="resumed", text="resumed epoch: 10, iter: 300", record=20)


def run(rates, *, config=WARM, resumed=True, events=()):
    segments = (
        Segment(start=Point(epoch=1.0, step=30), record=0, file="a.json"),
        Segment(start=Point(epoch=11.0, step=330), record=20, file="b.json", resumed=resumed),
    )
    curves = {"train/loss": [1.0] * 15, "val/top1": [60.0] * 12 + [8.0] * 3}
    if rates:
        curves["train/lr"] = rates
    return run_of(curves, config=config, segments=segments, events=events)


def fell(epoch=13.0):
    best = Fact(metric="val/top1", value=60.0, at=Point(epoch=epoch - 1))
    symptom = Symptom(rule="val_collapse", metric="val/top1", severity="act", onset=Point(epoch=epoch), record=25,
                      fall=True, says=same("it fell"))  # fmt: skip
    incident = Incident(key="val/top1", onset=Point(epoch=epoch), rule="val_collapse", best=best)
    return Checkup(symptoms=(symptom,), incident=incident)


@pytest.mark.parametrize("config", [WARM, None])
def test_a_rate_that_climbs_from_a_small_value_at_the_restart_is_likely(config):
    found = warmup_repeated(run(AGAIN, config=config), fell())
    assert (found.standing, found.event) == ("likely", True)
    assert found.explains == ("val_collapse",)
    assert "from 0.01 to 0.002 and climbed to 0.1" in found.for_[0].measured.en
    assert [fact.at.epoch for fact in found.for_[0].facts] == [10, 11, 14]


def test_weights_that_were_loaded_and_nothing_resumed_are_told_with_their_line():
    found = warmup_repeated(run(AGAIN, events=(LOADED,)), fell())
    assert found.for_[-1].facts[0].place.line == 3
    both = warmup_repeated(run(AGAIN, events=(LOADED, RESUMED)), fell())
    assert len(both.for_) == len(found.for_) - 1


def test_a_schedule_that_begins_anew_above_a_rate_that_had_decayed_further_is_likely():
    steep = {**WARM, "param_scheduler": [WARM["param_scheduler"][0], {**WARM["param_scheduler"][1], "gamma": 0.05}]}
    rates = [0.01, 0.04, 0.07, 0.1, 0.1, 0.1] + [0.005] * 4 + [0.01, 0.04, 0.07, 0.1, 0.1]
    found = warmup_repeated(run(rates, config=steep), fell())
    assert found.standing == "likely"
    assert "from 0.005 to 0.01 and climbed to 0.1" in found.for_[0].measured.en
    other = [*rates[:10], 0.007, 0.02, 0.03, 0.04, 0.05]
    assert warmup_repeated(run(other, config=steep), fell()) is None


def test_a_rate_that_goes_on_rules_it_out():
    assert warmup_repeated(run(WENT_ON), fell(11.0)).standing == "ruled-out"


def test_a_climb_that_the_config_asks_for_is_ruled_out():
    rates = [0.01] * 10 + [0.002, 0.004, 0.006, 0.008, 0.01]
    lower = {"type": "MultiStepLR", "milestones": [10], "gamma": 0.2}
    climb = {"type": "LinearLR", "start_factor": 1.0, "end_factor": 5.0, "begin": 10, "end": 15}
    config = {"optim_wrapper": {"optimizer": {"type": "SGD", "lr": 0.01}}, "param_scheduler": [lower, climb]}
    assert warmup_repeated(run(rates, config=config), fell()).standing == "ruled-out"


def test_without_a_logged_rate_it_is_possible_and_says_what_is_missing():
    found = warmup_repeated(run(None), fell(11.0))
    assert found.standing == "possible"
    assert "learning rate was not logged" in found.missing[0].en


@pytest.mark.parametrize(
    "rates",
    [
        [*DECAYED, 0.002, 0.002, 0.002, 0.002, 0.002],  # a step down, no climb
        [*DECAYED, 0.002, 0.01, 0.01, 0.01, 0.01],  # one step up is no climb
        [0.01 * epoch for epoch in range(1, 11)] + [0.02, 0.04, 0.06, 0.08, 0.1],  # within the first warm-up
    ],
)
def test_other_rates_are_no_repeated_warm_up(rates):
    assert warmup_repeated(run(rates), fell()) is None


def test_a_staircase_within_the_first_warm_up_is_no_repeated_one():
    stairs = [*[0.001] * 7, *[0.01] * 3, 0.002, 0.03, 0.06, 0.1, 0.1]
    assert warmup_repeated(run(stairs), fell()) is not None
    late = [*[0.001] * 9, 0.01, 0.002, 0.03, 0.06, 0.1, 0.1]
    assert warmup_repeated(run(late), fell()) is None


def test_no_opinion_without_a_restart_an_incident_or_on_a_fall_long_after():
    assert warmup_repeated(run(AGAIN, resumed=False), fell()) is None
    assert warmup_repeated(run(AGAIN), Checkup()) is None
    assert warmup_repeated(run(AGAIN), fell(5.0)) is None
    assert warmup_repeated(run(WENT_ON, config=None), fell(11.0)) is None
