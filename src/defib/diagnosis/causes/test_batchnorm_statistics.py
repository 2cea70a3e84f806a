import pytest

from defib.diagnosis.causes.batchnorm_statistics import batchnorm_statistics
from defib.records import Checkup, Fact, Incident, Point, Symptom
from defib.samples import run_of
from defib.words import same

FELL = Checkup(
    symptoms=(
        Symptom(rule="val_collapse", metric="val/top1", severity="act", onset=Point(epoch=4.0), record=9,
                fall=True, says=same("x")),
    ),
    incident=Incident(key="val/top1", onset=Point(epoch=4.0), rule="val_collapse",
                      best=Fact(metric="val/top1", value=60.0, at=Point(epoch=3.0))),
)  # fmt: skip


def opinion(batch=2, after=0.95, norm=None, checkup=FELL, scores=(20.0, 40.0, 60.0, 8.0, 9.0), **backbone):
    """Six training rows an epoch; the evaluation closes each epoch."""
    losses, values, epochs = [], [], []
    for epoch, score in enumerate(scores, start=1):
        losses += [1.0 if epoch < 4 else after] * 6
        values += [None] * 5 + [score]
        epochs += [float(epoch)] * 6
    model = {"backbone": {**({"norm_cfg": {"type": norm}} if norm else {}), **backbone}}
    config = {"train_dataloader": {"batch_size": batch}, "model": model}
    run = run_of({"train/loss": losses, "val/top1": values}, epochs=epochs, config=config)
    return batchnorm_statistics(run, checkup)


@pytest.mark.parametrize("norm", [None, "BN3d"])
def test_tiny_batches_and_a_calm_training_loss_are_possible_and_the_probe_is_named(norm):
    found = opinion(norm=norm)
    assert (found.standing, found.verdict) == ("possible", "leave-running")
    assert "PreciseBN" in found.missing[0].zh


@pytest.mark.parametrize(
    "fields", [{"norm": "SyncBN"}, {"norm": "GN"}, {"norm": "LN"}, {"norm_eval": True}, {"after": 3.0}]
)
def test_it_is_ruled_out(fields):
    assert opinion(**fields).standing == "ruled-out"


@pytest.mark.parametrize(
    "fields",
    [
        {"batch": 16},
        {"batch": None},
        {"checkup": Checkup()},
        {"scores": (20.0, 40.0, 60.0, 52.0, 45.0)},
        {"after": 1.3},
    ],
)
def test_no_opinion(fields):
    assert opinion(**fields) is None
