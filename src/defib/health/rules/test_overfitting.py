import msgspec
import numpy as np

from defib.health.rules.overfitting import overfitting
from defib.samples import healthy, run_of

TRAIN = [30.0, 60.0, 80.0, 90.0, 95.0, 97.0]


def with_train(run, **fields):
    changed = tuple(msgspec.structs.replace(one, **fields) if one.metric == "train/top1" else one for one in run.series)
    return msgspec.structs.replace(run, series=changed)


def test_fires_at_the_third_evaluation_with_a_gap_and_no_new_best():
    (symptom,) = overfitting(run_of({"train/top1": TRAIN, "val/top1": [28.0, 50.0, 55.0, 54.0, 53.0, 52.0]}))
    assert (symptom.severity, symptom.onset.epoch) == ("watch", 4.0)


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


def test_cannot_look_without_a_training_accuracy():
    assert "train/top1" in overfitting.unseen(healthy()).en
