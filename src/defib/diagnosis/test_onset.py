from defib.diagnosis.onset import at_onset, when
from defib.records import Checkup, Fact, HistoryRow, Incident, Point, Symptom
from defib.words import same


def judged(jump, onset, *evaluations):
    """A rate that jumps at one moment, a fall at another."""
    found = Symptom(rule="lr_jump", metric="train/lr", severity="watch", onset=jump, record=1, says=same("it jumped"))
    best = Fact(metric="val/top1", value=60.0)
    rows = tuple(HistoryRow(epoch=None, step=step, values={}, mark="up", says=same("x")) for step in evaluations)
    incident = Incident(key="val/top1", onset=onset, rule="val_collapse", best=best)
    return Checkup(symptoms=(found,), incident=incident, history=rows)


def test_within_an_epoch_is_at_the_onset():
    assert at_onset(judged(Point(epoch=9.1), Point(epoch=10.0)), "lr_jump")
    assert not at_onset(judged(Point(epoch=8.9), Point(epoch=10.0)), "lr_jump")
    assert not at_onset(judged(Point(epoch=9.1), Point(epoch=10.0)), "loss_spike")


def test_without_epochs_it_is_since_the_evaluation_before():
    assert at_onset(judged(Point(step=4100), Point(step=5000), 3000, 4000, 5000), "lr_jump")
    assert not at_onset(judged(Point(step=3900), Point(step=5000), 3000, 4000, 5000), "lr_jump")


def test_what_cannot_be_compared_is_not_at_the_onset():
    assert not at_onset(judged(Point(step=4100), Point(epoch=5.0)), "lr_jump")
    assert not at_onset(judged(Point(step=4100), Point(step=5000)), "lr_jump")
    assert not at_onset(judged(Point(), Point(step=5000), 4000), "lr_jump")
    assert at_onset(Checkup(), "lr_jump") == ()


def test_a_step_keeps_all_its_digits():
    assert when(Point(step=123_456)).zh == "第 123456 步"
