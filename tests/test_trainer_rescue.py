"""A run of defib's own trainer whose log says that it collapsed is rescued by commands alone, up to training again.

The training and its checkpoints are real, and small; the collapse in the log is made up.
"""

from __future__ import annotations

import json

import pytest
import safetensors.torch
import torch

from defib.action.training import recipe
from typed import typed

TABLE = ((1, 7.85, 7.84, 4.93), (7, 46.43, 55.72, 19.89), (8, 35.40, 49.47, 11.52), (10, 56.13, 65.04, 15.06),
         (11, 57.45, 66.73, 16.06), (12, 32.64, 41.24, 13.88), (13, 27.69, 39.49, 10.86))  # fmt: skip
"""The seed's own: epoch, fused, RGB, pose."""
SCORES = (20, 34, 44, 50, 53, 55, 56, 57, 56.5, 57.2, 11, 10.5, 10)
"""Fused, per cent; the fall is at epoch 11."""
LAST_GOOD, STEPS = 10, 6


def lines():
    """Steps and evaluations; the loss jumps within the epoch that ends with the first bad evaluation."""
    for epoch, fused in enumerate(SCORES, 1):
        bad = epoch > LAST_GOOD
        for step in range(1, STEPS + 1):
            values = {"train/loss": 4.4 if bad else 4 / epoch**0.5, "train/lr": 0.003, "train/grad_norm": 3.0}
            yield "train", (epoch - 1) * STEPS + step, epoch - 1 + step / STEPS, values
        scores = {"val/top1/fused": fused, "val/top1/rgb": 0.9 * fused, "val/top1/pose": 8.0 if bad else 0.95 * fused}
        yield "val", epoch * STEPS, epoch, {**scores, "val/loss": 5.0 if bad else 2.0}


@pytest.fixture(scope="module")
def collapsed(tmp_path_factory):
    """A trained folder; its log goes on to a collapse, its last checkpoint is of the epoch before."""
    folder = tmp_path_factory.mktemp("rescue") / "run"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COLUMNS", "300")
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        words = ("data.train=60", "data.val=30", f"train.max_epochs={LAST_GOOD}")
        assert typed("train", "synth_micro", *words, f"work_dir={folder}") == 0
        log = folder / "metrics.jsonl"
        kept = [line for line in log.read_text().splitlines() if json.loads(line)["kind"] not in {"train", "val"}]
        made = [
            {"kind": kind, "step": step, "epoch": epoch, "time": 1.79e9 + step, "values": values}
            for kind, step, epoch, values in lines()
        ]
        log.write_text("".join(f"{line}\n" for line in [kept[0], *map(json.dumps, made)]))
        yield folder


def test_the_rescue_trains_on_from_the_best_checkpoint_elsewhere_and_once(collapsed, monkeypatch, capsys):
    monkeypatch.chdir(collapsed.parent)
    original = (collapsed / "recipe.json").read_bytes()
    assert typed("rescue", collapsed, "--lang", "en") == 1  # something is wrong with the run
    shown = capsys.readouterr().out
    assert "training itself got worse" in shown  # the validation is not to blame
    plan = json.loads((collapsed / "recipe_rescue.json").read_text())
    assert (collapsed / "recipe.json").read_bytes() == original
    assert plan["work_dir"] != str(collapsed)
    assert plan["resume"] is False
    assert plan["load_from"] in (
        str(collapsed / "best"),
        str(collapsed / "last"),
    )  # averaged weights first, where there are any
    assert f"defib train {collapsed}/recipe_rescue.json" in shown.replace("\n", "")
    again = (collapsed / "recipe_rescue.json", "train.max_epochs=1")
    assert typed("train", *again, "--lang", "en") == 0
    trained = collapsed.parent / plan["work_dir"]
    assert "before the first step" in (trained / "metrics.jsonl").read_text()
    first = safetensors.torch.load_file(collapsed / "last" / "weights.safetensors")
    last = safetensors.torch.load_file(trained / "last" / "weights.safetensors")
    assert first.keys() == last.keys()
    assert any(not torch.equal(first[name], last[name]) for name in first)
    capsys.readouterr()
    assert typed("train", *again, "--lang", "en") == 2  # a second one does not train over the first
    assert "holds a training already" in capsys.readouterr().err


def test_the_seeds_settings_before_the_crash_become_those_of_its_rescue(tmp_path):
    rows = [{"kind": "start", "format": 1, "time": 1.79e9, "gpus": 2, "distributed": True, "config": "recipe.yaml"}]
    for epoch, *scores in TABLE:
        values = {f"val/top1/{branch}": score for branch, score in zip(("fused", "rgb", "pose"), scores, strict=True)}
        moment = {"step": 100 * epoch, "epoch": float(epoch), "time": 1.79e9 + 810 * epoch}
        rows.append({"kind": "val", **moment, "values": values})
    (tmp_path / "metrics.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    source = recipe.FOLDER / "ntu60_pcan_aggressive.yaml"
    config = tmp_path / "recipe.yaml"
    config.write_bytes(source.read_bytes())
    words = ("--config", config, "--profile", "conservative", "--gpus", 2, "--lang", "en")
    assert typed("rescue", tmp_path, *words) == 1
    new = recipe.to_builtins(recipe.read(str(tmp_path / "recipe_rescue.yaml")))
    wanted = recipe.to_builtins(recipe.read("ntu60_pcan"))
    for other in ("work_dir", "load_from"):  # the start is a file that nobody saw
        assert new.pop(other) != wanted.pop(other)
    assert new == wanted
