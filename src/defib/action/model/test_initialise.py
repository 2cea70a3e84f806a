"""Checkpoints are read as data, translated, counted, and refused where they fill too little."""

import pickle

import pytest
import safetensors.torch
import torch

from defib.action.errors.model import WeightsMisfit, WeightsUnreadable
from defib.action.model.initialise import initialise, weights_of
from defib.action.model.test_rgbpose import small


def saved(path, state, inside="state_dict"):
    torch.save({inside: state, "meta": {"epoch": 3}}, path)
    return path


def alone(stream):
    """A single-stream checkpoint under mmaction2's names."""
    torch.manual_seed(9)
    state = small(streams=(stream,)).state_dict()
    return {
        name.replace(f"backbone.{stream}_path.", "backbone.").replace(
            f"cls_head.fc_{stream}.", "cls_head.fc_cls."
        ): value
        for name, value in state.items()
    }


def test_a_whole_checkpoint_fills_everything(tmp_path):
    torch.manual_seed(4)
    other = small()
    for value in other.state_dict().values():
        value.add_(1)
    model = small()
    found = initialise(model, saved(tmp_path / "a.pth", other.state_dict()))
    assert (found.share, found.missing, found.unexpected, found.resized) == (1.0, (), (), ())
    assert all(torch.equal(value, other.state_dict()[name]) for name, value in model.state_dict().items())


@pytest.mark.parametrize("stream", ["rgb", "pose"])
def test_single_streams_of_mmaction2_load_unchanged(stream, tmp_path):
    state = alone(stream)
    model = small(streams=(stream,))
    assert "cls_head.fc_cls.weight" in state
    assert initialise(model, saved(tmp_path / "a.pth", state)).share == 1.0
    assert torch.equal(model.state_dict()[f"cls_head.fc_{stream}.weight"], state["cls_head.fc_cls.weight"])


def test_a_wrong_prefix_is_refused_and_nothing_is_filled(tmp_path):
    model = small()
    before = {name: value.clone() for name, value in model.state_dict().items()}
    path = saved(tmp_path / "a.pth", {f"student.{name}": value + 1 for name, value in before.items()})
    with pytest.raises(WeightsMisfit) as refused:
        initialise(model, path)
    assert "0 of" in refused.value.words.en
    assert "student.backbone" in refused.value.words.zh
    assert all(torch.equal(value, before[name]) for name, value in model.state_dict().items())
    found = initialise(model, path, least=0)
    assert (len(found.loaded), found.share) == (0, 0)


def test_other_sizes_are_counted_by_name(tmp_path):
    state = small().state_dict()
    state["cls_head.fc_rgb.weight"] = torch.zeros(7, 256)
    state["extra"] = torch.zeros(1)
    del state["cls_head.fc_pose.bias"]
    found = initialise(small(), saved(tmp_path / "a.pth", state))
    assert found.resized == (("cls_head.fc_rgb.weight", (7, 256), (3, 256)),)
    assert (found.missing, found.unexpected) == (("cls_head.fc_pose.bias",), ("extra",))


@pytest.mark.parametrize("inside", ["state_dict", "model", "ema_state_dict"])
def test_weights_are_found_where_trainers_keep_them(inside, tmp_path):
    state = {f"module.{name}": value for name, value in small().state_dict().items()}
    assert initialise(small(), saved(tmp_path / "a.pth", state, inside)).share == 1.0


def test_safetensors_are_read(tmp_path):
    safetensors.torch.save_file(small().state_dict(), tmp_path / "a.safetensors")
    assert initialise(small(), tmp_path / "a.safetensors").share == 1.0


class Bomb:
    def __reduce__(self):
        return print, ("executed",)


def test_a_pickle_that_would_run_something_is_refused(tmp_path, capsys):
    (tmp_path / "a.pth").write_bytes(pickle.dumps({"state_dict": Bomb()}))
    torch.save({"state_dict": Bomb()}, tmp_path / "b.pth")
    for name in ("a.pth", "b.pth"):
        with pytest.raises(WeightsUnreadable):
            weights_of(tmp_path / name)
    assert "executed" not in capsys.readouterr().out


@pytest.mark.parametrize("name", ["a.pth", "a.safetensors", "missing.pth"])
def test_what_is_no_checkpoint_is_refused(name, tmp_path):
    if not name.startswith("missing"):
        (tmp_path / name).write_bytes(b"not a checkpoint")
    with pytest.raises(WeightsUnreadable, match=name):
        weights_of(tmp_path / name)
    torch.save({"epoch": 3}, tmp_path / "b.pth")
    with pytest.raises(WeightsUnreadable, match="no tensors"):
        weights_of(tmp_path / "b.pth")
