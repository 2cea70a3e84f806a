"""A batch that breaks out in every epoch, and outliers that stand anywhere."""

import msgspec
import pytest

from defib.diagnosis.causes.bad_batch import bad_batch
from defib.records import Checkup, Point, Symptom, columns
from defib.records.series import Series
from defib.samples import run_of
from defib.words import same

PER = 20  # steps of an epoch
COUNT = 8 * PER


def losses(*outliers, value=30.0):
    return [value if at in outliers else 2.0 + 0.05 * (at % 7) for at in range(COUNT)]


def opinion(values, *, rule="loss_divergence", shuffle=None):
    rows = [(at + 1, at // PER + 1, value, at, at + 1, 0) for at, value in enumerate(values)]
    series = Series(key="train/loss", metric="train/loss", raw="loss", **columns(rows))
    ends = [(epoch * PER, epoch, 50.0, COUNT + epoch, 1, 0) for epoch in range(1, 9)]
    score = Series(key="val/top1", metric="val/top1", raw="top1", unit="%", better="higher", **columns(ends))
    config = None if shuffle is None else {"train_dataloader": {"sampler": {"shuffle": shuffle}}}
    run = run_of({"val/top1": [1.0]}, config=config, records=2 * COUNT)

    run = msgspec.structs.replace(run, series=(series, score))
    symptom = Symptom(rule=rule, metric="train/loss", severity="act", onset=Point(epoch=2.0), record=9, says=same("x"))
    return bad_batch(run, Checkup(symptoms=(symptom,)))


@pytest.mark.parametrize("value", [30.0, float("nan")])
def test_the_same_place_in_every_epoch_is_likely(value):
    found = opinion(losses(*(epoch * PER + 6 for epoch in range(1, 7)), value=value))
    assert (found.standing, found.explains) == ("likely", ("loss_divergence",))
    assert "iteration 7 of 20" in found.for_[0].measured.en
    assert "names of the samples" in found.missing[0].en


def test_the_last_batch_of_an_epoch_is_only_a_weak_sign():
    found = opinion(losses(*(epoch * PER + PER - 1 for epoch in range(1, 7))))
    assert found.standing == "possible"


def test_outliers_all_over_an_ordered_epoch_rule_it_out():
    found = opinion(losses(23, 48, 71, 95, 112), shuffle=False)
    assert found.standing == "ruled-out" or found.against
    assert not found.for_


@pytest.mark.parametrize("shuffle", [None, True])
def test_outliers_anywhere_in_a_shuffled_order_say_nothing(shuffle):
    assert opinion(losses(23, 48, 71, 95, 112), shuffle=shuffle) is None


def test_no_opinion_on_a_quiet_curve_one_outlier_or_another_symptom():
    repeated = losses(*(epoch * PER + 6 for epoch in range(1, 7)))
    assert opinion(losses()) is None
    assert opinion(losses(26)) is None
    assert opinion(repeated, rule="overfitting") is None
