"""Trainings that are watched until one needs a rescue."""

import json

import pytest

pytest.importorskip("torch")

from defib import pipeline
from defib.demo.trainings import Trainings

CURVE = (12, 25, 33, 40, 45, 49, 52, 54, 56, 4, 3, 3)
LOGGED = 6
"""Losses an epoch."""


def text(epochs):
    rows = [
        {
            "epoch": epoch,
            "step": LOGGED * (epoch - 1) + step,
            "lr": 0.01,
            "train_loss": 3.0 / epoch if epoch < 11 else 9.0,
        }
        | ({"val_acc": CURVE[epoch - 1] / 100} if step == LOGGED else {})
        for epoch in range(1, epochs + 1)
        for step in range(1, LOGGED + 1)
    ]
    return "".join(f"{json.dumps(row)}\n" for row in rows)


def watched_until(tmp_path, first, last):
    """A run that has logged `first` epochs, and `last` once it was looked at; then it ends."""
    folder = tmp_path / "a"
    folder.mkdir()
    (folder / "log.jsonl").write_text(text(first))
    looked = []

    def running():
        looked.append(len(looked))
        if len(looked) > 1:
            (folder / "log.jsonl").write_text(text(last))
        return len(looked) < 3

    with Trainings(tmp_path, 0) as trainings:
        trainings.adopt("a", folder, running)
        trainings.stop.set()  # nobody waits for a test
        return trainings.collapsed("a"), len(looked)


def test_a_fall_that_may_be_the_validations_is_given_another_epoch(tmp_path):
    case, looks = watched_until(tmp_path, 10, 12)
    assert case is not None
    assert looks == 2
    assert case.run.series[0].epoch[-1] == 12.0


def test_once_the_run_has_ended_nothing_is_waited_for(tmp_path):
    case, looks = watched_until(tmp_path, 10, 10)
    assert case is not None
    assert looks == 3
    before = pipeline.rescue(case).plan.beforehand[0]
    assert "let it log another epoch and ask again" in before.en
    assert "请等它再记录一轮后重新诊断" in before.zh


def test_a_fall_with_training_behind_it_is_acted_on_at_once(tmp_path):
    case, looks = watched_until(tmp_path, 12, 12)
    assert case is not None
    assert looks == 1
    assert not any("let it log another epoch" in one.en for one in pipeline.rescue(case).plan.beforehand)
