"""The real run that comes with defib: mmaction2, two branches, a learning rate that jumped after epoch 9."""

import json
from pathlib import Path

import numpy as np
import pytest

import defib
from defib.reading import read

DEMO = Path(defib.__file__).parent / "demo" / "runs" / "mmaction2-lr-jump"


@pytest.fixture(scope="module")
def demo():
    return read(DEMO)


def test_the_real_run_has_39_training_rows_and_13_evaluations(demo):
    assert demo.framework == "mmengine"
    assert demo.records == 52
    assert len(demo.get("train/loss")) == 39
    assert demo.get("val/top1/fused").epoch.tolist() == list(range(1, 14))


def test_the_real_run_falls_after_epoch_9(demo):
    fused = demo.get("val/top1/fused")
    assert fused.raw == "acc/RGBPose_1:1_top1"
    assert fused.scale == 100.0
    assert fused.value[8:10] == pytest.approx([66.6667, 8.3333], abs=1e-3)
    assert fused.step[8:10].tolist() == [270, 300]
    assert demo.deciding == "val/top1/fused"


def test_the_real_run_trained_at_002_and_then_at_05(demo):
    lr = demo.get("train/lr")
    assert set(lr.value[lr.epoch <= 9].tolist()) == {0.02}
    assert set(lr.value[lr.epoch > 9].tolist()) == {0.5}


def test_the_real_run_is_one_segment_and_nothing_was_guessed(demo):
    (segment,) = demo.segments
    assert not segment.resumed
    assert demo.not_understood == ()


def test_the_real_run_followed_rgb_and_was_started_in_data_mmaction2(demo):
    assert demo.launch.cwd == "/data/mmaction2"
    assert (demo.tracked.raw, demo.tracked.key, demo.tracked.epoch) == ("acc/rgb_top1", "val/top1/rgb", 9.0)
    assert demo.tracked.value == pytest.approx(67.71)
    assert demo.launch.gpus == 1


def test_every_point_of_the_real_run_can_be_shown_in_its_file(demo):
    fused = demo.get("val/top1/fused")
    place = demo.place(fused, 8)
    line = (DEMO / place.file).read_text(encoding="utf-8").split("\n")[place.line - 1]
    assert json.loads(line)["acc/RGBPose_1:1_top1"] * 100 == fused.value[8]


@pytest.mark.parametrize(
    "part",
    [
        "20261122_104320",
        "20261122_104320/vis_data",
        "20261122_104320/vis_data/scalars.json",
        "20261122_104320/vis_data/20261122_104320.json",
        "20261122_104320/20261122_104320.log",
    ],
)
def test_any_part_of_the_work_directory_tells_the_same_curve(demo, part):
    run = read(DEMO / part)
    assert run.get("val/top1/fused").epoch.tolist() == demo.get("val/top1/fused").epoch.tolist()
    assert np.allclose(run.get("val/top1/fused").value, demo.get("val/top1/fused").value, atol=0.01)
