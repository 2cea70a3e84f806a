import os
import resource

import numpy as np
import pytest

from defib.errors import CannotWrite, CheckpointRefused
from defib.reading.checkpoint import write_weights

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


def test_a_file_of_somebody_else_is_never_overwritten(folder):
    source = saved(folder / "a.pth", {"w": torch.ones(3)})
    other = saved(folder / "b.pth", {"w": torch.zeros(3)})
    note = folder / "c.pth"
    note.write_text("mine", encoding="utf-8")
    dangling = folder / "d.pth"
    dangling.symlink_to(folder / "nowhere")
    for target in (other, note, dangling, folder):
        with pytest.raises(CannotWrite, match="did not write"):
            write_weights(source, target)
    assert note.read_text(encoding="utf-8") == "mine"
    assert not loaded(other)["state_dict"]["w"].any()


def test_the_source_is_never_replaced_even_when_it_is_a_copy_of_ours(folder):
    source = write_weights(saved(folder / "a.pth", {"w": torch.ones(3)}), folder / "b.pth")
    (folder / "link.pth").symlink_to(source)
    for target in (source, folder / "link.pth"):
        with pytest.raises(CannotWrite, match="its own source"):
            write_weights(source, target)


def test_a_full_disk_leaves_nothing_behind(folder):
    source = saved(folder / "a.pth", {"w": torch.ones(500_000)})
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, hard))  # the nearest thing to a full disk that needs no root
    try:
        with pytest.raises(CannotWrite, match="too large"):
            write_weights(source, folder / "b.pth")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert names(folder) == ["a.pth"]


def test_a_failed_sync_or_an_interrupt_leaves_the_old_copy_in_place(folder, monkeypatch):
    source = saved(folder / "a.pth", {"w": torch.ones(3)})
    old = write_weights(source, folder / "b.pth").read_bytes()
    saved(source, {"w": torch.zeros(3)})

    def interrupt(_done, _total):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_weights(source, folder / "b.pth", progress=interrupt)
    monkeypatch.setattr(os, "fsync", lambda _: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    with pytest.raises(CannotWrite, match="No space left"):
        write_weights(source, folder / "b.pth")
    assert (folder / "b.pth").read_bytes() == old
    with pytest.raises(CannotWrite):
        write_weights(source, folder / "no" / "such" / "folder.pth")
    with pytest.raises(CannotWrite):
        write_weights(source, source / "below-a-file.pth")


def test_damage_that_torch_would_load_is_found_while_copying(folder):
    source = saved(folder / "a.pth", {"w": torch.arange(100.0)})
    data = bytearray(source.read_bytes())
    data[data.index(np.arange(100, dtype="<f4").tobytes()) + 41] ^= 1
    source.write_bytes(data)
    loaded(source)
    with pytest.raises(CheckpointRefused, match="checksum") as caught:
        write_weights(source, folder / "b.pth")
    assert "校验和" in caught.value.words.zh
    assert names(folder) == ["a.pth"]


def test_what_is_no_checkpoint_is_refused(folder):
    (folder / "a.pth").write_bytes(b"")
    for source, expected in [(folder / "a.pth", "empty"), (folder / "missing.pth", "no such file")]:
        with pytest.raises(CheckpointRefused, match=expected):
            write_weights(source, folder / "b.pth")
    saved(folder / "c.pth", {"w": torch.ones(1), "_extra_state": {"a": 1}})
    with pytest.raises(CheckpointRefused, match="_extra_state"):
        write_weights(folder / "c.pth", folder / "b.pth")
    saved(folder / "d.pth", {"w": torch.ones(1), "s": torch.eye(2).to_sparse()})
    with pytest.raises(CheckpointRefused, match="_rebuild_sparse_tensor"):
        write_weights(folder / "d.pth", folder / "b.pth")


class Attack:
    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return os.system, (f"touch {self.path}",)


def test_an_attack_in_the_source_is_neither_executed_nor_copied(folder):
    source = saved(folder / "a.pth", {"w": torch.ones(1)}, hook=Attack(folder / "sentinel"))
    target = write_weights(source, folder / "b.pth")
    assert b"system" not in target.read_bytes()
    saved(source, {"w": torch.ones(1), "x": Attack(folder / "sentinel")})
    with pytest.raises(CheckpointRefused, match="system"):
        write_weights(source, folder / "b.pth")
    assert not (folder / "sentinel").exists()
