"""What looks like a fault and is none: no rule may say more than a note."""

import math

import pytest

from defib.health import check
from defib.samples import rising, run_of, wobble

EPOCHS = 40


def course(top1, *, loss=None, lr=None, train=None):
    curves = {
        "train/loss": loss or [2.5 * math.exp(-epoch / 8) + 0.3 + 0.03 * wobble(9, epoch) for epoch in range(EPOCHS)],
        "train/lr": lr or [0.01] * EPOCHS,
        "val/top1": top1,
    }
    if train:
        curves["train/top1"] = train
    return run_of(curves, classes=20)


def learned(noise=0.5, top=80.0):
    return [rising(epoch, top) + noise * wobble(2, epoch) for epoch in range(EPOCHS)]


def noisy():
    return course(learned(noise=5.0, top=60.0), train=[rising(epoch, 98.0) for epoch in range(EPOCHS)])


def step_decay():
    return course(
        [rising(epoch, 65.0) + (8.0 if epoch >= 25 else 2.5 * wobble(1, epoch)) for epoch in range(EPOCHS)],
        lr=[0.01 if epoch < 25 else 0.001 for epoch in range(EPOCHS)],
    )


def warm_restarts():
    rate = [0.5 * (1 + math.cos(math.pi * (epoch % 10) / 10)) for epoch in range(EPOCHS)]
    cost = [0.0 if epoch < 10 else 0.25 * rate[epoch] for epoch in range(EPOCHS)]
    return course(
        [value * (1 - lost) for value, lost in zip(learned(), cost, strict=True)],
        lr=[0.0001 + 0.01 * one for one in rate],
    )


def unfreezing():
    curve = [0.6 * rising(epoch, 80.0) if epoch < 12 else rising(epoch - 8, 80.0) for epoch in range(EPOCHS)]
    return course([*curve[:12], curve[11] * 0.9, *curve[13:]], lr=[0.01] * 12 + [0.001] * (EPOCHS - 12))


def mixing_switched_off():
    loss = [
        2.0 * math.exp(-epoch / 8) + (1.2 if epoch < 32 else 0.5) + 0.03 * wobble(3, epoch) for epoch in range(EPOCHS)
    ]
    return course(
        [value + (2.0 if epoch >= 34 else -1.5 if epoch >= 32 else 0.0) for epoch, value in enumerate(learned())],
        loss=loss,
    )


def slow_late_decline():
    return course([value - max(0, epoch - 22) * 0.2 for epoch, value in enumerate(learned())])


def mixed_accuracies():
    return course(learned(top=78.0), train=[rising(epoch, 99.0) - 1.5 for epoch in range(EPOCHS)])


def restarted_from_the_last_checkpoint():
    return course([*learned()[:20], *learned()[17:37]])


@pytest.mark.parametrize(
    "made",
    [
        noisy,
        step_decay,
        warm_restarts,
        unfreezing,
        mixing_switched_off,
        slow_late_decline,
        mixed_accuracies,
        restarted_from_the_last_checkpoint,
    ],
    ids=lambda made: made.__name__,
)
def test_what_looks_like_a_fault_and_is_none(made):
    assert [(one.rule, one.severity) for one in check(made()).symptoms if one.severity != "note"] == []


def test_one_spike_of_the_training_loss_that_recovers_is_no_act():
    loss = [2.5 * math.exp(-epoch / 8) + 0.3 for epoch in range(EPOCHS)]
    loss[20:23] = [12.0, 3.0, 0.9]
    assert "act" not in {one.severity for one in check(course(learned(), loss=loss)).symptoms}


def test_a_dip_of_two_evaluations_that_heals_is_a_watch_and_cleared():
    top1 = learned()
    top1[20:22] = [0.75 * top1[19], 0.8 * top1[19]]
    symptoms = check(course(top1)).symptoms
    assert {(one.rule, one.severity) for one in symptoms if one.severity != "note"} == {("val_collapse", "watch")}
    assert all(one.cleared is not None for one in symptoms)


def test_a_mean_that_falls_because_a_class_begins_to_be_predicted_is_no_act():
    appears = 15
    new = [0.0 if epoch < appears else 0.8 * (1 - math.exp(-(epoch - appears) / 12)) for epoch in range(EPOCHS)]
    known = [rising(epoch, 80.0) for epoch in range(EPOCHS)]
    run = run_of(
        {
            "val/miou": [0.5 * one + 40.0 * two for one, two in zip(known, new, strict=True)],
            "val/fscore": [one if not two else 0.5 * one + 50.0 * two for one, two in zip(known, new, strict=True)],
        }
    )
    assert [one for one in check(run).symptoms if one.severity != "note"] == []


def test_a_branch_that_is_weak_by_nature_is_quiet():
    run = run_of(
        {
            "val/top1/fused": learned(top=82.0),
            "val/top1/rgb": learned(top=80.0),
            "val/top1/pose": learned(top=25.0, noise=0.8),
        },
        classes=20,
    )
    assert [one for one in check(run).symptoms if one.severity != "note"] == []
