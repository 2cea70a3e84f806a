import pytest

from defib.diagnosis.calm import undecided
from defib.diagnosis.causes.validation_fault import validation_fault
from defib.records import Checkup, Fact, Incident, Point, Symptom
from defib.samples import run_of
from defib.words import same

FALL = [20.0, 40.0, 60.0, 8.0, 9.0]


def incident(epoch=4.0, *symptoms):
    best = Fact(metric="val/top1", value=60.0, at=Point(epoch=epoch - 1))
    return Checkup(
        symptoms=symptoms, incident=Incident(key="val/top1", onset=Point(epoch=epoch), rule="val_collapse", best=best)
    )


def run(before, after, values=FALL):
    """Six training rows an epoch; the evaluation closes each epoch."""
    losses, scores, epochs = [], [], []
    for epoch, score in enumerate(values, start=1):
        for _ in range(6):
            losses.append(before if epoch < 4 else after)
            scores.append(None)
            epochs.append(float(epoch))
        scores[-1] = score
    return run_of({"train/loss": losses, "val/top1": scores}, epochs=epochs)


def test_a_sudden_fall_with_a_calm_training_loss_is_likely():
    found = validation_fault(run(1.0, 0.95), incident())
    assert (found.standing, found.event) == ("likely", True)
    assert "0.95" in found.for_[0].measured.zh


def test_a_training_loss_that_rose_rules_it_out():
    assert validation_fault(run(1.0, 3.0), incident()).standing == "ruled-out"


def test_a_training_loss_of_nan_rules_it_out():
    assert validation_fault(run(1.0, float("nan")), incident()).standing == "ruled-out"


def test_a_loss_that_jumped_between_the_two_evaluations_is_no_calm_one():
    """The epoch that ends with the first bad evaluation was bad already, and says nothing of before."""
    found = run_of(
        {"train/loss": [1.0] * 18 + [3.0] * 12, "val/top1": scores()},
        epochs=[step / 6 for step in range(1, 31)],
    )
    assert validation_fault(found, incident()).standing == "ruled-out"


def test_a_calm_loss_between_the_two_evaluations_stays_calm():
    found = run_of({"train/loss": [1.0] * 30, "val/top1": scores()}, epochs=[step / 6 for step in range(1, 31)])
    assert validation_fault(found, incident()).standing == "likely"


def scores():
    """An evaluation at the end of each epoch of six rows."""
    return [FALL[at // 6] if at % 6 == 5 else None for at in range(30)]


def test_a_jump_of_the_rate_speaks_against_it():
    jump = Symptom(
        rule="lr_jump", metric="train/lr", severity="watch", onset=Point(epoch=4.0), record=3, says=same("x")
    )
    assert validation_fault(run(1.0, 1.0), incident(4.0, jump)).standing == "ruled-out"


def test_no_opinion_on_a_slow_decline():
    assert validation_fault(run(1.0, 1.0, [20.0, 40.0, 60.0, 52.0, 45.0]), incident()) is None


def test_no_opinion_between_calm_and_worse():
    assert validation_fault(run(1.0, 1.3), incident()) is None


@pytest.mark.parametrize("checkup", [Checkup(), incident()])
def test_no_opinion_without_an_incident_or_a_training_loss(checkup):
    assert validation_fault(run_of({"val/top1": FALL}), checkup) is None


def test_a_small_run_logs_few_losses_and_is_judged_by_those_of_some_epochs():
    """Two training rows an epoch: the epochs before the last good evaluation together."""
    epochs = [at / 2 for at in range(1, 13)]
    values = [None, 20.0, None, 40.0, None, 60.0, None, 8.0, None, 9.0, None, 9.0]
    for after, standing in ((0.9, "likely"), (3.0, "ruled-out")):
        found = run_of({"train/loss": [1.0] * 6 + [after] * 6, "val/top1": values}, epochs=epochs)
        assert validation_fault(found, incident()).standing == standing


def test_a_run_that_swung_before_may_have_fallen_by_itself():
    swing = Symptom(rule="oscillation", metric="val/top1", severity="note", onset=Point(epoch=2.0), record=9,
                    says=same("it swings"))  # fmt: skip
    assert validation_fault(run(1.0, 0.95), incident(4.0, swing)).standing == "possible"
    later = Symptom(rule="oscillation", metric="val/top1", severity="note", onset=Point(epoch=4.0), record=30,
                    says=same("it swings"))  # fmt: skip
    assert validation_fault(run(1.0, 0.95), incident(4.0, later)).standing == "likely"


def test_right_after_the_fall_nobody_knows_whether_training_broke():
    """The losses up to the bad evaluation are of before the fall, or may be."""
    at_once = run_of({"train/loss": [1.0] * 24, "val/top1": scores()[:24]}, epochs=[step / 6 for step in range(1, 25)])
    assert undecided(at_once, incident())
    later = run_of({"train/loss": [1.0] * 30, "val/top1": scores()}, epochs=[step / 6 for step in range(1, 31)])
    assert not undecided(later, incident())


def test_nothing_is_waited_for_that_will_not_come():
    slow = [20.0, 40.0, 60.0, 50.0, 40.0]
    assert not undecided(run(1.0, 1.0, slow), incident())
    assert not undecided(run_of({"val/top1": FALL}), incident())  # it logs no loss
    assert not undecided(run(1.0, 1.0), Checkup())
    few = run_of({"train/loss": [1.0] * 4, "val/top1": FALL[:4]})  # too few losses an epoch, however long one waits
    assert not undecided(few, incident())
