import msgspec
import numpy as np

from defib.health.rules.overfitting import overfitting
from defib.samples import healthy, run_of, wobble

TRAIN = [30.0, 60.0, 80.0, 90.0, 95.0, 97.0]


def with_train(run, **fields):
    changed = tuple(msgspec.structs.replace(one, **fields) if one.metric == "train/top1" else one for one in run.series)
    return msgspec.structs.replace(run, series=changed)


def test_a_gap_alone_is_a_note_at_the_third_evaluation_without_a_new_best():
    (symptom,) = overfitting(run_of({"train/top1": TRAIN, "val/top1": [28.0, 50.0, 55.0, 54.0, 53.0, 52.0]}))
    assert (symptom.severity, symptom.onset.epoch) == ("note", 4.0)


def test_accuracies_of_single_batches_are_only_a_note():
    run = with_train(run_of({"train/top1": TRAIN, "val/top1": [28.0, 50.0, 55.0, 54.0, 53.0, 52.0]}), single_batch=True)
    assert [one.severity for one in overfitting(run)] == ["note"]


def test_a_claim_without_an_epoch_is_one_weak_note():
    unknown = np.array([np.nan])
    run = with_train(run_of({"val/top1": [50.0, 27.69], "train/top1": [95.0]}), step=unknown, epoch=unknown)
    run = with_train(run, record=np.array([2.0]))
    (symptom,) = overfitting(run)
    assert symptom.severity == "note"
    assert "27.69%" in symptom.says.zh


def test_stays_quiet_on_a_gap_while_validation_still_improves():
    assert overfitting(run_of({"train/top1": TRAIN, "val/top1": [28.0, 40.0, 55.0, 60.0, 65.0, 70.0]})) == ()


def test_stays_quiet_when_training_fell_too():
    assert (
        overfitting(run_of({"train/top1": [60.0, 80.0, 20.0, 18.0, 15.0], "val/top1": [50.0, 60.0, 15.0, 14.0, 12.0]}))
        == ()
    )


def test_stays_quiet_on_a_small_gap():
    assert (
        overfitting(run_of({"train/top1": [60.0, 66.0, 66.0, 66.0, 66.0], "val/top1": [50.0, 60.0, 59.0, 58.0, 58.0]}))
        == ()
    )


def sinking(points, length=24, **curves):
    val = [28.0, 45.0, 55.0, 60.0, 62.0, 62.5, *[62.5 - points * late for late in range(length)]]
    train = [2.0 * 0.85**epoch for epoch in range(len(val))]
    return [
        (one.severity, one.cleared is None)
        for one in overfitting(run_of({"train/loss": train, "val/top1": val, **curves}, classes=10))
    ]


def test_a_score_that_comes_down_while_training_improves_is_a_watch():
    assert sinking(0.6) == [("watch", True)]


def test_stays_quiet_on_a_decline_of_a_few_points():
    assert sinking(0.15) == []


def test_stays_quiet_on_a_score_that_comes_down_while_training_gets_worse():
    assert (
        sinking(
            0.6,
            **{"train/loss": [*[2.0 * 0.7**epoch for epoch in range(6)], *[0.5 + 0.1 * late for late in range(24)]]},
        )
        == []
    )


def test_stays_quiet_on_a_sudden_fall():
    val = [28.0, 45.0, 55.0, 60.0, 62.0, 62.5, 62.4, *[25.0] * 12]
    train = [2.0 * 0.85**epoch for epoch in range(len(val))]
    assert overfitting(run_of({"train/loss": train, "val/top1": val}, classes=10)) == ()


def test_stays_quiet_on_the_noise_of_a_small_validation_set():
    for seed in range(5):
        val = [60.0 * (1 - 0.7**epoch) + 6.0 * wobble(seed, epoch) for epoch in range(60)]
        train = [2.0 * 0.9**epoch for epoch in range(60)]
        assert overfitting(run_of({"train/loss": train, "val/top1": val}, classes=10)) == ()


def by_the_loss(score):
    val = [2.0, 1.5, 1.2, 1.0, 0.95, 0.94, 0.95, *[0.95 + 0.05 * late for late in range(20)]]
    curves = {"train/loss": [2.0 * 0.85**epoch for epoch in range(27)], "val/loss": val, "val/top1": score}
    return [(one.severity, one.metric) for one in overfitting(run_of(curves, classes=10))]


def test_a_held_out_loss_that_rises_while_the_score_stands_is_a_watch():
    assert by_the_loss([28.0, 45.0, 55.0, 58.0, *[60.0] * 23]) == [("watch", "val/loss")]


def test_a_held_out_loss_that_rises_while_the_score_improves_is_a_note():
    assert by_the_loss([28.0, 45.0, 55.0, *[58.0 + epoch for epoch in range(24)]]) == [("note", "val/loss")]


def test_a_gap_is_a_watch_where_the_training_set_is_known_by_heart():
    val = [28.0, 50.0, 66.0, 72.0, 78.0, *[72.0, 75.0, 77.0, 73.0] * 3]
    run = run_of({"train/top1": [50.0, 80.0, 95.0, 99.0, *[100.0] * 13], "val/top1": val})
    assert [one.severity for one in overfitting(run)] == ["note", "watch"]
    not_yet = run_of({"train/top1": [50.0, 80.0, 92.0, *[96.0] * 14], "val/top1": val})
    assert [one.severity for one in overfitting(not_yet)] == ["note"]


def test_stays_quiet_on_what_warm_restarts_cost():
    rates = [1.0 - 0.099 * (epoch % 10) for epoch in range(40)]
    val = [80.0 * (1 - 0.7**epoch) * (1 - (0.3 * rates[epoch] if epoch >= 10 else 0.0)) for epoch in range(40)]
    train = [2.0 * 0.9**epoch for epoch in range(40)]
    assert overfitting(run_of({"train/loss": train, "train/lr": rates, "val/top1": val}, classes=10)) == ()


def test_stays_quiet_on_a_healthy_run():
    assert overfitting(healthy()) == ()


def test_cannot_look_without_a_training_curve():
    assert "neither a training loss" in overfitting.unseen(run_of({"val/top1": [50.0]})).en


def test_a_held_out_loss_that_has_risen_by_half_is_a_watch_once_the_score_stands():
    score = [28.0, 45.0, 55.0, 56.0, 57.0, 58.0, 59.0, 60.0, 62.0, 64.0, *[65.0] * 17]
    assert by_the_loss(score) == [("note", "val/loss"), ("watch", "val/loss")]
