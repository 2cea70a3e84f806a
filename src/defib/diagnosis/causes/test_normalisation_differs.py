import pytest

from defib.diagnosis.causes.normalisation_differs import normalisation_differs
from defib.records import Checkup, Point, Symptom
from defib.samples import run_of
from defib.words import same

LOW = Checkup(
    symptoms=(
        Symptom(rule="never_learned", metric="val/top1", severity="watch", onset=Point(epoch=1.0), record=0,
                says=same("x")),
    )
)  # fmt: skip
USUAL = {"type": "Normalize", "mean": [123.675, 116.28, 103.53], "std": [58.395, 57.12, 57.375], "to_bgr": False}
SHAPE = {"type": "FormatShape", "input_format": "NCTHW"}


def opinion(train, val, checkup=LOW):
    config = {"train_dataloader": {"dataset": {"pipeline": train}}, "val_dataloader": {"dataset": {"pipeline": val}}}
    return normalisation_differs(run_of({"val/top1": [1.0]}, config=config), checkup)


@pytest.mark.parametrize(
    "val",
    [
        [USUAL | {"mean": [0.485, 0.456, 0.406]}, SHAPE],
        [USUAL | {"to_bgr": True}, SHAPE],
        [USUAL, SHAPE | {"input_format": "NCHW"}],
        [SHAPE],
    ],
)
def test_pixels_prepared_otherwise_are_likely(val):
    found = opinion([USUAL, SHAPE], val)
    assert (found.standing, found.verdict) == ("likely", "leave-running")
    assert found.missing


def test_both_values_are_said():
    words = opinion([USUAL], [USUAL | {"to_bgr": True}]).for_[0].measured
    for text in ("to_bgr", "False", "True", "val_dataloader.dataset.pipeline.0"):
        assert text in words.en
        assert text in words.zh


@pytest.mark.parametrize(
    "val",
    [
        [USUAL, SHAPE],
        [{"type": "Resize", "scale": [256, 256]}, USUAL, {"type": "ThreeCrop"}, SHAPE],
        [{"type": "Normalize", "mean": USUAL["mean"], "std": USUAL["std"]}, SHAPE],
        [USUAL | {"mean": {"$expression": "mean", "line": 1}}, SHAPE],
    ],
)
def test_the_same_pixels_rule_it_out_whatever_part_is_shown(val):
    assert opinion([{"type": "Flip"}, USUAL, SHAPE], val).standing == "ruled-out"


def test_no_opinion_where_it_explains_nothing_or_a_pipeline_is_unknown():
    assert opinion([USUAL], [SHAPE], checkup=Checkup()) is None
    assert opinion([USUAL], []) is None
    assert opinion([{"type": "Resize"}], [{"type": "Resize"}]) is None
