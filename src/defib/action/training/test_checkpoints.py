"""Checkpoints are whole or not there."""

import resource
import shutil
from contextlib import contextmanager

import pytest
import torch

from defib.action.errors.training import CannotResume, WorkDirUnwritable
from defib.action.training import checkpoints


def write(folder, value, **given):
    checkpoints.save(folder, {"a": torch.full((2,), value)}, {"step": int(value)}, {"seed": 0}, **given)


def test_a_checkpoint_is_read_back(tmp_path):
    write(tmp_path / "last", 1.0, averaged={"a": torch.zeros(2)})
    assert checkpoints.weights_of(tmp_path / "last")["a"].tolist() == [1, 1]
    assert checkpoints.weights_of(tmp_path / "last", checkpoints.AVERAGED)["a"].tolist() == [0, 0]
    assert checkpoints.state_of(tmp_path / "last") == {"step": 1}


def test_the_next_one_replaces_it_and_nothing_else_is_left(tmp_path):
    for value in (1.0, 2.0, 3.0):
        write(tmp_path / "last", value)
    assert [path.name for path in tmp_path.iterdir()] == ["last"]
    assert checkpoints.state_of(tmp_path / "last") == {"step": 3}


@pytest.mark.parametrize("moment", ["half written", "before the first rename", "between the renames"])
def test_a_machine_that_dies_leaves_a_whole_one(moment, tmp_path):
    last = tmp_path / "last"
    write(last, 1.0)
    fresh = tmp_path / ".last.new"
    if moment == "half written":
        fresh.mkdir()
        (fresh / "weights.safetensors").write_bytes(b"half")
    else:
        shutil.copytree(last, fresh)
        if moment == "between the renames":
            last.rename(tmp_path / ".last.old")
    assert checkpoints.state_of(checkpoints.found(last)) == {"step": 1}
    write(last, 2.0)
    assert checkpoints.state_of(checkpoints.found(last)) == {"step": 2}
    assert [path.name for path in tmp_path.iterdir()] == ["last"]


def test_there_may_be_none(tmp_path):
    assert checkpoints.found(tmp_path / "last") is None


@contextmanager
def disk_of(size):
    """No file of this process may grow above so many bytes: what a full disk is to a writer."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize(("weights", "state"), [(4000, 2), (2, 4000)])
def test_a_full_disk_leaves_the_old_one(weights, state, tmp_path):
    last = tmp_path / "last"
    write(last, 1.0)
    with disk_of(4096), pytest.raises(WorkDirUnwritable) as refused:
        checkpoints.save(last, {"a": torch.ones(weights)}, {"step": 2, "held": torch.ones(state)}, {"seed": 0})
    assert "cannot write here" in refused.value.words.en
    assert "resume=true" in refused.value.words.zh
    assert checkpoints.state_of(checkpoints.found(last)) == {"step": 1}
    write(last, 3.0)
    assert checkpoints.state_of(last) == {"step": 3}


def test_what_is_damaged_or_missing_is_refused(tmp_path):
    last = tmp_path / "last"
    write(last, 1.0)
    (last / "state.pt").write_bytes(b"x")
    with pytest.raises(CannotResume, match=r"state\.pt is damaged"):
        checkpoints.state_of(last)
    (last / "weights.safetensors").write_bytes(b"x")
    with pytest.raises(CannotResume, match=r"weights\.safetensors is damaged"):
        checkpoints.weights_of(last)
    (last / "state.pt").unlink()
    with pytest.raises(CannotResume, match=r"state\.pt is not there"):
        checkpoints.state_of(last)
    with pytest.raises(CannotResume, match=r"ema\.safetensors is not there"):
        checkpoints.weights_of(last, checkpoints.AVERAGED)
