from defib.health.rules.no_evaluation import no_evaluation
from defib.samples import healthy, run_of

LOSS = [2.0 - 0.05 * epoch for epoch in range(30)]


def test_ten_epochs_without_an_evaluation_are_a_note():
    (symptom,) = no_evaluation(run_of({"train/loss": LOSS}))
    assert (symptom.severity, symptom.onset.epoch, symptom.record) == ("note", 1.0, 10)
    assert "10 轮" in symptom.says.zh


def test_a_late_evaluation_clears_it():
    (symptom,) = no_evaluation(run_of({"train/loss": LOSS, "val/top1": [None] * 19 + [50.0]}))
    assert symptom.cleared.epoch == 21.0


def test_a_run_that_was_resumed_counts_from_where_its_log_begins():
    run = run_of({"train/loss": LOSS[:8]}, epochs=[float(epoch) for epoch in range(41, 49)])
    assert no_evaluation(run) == ()


def test_stays_quiet_on_a_run_that_is_evaluated_every_tenth_epoch():
    assert no_evaluation(run_of({"train/loss": LOSS, "val/top1": [None] * 9 + [50.0]})) == ()


def test_stays_quiet_on_a_short_run():
    assert no_evaluation(run_of({"train/loss": LOSS[:10]})) == ()


def test_a_test_set_is_held_out_too():
    assert no_evaluation(run_of({"train/loss": LOSS, "test/top1": [50.0] * 30})) == ()


def test_stays_quiet_on_a_healthy_run():
    assert no_evaluation(healthy(60)) == ()


def test_cannot_look_without_epochs():
    run = run_of({"train/loss": LOSS}, epochs=[float("nan")] * 30)
    assert "epochs" in no_evaluation.unseen(run).en
