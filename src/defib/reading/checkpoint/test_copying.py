import pickle
import tracemalloc
import zipfile
from collections import OrderedDict

import numpy as np
import pytest

from defib.reading.checkpoint import inspect, write_weights, writing

torch = pytest.importorskip("torch")


def names(folder):
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture
def folder(tmp_path):
    """A folder in which nothing half-written may be left."""
    yield tmp_path
    assert not [name for name in names(tmp_path) if name.endswith(".part")]


def saved(path, weights, **others):
    torch.save({"state_dict": weights, **others}, path)
    return path


def loaded(path):
    return torch.load(path, weights_only=True)


def raw_bytes(tensor):
    return bytes(tensor.detach().contiguous().view(-1).view(torch.uint8).numpy()) if tensor.numel() else b""


# Their own deprecations on import and in training are theirs.
@pytest.mark.filterwarnings("ignore")
def test_a_full_mmengine_checkpoint_is_refused_by_torch_and_its_copy_is_loaded_by_both(folder):
    pytest.importorskip("mmengine")
    from mmengine.logging import MessageHub
    from mmengine.runner import load_checkpoint

    model = torch.nn.Sequential(torch.nn.Conv2d(3, 4, 3), torch.nn.BatchNorm2d(4))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
    model(torch.ones(2, 3, 5, 5)).sum().backward()
    optimizer.step()
    hub = MessageHub.get_instance("checkpoint-test")
    hub.update_scalar("train/loss", np.float64(0.5))
    hub.update_info("iter", 4400)
    source = saved(
        folder / "epoch_11.pth",
        model.state_dict(),
        meta={"epoch": 11, "iter": 4400, "cfg": "lr = 1", "dataset_meta": {"classes": ("a", "b")}},
        message_hub=hub.state_dict(),
        optimizer=optimizer.state_dict(),
        param_schedulers=[],
    )
    before = source.read_bytes()
    with pytest.raises(pickle.UnpicklingError, match=r"Unsupported global|Weights only load failed"):
        loaded(source)
    record = inspect(source, thorough=True)
    assert (record.state, record.full, record.epoch, record.step) == ("ready", True, 11.0, 4400)

    target = write_weights(source, folder / "epoch_11.weights.pth")

    assert source.read_bytes() == before
    copy = loaded(target)
    assert copy["meta"] == {"epoch": 11, "iter": 4400}
    assert type(copy["state_dict"]) is OrderedDict
    assert list(copy["state_dict"]) == list(model.state_dict())
    other = torch.nn.Sequential(torch.nn.Conv2d(3, 4, 3), torch.nn.BatchNorm2d(4))
    load_checkpoint(other, str(target), map_location="cpu", strict=True)  # strict: every key must match
    for name, value in model.state_dict().items():
        assert torch.equal(value, other.state_dict()[name])
    again = inspect(target, thorough=True)
    assert (again.state, again.full, again.epoch, again.step) == ("ready", False, 11.0, 4400)


DTYPES = [
    *(torch.float32, torch.float16, torch.bfloat16, torch.float64, torch.int8, torch.int16, torch.int32, torch.int64),
    *(torch.uint8, torch.bool, torch.complex64, torch.complex128, torch.uint16, torch.uint32, torch.uint64),
    *(torch.float8_e4m3fn, torch.float8_e5m2),
]


@pytest.mark.parametrize("dtype", DTYPES, ids=str)
def test_every_dtype_keeps_its_bytes(folder, dtype):
    value = torch.tensor([0, 1, 1, 0, 1]).to(dtype)
    copy = loaded(write_weights(saved(folder / "a.pth", {"w": value}), folder / "b.pth"))["state_dict"]["w"]
    assert copy.dtype == dtype
    assert raw_bytes(copy) == raw_bytes(value)


def test_shapes_strides_offsets_and_shared_storages_are_kept(folder):
    base = torch.arange(24.0)
    weights = OrderedDict(
        base=base,
        transposed=base.view(4, 6).t(),
        strided=base[3::5],
        expanded=torch.ones(1).expand(7),
        permuted=torch.randn(2, 3, 4).permute(2, 0, 1),
        channels_last=torch.randn(2, 3, 4, 5).to(memory_format=torch.channels_last),
        scalar=torch.tensor(3.5),
        empty=torch.empty(0, 3),
        nothing=torch.empty(0, dtype=torch.int64),
        parameter=torch.nn.Parameter(torch.randn(3)),
        frozen=torch.nn.Parameter(torch.randn(3), requires_grad=False),
        grown=torch.ones(2, requires_grad=True),
    )
    weights["名称.weight"] = torch.ones(1)
    weights["epoch"] = 3
    weights["scale"] = 0.5
    copy = loaded(write_weights(saved(folder / "a.pth", weights), folder / "b.pth"))["state_dict"]
    assert list(copy) == list(weights)
    for name, value in weights.items():
        if not isinstance(value, torch.Tensor):
            assert copy[name] == value
            continue
        assert torch.equal(copy[name], value), name
        assert copy[name].stride() == value.stride(), name
        assert copy[name].storage_offset() == value.storage_offset(), name
        assert copy[name].requires_grad == value.requires_grad, name
        assert type(copy[name]) is type(value), name
    copy["base"][0] = 99.0
    assert copy["transposed"][0, 0] == 99.0
    assert copy["base"].untyped_storage().data_ptr() == copy["strided"].untyped_storage().data_ptr()


def test_python_attributes_of_tensors_stay_behind_and_their_values_do_not(folder):
    tensor, parameter = torch.ones(2), torch.nn.Parameter(torch.zeros(2))
    tensor.note, parameter.no_weight_decay = "x", object
    copy = loaded(write_weights(saved(folder / "a.pth", {"t": tensor, "p": parameter}), folder / "b.pth"))["state_dict"]
    assert torch.equal(copy["t"], tensor)
    assert torch.equal(copy["p"], parameter)


def test_the_copy_can_be_memory_mapped_and_its_values_are_aligned(folder):
    target = write_weights(saved(folder / "a.pth", {"a": torch.ones(3), "b": torch.ones(5)}), folder / "b.pth")
    weights = torch.load(target, weights_only=True, mmap=True)["state_dict"]
    assert torch.equal(weights["b"], torch.ones(5))
    data = target.read_bytes()
    assert data.index(np.ones(3, dtype="<f4").tobytes()) % 64 == 0
    assert zipfile.ZipFile(target).testzip() is None


@pytest.mark.parametrize("key", ["model", "model_state_dict", None])
def test_weights_are_taken_from_where_they_are_and_put_where_mmengine_looks(folder, key):
    weights = {"w": torch.randn(3)}
    torch.save({key: weights, "epoch": 3} if key else weights, folder / "a.pt")
    assert torch.equal(loaded(write_weights(folder / "a.pt", folder / "b.pth"))["state_dict"]["w"], weights["w"])


def test_progress_reaches_its_total(folder):
    seen = []
    weights = {"a": torch.ones(2_500_000), "b": torch.ones(5)}
    write_weights(saved(folder / "a.pth", weights), folder / "b.pth", progress=lambda *both: seen.append(both))
    assert seen[-1] == (10_000_020, 10_000_020)
    assert seen == sorted(seen)
    assert len(seen) > 2


def test_equal_sources_make_equal_files_and_a_copy_of_ours_is_replaced(folder):
    source = saved(folder / "a.pth", {"w": torch.ones(3)})
    first = write_weights(source, folder / "b.pth").read_bytes()
    assert write_weights(source, folder / "b.pth").read_bytes() == first
    saved(source, {"w": torch.zeros(3)})
    assert not loaded(write_weights(source, folder / "b.pth"))["state_dict"]["w"].any()


def test_a_large_checkpoint_needs_little_memory(folder):
    source = saved(folder / "a.pth", {"w": torch.zeros(25_000_000)})  # 100 MB
    tracemalloc.start()
    try:
        write_weights(source, folder / "b.pth")
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 32 * 2**20
    assert (folder / "b.pth").stat().st_size > 100_000_000


def test_large_entries_are_written_in_64_bits(folder, monkeypatch):
    monkeypatch.setattr(writing, "_LARGE", 100)
    target = write_weights(saved(folder / "a.pth", {"w": torch.arange(100.0), "v": torch.ones(2)}), folder / "b.pth")
    assert torch.equal(loaded(target)["state_dict"]["w"], torch.arange(100.0))
    assert target.read_bytes().index(np.arange(100, dtype="<f4").tobytes()) % 64 == 0
    assert inspect(target, thorough=True).state == "ready"
