"""Checkpoints as each framework writes them, made up in its own form."""

import argparse
import json
import sys
import types
from pathlib import Path

import pytest

from defib.errors import CheckpointRefused
from defib.reading.checkpoint import inspect, write_weights

torch = pytest.importorskip("torch")

WEIGHTS = {"w": torch.ones(2, 3)}


def saved(tmp_path, name, content):
    torch.save(content, tmp_path / name)
    return inspect(tmp_path / name)


def test_pyslowfast_counts_the_last_epoch_from_zero(tmp_path):
    made = {"epoch": 9, "model_state": WEIGHTS, "optimizer_state": {}, "cfg": "SOLVER: {}"}
    found = saved(tmp_path, "checkpoint_epoch_00010.pyth", made)
    assert (found.state, found.epoch, found.full) == ("ready", 10.0, True)


@pytest.mark.parametrize(("version", "epoch"), [(2, 13.0), (1, 12.0)])
def test_timm_counts_the_last_epoch_from_zero_since_its_second_version(tmp_path, version, epoch):
    made = {"epoch": 12, "arch": "resnet50", "state_dict": WEIGHTS, "optimizer": {}, "version": version, "metric": 71.0}
    found = saved(tmp_path, "model_best.pth.tar", {**made, "args": argparse.Namespace(lr=0.1)})
    assert (found.state, found.epoch, found.full) == ("ready", epoch, True)


def test_detectron2_says_its_iteration_as_its_log_does(tmp_path):
    found = saved(
        tmp_path, "model_0004999.pth", {"model": WEIGHTS, "optimizer": {}, "scheduler": {}, "iteration": 4999}
    )
    assert (found.state, found.epoch, found.step) == ("ready", None, 4999)


@pytest.fixture
def detector(monkeypatch):
    """A model whose class is gone once it is saved, as Ultralytics' is where it is not installed."""
    module = types.ModuleType("made_up_tasks")
    module.Detector = type("Detector", (torch.nn.Linear,), {"__module__": "made_up_tasks"})
    monkeypatch.setitem(sys.modules, "made_up_tasks", module)
    return module.Detector(3, 2)


def test_a_pickled_model_of_ultralytics_is_a_start_and_is_never_taken_apart(tmp_path, detector):
    made = {
        "epoch": 11,
        "best_fitness": 0.4,
        "model": None,
        "ema": detector,
        "optimizer": {},
        "train_args": {"lr0": 0.1},
    }
    found = saved(tmp_path, "best.pt", {**made, "train_metrics": {"metrics/mAP50(B)": 0.5, "fitness": 0.4, "x": "y"}})
    assert (found.state, found.epoch, found.full) == ("ready", 12.0, True)
    assert found.scores == {"metrics/mAP50(B)": 0.5, "fitness": 0.4}
    with pytest.raises(CheckpointRefused, match="pickled"):
        write_weights(tmp_path / "best.pt", tmp_path / "copy.pth")
    assert not (tmp_path / "copy.pth").exists()


def test_a_stripped_one_does_not_say_its_epoch(tmp_path, detector):
    made = {"epoch": -1, "best_fitness": None, "model": detector, "ema": None, "train_args": {}, "train_metrics": None}
    found = saved(tmp_path, "best.pt", made)
    assert (found.state, found.epoch, found.scores) == ("ready", None, None)


def test_another_pickled_model_is_still_refused(tmp_path, detector):
    assert saved(tmp_path, "a.pt", {"epoch": 3, "model": detector}).state == "broken"


def safetensors(path):
    header = json.dumps({"w": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}}).encode()
    path.write_bytes(len(header).to_bytes(8, "little") + header + b"\0" * 4)


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "checkpoint-500"
    made.mkdir()
    safetensors(made / "model.safetensors")
    (made / "optimizer.pt").write_bytes(b"not looked at")
    (made / "trainer_state.json").write_text('{"epoch": 2.5, "global_step": 500, "log_history": []}', encoding="utf-8")
    return made


def test_a_folder_of_the_trainer_says_its_epoch_and_step(folder):
    found = inspect(folder)
    assert (found.state, found.epoch, found.step, found.full) == ("ready", 2.5, 500, False)
    assert found.size == (folder / "model.safetensors").stat().st_size


def test_shards_are_found_by_their_index(folder):
    (folder / "model.safetensors").rename(folder / "model-00001-of-00002.safetensors")
    torch.save(WEIGHTS, folder / "other.bin")
    index = {"weight_map": {"w": "model-00001-of-00002.safetensors", "v": "model-00002-of-00002.safetensors"}}
    (folder / "model.safetensors.index.json").write_text(json.dumps(index), encoding="utf-8")
    missing = inspect(folder)
    assert missing.state == "broken"
    assert "model-00002-of-00002.safetensors" in missing.problem.en
    assert "model-00002-of-00002.safetensors" in missing.problem.zh
    safetensors(folder / "model-00002-of-00002.safetensors")
    assert inspect(folder).state == "ready"


@pytest.mark.parametrize(
    "index",
    ["", "[]", '{"weight_map": {}}', '{"weight_map": {"w": "../../etc/passwd"}}', '{"weight_map": {"w": "a/b"}}'],
)
def test_an_index_that_leads_nowhere_or_elsewhere_is_broken(folder, index):
    (folder / "model.safetensors").unlink()
    (folder / "model.safetensors.index.json").write_text(index, encoding="utf-8")
    found = inspect(folder)
    assert found.state == "broken"
    assert "index" in found.problem.en
    assert "索引" in found.problem.zh


def test_a_folder_whose_weights_are_damaged_or_gone_is_broken(folder):
    data = (folder / "model.safetensors").read_bytes()
    (folder / "model.safetensors").write_bytes(data[:-2])
    assert "model.safetensors" in inspect(folder).problem.en
    (folder / "model.safetensors").unlink()
    assert "without weights" in inspect(folder).problem.en
    assert "没有权重" in inspect(folder).problem.zh


@pytest.mark.parametrize("state", ["", "{", '{"epoch": "two"}', "[1]"])
def test_a_state_that_cannot_be_read_tells_nothing(folder, state):
    (folder / "trainer_state.json").write_text(state, encoding="utf-8")
    found = inspect(folder)
    assert (found.state, found.epoch, found.step) == ("ready", None, None)


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="no file here that nobody can read")
def test_a_state_that_the_disk_does_not_give_leaves_the_weights_ready(folder):
    state = folder / "trainer_state.json"
    state.unlink()
    state.symlink_to("/proc/self/mem")  # its first byte cannot be read, by root neither
    with pytest.raises(OSError, match="error"):
        state.read_bytes()
    for path in (folder, folder / "model.safetensors"):
        found = inspect(path)
        assert (found.state, found.epoch, found.step, found.problem) == ("ready", None, None, None)
