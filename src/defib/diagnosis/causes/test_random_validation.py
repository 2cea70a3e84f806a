import pytest

from defib.diagnosis.causes.random_validation import random_validation
from defib.records import Checkup, Point, Symptom
from defib.samples import run_of
from defib.words import same

SWINGS = Checkup(
    symptoms=(
        Symptom(rule="oscillation", metric="val/top1", severity="watch", onset=Point(epoch=2.0), record=1,
                says=same("x")),
    )
)  # fmt: skip
SAMPLE = {"type": "UniformSampleFrames", "clip_len": 48, "test_mode": True}


def opinion(*steps, checkup=SWINGS, loader="val_dataloader"):
    config = {loader: {"dataset": {"pipeline": list(steps)}}}
    return random_validation(run_of({"val/top1": [1.0]}, config=config), checkup)


@pytest.mark.parametrize(
    "step",
    [{"type": "RandomResizedCrop"}, {"type": "Flip"}, {"type": "Flip", "flip_ratio": 0.5}, {"type": "SampleFrames"}],
)
def test_a_random_transform_in_validation_is_possible(step):
    found = opinion(SAMPLE, step)
    assert (found.standing, found.verdict) == ("possible", "leave-running")
    assert step["type"] in found.for_[0].measured.zh
    assert found.missing


@pytest.mark.parametrize(
    "step",
    [
        {"type": "CenterCrop"},
        {"type": "Flip", "flip_ratio": 0},
        {"type": "Flip", "flip_ratio": 1},
        {"type": "SampleFrames", "test_mode": True},
        {"type": "SampleFrames", "test_mode": {"$expression": "testing", "line": 1}},
    ],
)
def test_a_fixed_pipeline_rules_it_out(step):
    assert opinion(SAMPLE, step).standing == "ruled-out"


def test_no_opinion_on_training_or_where_nothing_swings():
    assert opinion({"type": "Flip"}, loader="train_dataloader") is None
    assert opinion({"type": "Flip"}, checkup=Checkup()) is None
    assert opinion() is None
    assert opinion({"$expression": "flip()", "line": 1}) is None
