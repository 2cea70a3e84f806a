"""Two processes train as one: the same global batch, the same weights, the same scores. On CPUs, by gloo.

Two GPUs were never tried.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from defib.action.training import checkpoints

PROGRAM = """
import sys
from pathlib import Path
import msgspec, torch
from defib.action.model import LossConfig, ModelConfig, PrototypeConfig
from defib.action.model.test_rgbpose import SMALL
from defib.action.training.test_loop import ALL, Blobs, recipe
from defib.action.training.loop import Trainer

folder, batch = Path(sys.argv[1]), int(sys.argv[2])
folder.mkdir(exist_ok=True, parents=True)
model = ModelConfig(coarse=True, norm="frozen", dropout=0, prototypes=PrototypeConfig(fine_channels=8, coarse_channels=4), **SMALL)
loss = LossConfig(components=ALL, weights=(1, 1.5, 0.5, 1.2), tree=1.0)
trainer = Trainer(recipe(folder, model=model, loss=loss, train__batch=batch, train__ema=None), Blobs(), Blobs(9))
print(trainer.run())
"""


def launched(processes: int, *words: str, well: bool = True, **environment: str) -> subprocess.CompletedProcess[str]:
    """What torchrun starts on CPUs. well: it has to end so."""
    command = [sys.executable, "-m", "torch.distributed.run", "--standalone", f"--nproc-per-node={processes}", *words]
    whole = {**os.environ, "OMP_NUM_THREADS": "1", "CUDA_VISIBLE_DEVICES": "", **environment}
    done = subprocess.run(command, env=whole, capture_output=True, text=True, check=False, timeout=300)
    assert (done.returncode == 0) == well, done.stderr[-3000:]
    return done


def trained(folder: Path, processes: int, *words: str) -> Path:
    program = folder.parent / "program.py"
    program.write_text(PROGRAM)
    source = str(Path(__file__).parent.parent / "src")
    launched(processes, str(program), str(folder), str(8 // processes), *words, PYTHONPATH=source)
    return folder / "run"


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    folder = tmp_path_factory.mktemp("distributed")
    return [trained(folder / str(processes), processes) for processes in (1, 2)]


def test_the_weights_and_prototypes_are_the_same(runs):
    one, two = (checkpoints.weights_of(run / "last") for run in runs)
    assert set(one) == set(two)
    assert any("centres" in name for name in one)
    worst = max(float((one[name].double() - two[name].double()).abs().max()) for name in one)
    assert worst < 1e-5


def held_out(run):
    rows = [json.loads(line) for line in (run / "metrics.jsonl").read_text().splitlines()]
    assert rows[0]["gpus"] in (1, 2)
    return [row["values"] for row in rows if row["kind"] == "val"], [row for row in rows if row["kind"] == "train"]


def test_scores_are_the_same_and_written_once(runs):
    (one, _), (two, _) = (held_out(run) for run in runs)
    assert len(one) == len(two) == 2
    for mine, theirs in zip(one, two, strict=True):
        assert mine.keys() == theirs.keys()
        assert all(mine[name] == pytest.approx(theirs[name], abs=1e-3) for name in mine)


def test_training_accuracy_is_that_of_all_processes(runs):
    (_, one), (_, two) = (held_out(run) for run in runs)
    assert [row["step"] for row in one] == [row["step"] for row in two]
    for mine, theirs in zip(one, two, strict=True):
        assert mine["values"]["train/top1/pose"] == pytest.approx(theirs["values"]["train/top1/pose"])


def test_the_state_holds_the_random_numbers_of_each(runs):
    states = [checkpoints.state_of(run / "last") for run in runs]
    assert [len(state["random"]) for state in states] == [1, 2]
    first, second = (one["torch"] for one in states[1]["random"])
    assert not torch.equal(first, second)


def test_torchrun_of_the_command_speaks_once(tmp_path):
    words = ["-m", "defib", "train", "synth_micro", "data.train=60", "data.val=30", "train.max_epochs=2"]
    where = {"LANG": "C.UTF-8", "XDG_CACHE_HOME": str(tmp_path / "cache")}
    done = launched(2, *words, f"work_dir={tmp_path}/run", "--lang", "en", **where)
    assert done.stdout.count("Training 0.") == 1
    assert "32 clips a step" in done.stdout  # 16 of each process
    assert "cpu x 2" in done.stdout
    assert done.stdout.count("Best val/top1/fused") == 1
    assert "Warning" not in done.stderr
    lines = [json.loads(line) for line in (tmp_path / "run" / "metrics.jsonl").read_text().splitlines()]
    validated = [line["epoch"] for line in lines if line["kind"] == "val"]
    assert validated == sorted(set(validated))
    assert len(validated) == 2  # written by one process alone


def test_norms_that_only_gpus_synchronise_are_refused_on_cpus(tmp_path):
    words = ["-m", "defib", "train", "synth_micro", "data.train=60", "data.val=30", "model.norm=sync"]
    done = launched(2, *words, f"work_dir={tmp_path}/run", "--lang", "en", well=False, LANG="C.UTF-8")
    assert "model.norm=sync: torch synchronises BatchNorm on GPUs only; on CPUs use model.norm=frozen" in done.stderr
    assert "internal error" not in done.stderr
