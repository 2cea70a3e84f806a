"""Trackers see what the log holds: tried with TensorBoard, which writes without an account."""

import numpy as np
import pytest

import defib
from defib.action.errors.training import BadValue
from defib.action.training.tracking import LOGGER_TYPE_TO_CLASS, get_available_trackers
from typed import typed

SMALL = ("data.train=60", "data.val=30", "train.max_epochs=2")


def test_tensorboard_is_told_what_the_log_holds(tmp_path):
    assert typed("train", "synth_micro", *SMALL, "trackers=[tensorboard]", f"work_dir={tmp_path}") == 0
    logged = defib.open_run(tmp_path / "metrics.jsonl")
    tracked = defib.open_run(tmp_path / "defib")
    for key in ("train/loss", "train/lr", "train/grad_norm", "val/top1/fused", "val/top1/rgb", "val/top1/pose"):
        mine, theirs = logged.get(key), tracked.get(key)
        assert len(theirs.value) >= 2, key
        after = np.isin(mine.step, theirs.step)
        assert theirs.step.tolist() == mine.step[after].tolist(), key
        assert np.allclose(mine.value[after], theirs.value, rtol=1e-6), key


def test_a_run_with_both_logs_counts_nothing_twice(tmp_path):
    assert typed("train", "synth_micro", *SMALL, "trackers=[tensorboard]", f"work_dir={tmp_path}") == 0
    both, logged = defib.open_run(tmp_path), defib.open_run(tmp_path / "metrics.jsonl")
    assert both.get("val/top1/fused").value.tolist() == logged.get("val/top1/fused").value.tolist()
    assert both.get("train/loss").value.tolist() == logged.get("train/loss").value.tolist()


@pytest.mark.parametrize(
    ("name", "package"), [("wandb", "wandb"), ("swanlab", "swanlab"), ("mlflow", "mlflow"), ("comet_ml", "comet-ml")]
)
def test_a_tracker_that_is_not_installed_is_named_and_nothing_trains(name, package, tmp_path, capsys):
    assert name in LOGGER_TYPE_TO_CLASS
    if name in [str(one) for one in get_available_trackers()]:
        pytest.skip(f"{name} is installed")
    for language, said in (
        ("en", f"{package} is not installed here: pip install {package}"),
        ("zh", f"这里没有安装 {package}"),
    ):
        words = ("train", "synth_micro", *SMALL, f"trackers=[{name}]", f"work_dir={tmp_path}/run", "--lang", language)
        assert typed(*words) == BadValue.exit_code
        shown = capsys.readouterr().err
        assert said in shown
    assert not (tmp_path / "run" / "metrics.jsonl").exists()


@pytest.mark.parametrize(
    ("language", "said"), [("en", "there is no tracker tensorbord; there are"), ("zh", "没有 tensorbord")]
)
def test_a_tracker_that_nobody_knows_is_refused_with_those_that_there_are(language, said, tmp_path, capsys):
    words = ("train", "synth_micro", *SMALL, "trackers=[tensorbord]", f"work_dir={tmp_path}/run", "--lang", language)
    assert typed(*words) == BadValue.exit_code
    shown = capsys.readouterr().err
    assert said in shown
    assert "tensorboard, " in shown
