import pytest

from defib.diagnosis.causes.optimizer_lost import optimizer_lost
from defib.records import Checkup, Event, Fact, Incident, Place, Point, Segment, Symptom
from defib.samples import run_of, wobble
from defib.words import same

CALM = [1.0 + 0.01 * wobble(2, epoch) for epoch in range(10)]
JUMPS = [*CALM, 3.0, 2.8, 2.6, 2.4, 2.2, 1.4, 1.0, 1.0, 1.0, 1.0]
STAYS_UP = [*CALM, *[3.0] * 10]
GOES_ON = [*CALM, *[0.98] * 10]
ADAM = {"optim_wrapper": {"optimizer": {"type": "AdamW", "lr": 0.001}}}
KEEPS_NONE = {**ADAM, "default_hooks": {"checkpoint": {"type": "CheckpointHook", "save_optimizer": False}}}
SGD = {"optim_wrapper": {"optimizer": {"type": "SGD", "lr": 0.001}}}


def event(kind, text="x"):
    return Event(kind=kind, text=text, record=20, place=Place(file="b.log", line=4))


LOADED = event("loaded", "Load checkpoint from epoch_10.pth")
RESUMED = event("resumed", "resumed epoch: 10, iter: 300")
LOST = event("optimizer-lost", "no optimizer state in the checkpoint")


def opinion(losses, *events, config=ADAM, resumed=True, onset=11.0):
    segments = (
        Segment(start=Point(epoch=1.0, step=30), record=0, file="a.json"),
        Segment(start=Point(epoch=11.0, step=330), record=20, file="b.json", resumed=resumed),
    )
    curves = {"train/loss": losses, "val/top1": [60.0] * 10 + [8.0] * 10}
    run = run_of(curves, config=config, segments=segments, events=events)
    best = Fact(metric="val/top1", value=60.0, at=Point(epoch=10.0))
    symptom = Symptom(rule="val_collapse", metric="val/top1", severity="act", onset=Point(epoch=onset), record=21,
                      fall=True, says=same("it fell"))  # fmt: skip
    incident = Incident(key="val/top1", onset=Point(epoch=onset), rule="val_collapse", best=best)
    return optimizer_lost(run, Checkup(symptoms=(symptom,), incident=incident))


@pytest.mark.parametrize("events", [(LOST,), (LOADED,), (RESUMED, LOST)])
def test_what_the_console_says_is_likely_when_the_loss_jumps(events):
    found = opinion(JUMPS, *events)
    assert (found.standing, found.event) == ("likely", True)
    assert found.for_[0].facts[0].place.line == 4


def test_checkpoints_without_an_optimizer_are_likely():
    found = opinion(JUMPS, config=KEEPS_NONE)
    assert found.standing == "likely"
    assert "save_optimizer = False" in found.for_[0].measured.en


def test_a_jump_that_heals_is_told_with_its_end_and_is_only_possible_by_itself():
    found = opinion(JUMPS)
    assert found.standing == "possible"
    assert "by epoch 17 it was back at 1" in found.for_[0].measured.en
    assert "console log" in found.missing[0].en


def test_a_loss_that_stays_up_fits_less_well():
    assert "back at" not in opinion(STAYS_UP, LOST).for_[1].measured.en


@pytest.mark.parametrize("events", [(LOADED,), (LOST,), (RESUMED,), ()])
def test_a_loss_that_goes_on_as_before_rules_it_out(events):
    assert opinion(GOES_ON, *events).standing == "ruled-out"


def test_a_full_resume_makes_it_less_likely():
    assert opinion(JUMPS, RESUMED).standing == "possible"


def test_plain_sgd_has_nothing_to_lose():
    assert opinion(JUMPS, LOADED, config=SGD).standing == "ruled-out"


def test_without_a_loss_it_says_so():
    found = opinion([1.0] * 3, LOST)
    assert "training loss" in found.missing[0].en


def test_a_small_rise_within_the_scatter_is_no_jump():
    noisy = [1.0 + 0.5 * wobble(2, epoch) for epoch in range(10)]
    assert len(opinion([*noisy, *[1.3] * 10], LOST).for_) == 1


def test_no_opinion_without_a_restart_before_the_fall():
    assert opinion(JUMPS, LOADED, resumed=False) is None
    assert opinion(JUMPS, LOADED, onset=17.0) is None
    assert opinion(JUMPS, LOADED, onset=5.0) is None
