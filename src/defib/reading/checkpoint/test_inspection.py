import io
import os
import pickle
import struct
import zipfile
from collections import OrderedDict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from defib.reading.checkpoint import inspect

torch = pytest.importorskip("torch")


@pytest.fixture
def checkpoint(tmp_path):
    path = tmp_path / "epoch_11.pth"
    weights = OrderedDict(w=torch.arange(6.0).reshape(2, 3), b=torch.ones(3, dtype=torch.int64))
    torch.save({"state_dict": weights, "meta": {"epoch": 11, "iter": 4400}, "optimizer": {"lr": 0.1}}, path)
    return path


def broken(path, expected, **options):
    found = inspect(path, **options)
    assert found.state == "broken"
    assert expected in found.problem.en, found.problem.en
    assert found.problem.zh
    assert "{" not in found.problem.en + found.problem.zh
    return found


def test_a_checkpoint_says_its_epoch_step_and_size(checkpoint):
    found = inspect(checkpoint, thorough=True)
    assert (found.state, found.epoch, found.step, found.problem) == ("ready", 11.0, 4400, None)
    assert found.size == checkpoint.stat().st_size
    assert found.full  # it has an optimizer


@pytest.mark.parametrize("key", ["state_dict", "model", "model_state_dict", None])
def test_the_weights_are_found_where_frameworks_put_them(tmp_path, key):
    weights = torch.nn.Linear(3, 2).state_dict()
    torch.save({key: weights} if key else weights, tmp_path / "a.pt")
    found = inspect(tmp_path / "a.pt")
    assert (found.state, found.full, found.epoch, found.step) == ("ready", False, None, None)


def test_lightning_counts_epochs_from_zero_and_we_from_one(tmp_path):
    weights = {"w": torch.ones(1)}
    saved = {"pytorch-lightning_version": "2.4.0", "epoch": 4, "global_step": 500, "state_dict": weights}
    torch.save(saved, tmp_path / "a.ckpt")
    assert (inspect(tmp_path / "a.ckpt").epoch, inspect(tmp_path / "a.ckpt").step) == (5.0, 500)
    # After the last epoch `epoch` is 5 as well; the progress record tells the two apart.
    saved |= {"epoch": 5, "loops": {"fit_loop": {"epoch_progress": {"current": {"ready": 5, "completed": 5}}}}}
    torch.save(saved, tmp_path / "a.ckpt")
    assert inspect(tmp_path / "a.ckpt").epoch == 5.0


def test_an_epoch_of_unknown_convention_is_not_guessed(tmp_path):
    torch.save({"epoch": 4, "model": {"w": torch.ones(1)}}, tmp_path / "a.pt")
    assert inspect(tmp_path / "a.pt").epoch is None


def test_a_pickle_protocol_that_weights_only_refuses_makes_it_full(tmp_path):
    torch.save({"w": torch.ones(1)}, tmp_path / "a.pt", pickle_protocol=4)
    found = inspect(tmp_path / "a.pt")
    assert (found.state, found.full) == ("ready", True)
    with pytest.warns(UserWarning, match="protocol"), pytest.raises(pickle.UnpicklingError):
        torch.load(tmp_path / "a.pt", weights_only=True)


def test_a_checkpoint_cut_off_anywhere_is_never_ready(tmp_path, checkpoint):
    data = checkpoint.read_bytes()
    path = tmp_path / "cut.pth"
    for end in range(1, len(data), 1):
        path.write_bytes(data[:end])
        assert inspect(path).state == "broken", end
    path.write_bytes(data[: len(data) // 2])
    broken(path, "cut off")


def test_a_cut_off_checkpoint_is_not_taken_for_the_archive_inside_its_values(tmp_path):
    inner = io.BytesIO()
    torch.save({"w": torch.ones(2)}, inner)
    torch.save({"w": torch.frombuffer(bytearray(inner.getvalue()), dtype=torch.uint8)}, tmp_path / "a.pt")
    data = (tmp_path / "a.pt").read_bytes()
    path = tmp_path / "cut.pt"
    path.write_bytes(data[: data.index(inner.getvalue()) + len(inner.getvalue())])
    broken(path, "cut off")


def test_files_that_are_no_checkpoints_are_named(tmp_path):
    for name, data, expected in [
        ("empty.pth", b"", "empty"),
        ("text.pth", "epoch 1 loss 0.5\n中文\n".encode() * 90, "looks like text"),
        ("page.pth", b"\n<!DOCTYPE html><html>404</html>", "HTML"),
        ("image.pth", b"\x89PNG\r\n\x1a\n" + b"\0" * 40, "PNG"),
        ("lfs.pth", b"version https://git-lfs.github.com/spec/v1\noid sha256:0", "Git LFS"),
        ("zeros.pth", b"\0" * 5000, "zeros"),
        ("pickle.pth", pickle.dumps({"a": 1}), "bare Python pickle"),
        ("noise.pth", b"\xfe\x00\x01\x02" * 9, "another kind"),
    ]:
        (tmp_path / name).write_bytes(data)
        broken(tmp_path / name, expected)
    broken(tmp_path, "without weights")
    broken(tmp_path / "missing.pth", "no such file")


def test_a_pipe_is_refused_without_waiting_for_it(tmp_path):
    os.mkfifo(tmp_path / "pipe.pth")
    broken(tmp_path / "pipe.pth", "regular file")


def test_the_old_torch_format_is_named(tmp_path):
    torch.save({"w": torch.ones(1)}, tmp_path / "old.pth", _use_new_zipfile_serialization=False)
    broken(tmp_path / "old.pth", "old format")


def test_archives_that_are_no_checkpoints_are_named(tmp_path, checkpoint):
    with zipfile.ZipFile(tmp_path / "foreign.pth", "w") as archive:
        archive.writestr("a/readme.txt", "hello")
    broken(tmp_path / "foreign.pth", "data.pkl")
    with zipfile.ZipFile(checkpoint) as old, zipfile.ZipFile(tmp_path / "zipped.pth", "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
    broken(tmp_path / "zipped.pth", "compressed")


def rewritten(source, target, changed):
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            data = changed(name.split("/", 1)[1], old.read(name))
            if data is not None:
                new.writestr(name, data)


def test_values_that_are_missing_or_short_are_found(tmp_path, checkpoint):
    path = tmp_path / "new.pth"
    rewritten(checkpoint, path, lambda name, data: None if name == "data/1" else data)
    broken(path, "incomplete")
    rewritten(checkpoint, path, lambda name, data: data[:-4] if name == "data/0" else data)
    broken(path, "should hold 24 bytes but holds 20")
    rewritten(checkpoint, path, lambda name, data: data[:-9] if name == "data.pkl" else data)
    broken(path, "data.pkl")
    rewritten(checkpoint, path, lambda _, data: data)
    assert inspect(path, thorough=True).state == "ready"


def test_a_tensor_that_reaches_beyond_its_values_is_found(tmp_path, checkpoint):
    stride = b"K\x03K\x01\x86"
    assert zipfile.ZipFile(checkpoint).read("epoch_11/data.pkl").count(stride) == 1
    rewritten(checkpoint, tmp_path / "new.pth", lambda _, data: data.replace(stride, b"K\x05K\x01\x86"))
    broken(tmp_path / "new.pth", "tensor w does not fit")


def test_one_flipped_byte_of_the_values_is_found_by_a_thorough_look_and_not_by_torch(tmp_path, checkpoint):
    data = bytearray(checkpoint.read_bytes())
    place = data.index(struct.pack("<6f", *range(6)))
    data[place + 5] ^= 1
    checkpoint.write_bytes(data)
    torch.load(checkpoint, weights_only=True)
    assert inspect(checkpoint).state == "ready"
    broken(checkpoint, "checksum", thorough=True)


def test_a_flipped_byte_of_the_index_is_found_always(checkpoint):
    data = bytearray(checkpoint.read_bytes())
    data[data.index(b"state_dict")] ^= 1
    checkpoint.write_bytes(data)
    broken(checkpoint, "checksum")


def test_an_archive_without_checksums_is_ready(tmp_path):
    torch.serialization.set_crc32_options(False)
    try:
        torch.save({"w": torch.ones(9)}, tmp_path / "a.pt")
    finally:
        torch.serialization.set_crc32_options(True)
    assert inspect(tmp_path / "a.pt", thorough=True).state == "ready"


def test_contents_that_are_not_what_the_name_says_are_refused(tmp_path, checkpoint):
    header = b'{"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}'
    (tmp_path / "a.pth").write_bytes(struct.pack("<Q", len(header)) + header + b"\0" * 4)
    broken(tmp_path / "a.pth", "a.pth but its contents are safetensors")
    broken(checkpoint.rename(tmp_path / "a.safetensors"), "zip archive")


def test_a_whole_model_or_nothing_at_all_is_no_state_dict(tmp_path):
    torch.save(torch.nn.Linear(1, 1), tmp_path / "model.pt")
    broken(tmp_path / "model.pt", "torch.nn.modules.linear.Linear")
    for value in ({}, {"state_dict": {}}, [1], {"epoch": 1}, {1: torch.ones(1)}, torch.ones(2)):
        torch.save(value, tmp_path / "none.pt")
        assert inspect(tmp_path / "none.pt").state == "broken", value


class Attack:
    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return os.system, (f"touch {self.path}",)


def test_a_checkpoint_with_an_attack_inside_is_read_without_executing_it(tmp_path):
    torch.save({"state_dict": {"w": torch.ones(1)}, "hook": Attack(tmp_path / "sentinel")}, tmp_path / "a.pth")
    found = inspect(tmp_path / "a.pth", thorough=True)
    assert (found.state, found.full) == ("ready", True)
    assert not (tmp_path / "sentinel").exists()


@given(
    data=st.binary(max_size=400), start=st.sampled_from([b"", b"PK\x03\x04", b"\x80\x02", b"\x40" + b"\0" * 7 + b"{"])
)
def test_arbitrary_bytes_are_broken_and_raise_nothing(tmp_path_factory, data, start):
    path = tmp_path_factory.getbasetemp() / "noise.pth"
    path.write_bytes(start + data)
    assert inspect(path).state == "broken"
    path = path.with_suffix(".safetensors")
    path.write_bytes(start + data)
    inspect(path)


@given(data=st.data())
def test_arbitrary_damage_to_a_real_checkpoint_raises_nothing(tmp_path_factory, data):
    stream = io.BytesIO()
    torch.save({"state_dict": {"w": torch.ones(2)}, "meta": {"epoch": 1}}, stream)
    raw = bytearray(stream.getvalue())
    for _ in range(data.draw(st.integers(1, 4))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    path = tmp_path_factory.getbasetemp() / "damaged.pth"
    path.write_bytes(raw)
    inspect(path, thorough=True)


@given(pickled=st.binary(max_size=200))
def test_arbitrary_indexes_in_a_sound_archive_raise_nothing(tmp_path_factory, pickled):
    path = tmp_path_factory.getbasetemp() / "index.pth"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a/data.pkl", b"\x80\x02" + pickled)
    assert inspect(path).state == "broken"
