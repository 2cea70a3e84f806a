"""The weights of a checkpoint are copied into a file of their own, which torch.load(weights_only=True) accepts.

mmengine 0.10 keeps a message hub with numpy arrays and its own classes in every checkpoint; torch 2.6 and later refuse
those by default, so the very checkpoint that a rescue starts from would not load.
"""

from __future__ import annotations

import os
import secrets
import zipfile
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from defib.errors import CannotWrite, CheckpointRefused
from defib.reading.checkpoint import problems
from defib.reading.checkpoint.archive import Archive, opened
from defib.reading.checkpoint.contents import contents
from defib.reading.checkpoint.pickling import pickled
from defib.reading.checkpoint.problems import Broken
from defib.reading.checkpoint.recognition import recognise
from defib.reading.checkpoint.tensors import Tensor, tensor
from defib.reading.checkpoint.unpickling import Built, Global
from defib.reading.checkpoint.writing import MARK, ArchiveWriter

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from defib.reading.checkpoint.pickling import Plain
    from defib.reading.checkpoint.unpickling import Storage

    Progress = Callable[[int, int], None]

_BYTE_ORDERS = (b"little", b"big")
_SMALL = 64  # bytes; more than any byte order or mark has


def write_weights(source: Path, target: Path, *, progress: Progress | None = None) -> Path:
    """Copy a checkpoint's state dict into `target`, and return it.

    The copy is {"state_dict": OrderedDict, "meta": {"epoch", "iter"}}: same names, shapes, strides, dtypes and shared
    storages, on the device cpu; optimizer, message hub and Python attributes of tensors stay behind. Every copied byte is
    compared with its checksum. The source is only read, and `target` appears whole or not at all. `progress` is called
    with the bytes copied so far and their total.

    Raises CheckpointRefused when the source is no usable checkpoint, CannotWrite when `target` is a file that defib did
    not write, is the source itself, or cannot be written.
    """
    try:
        if recognise(source) == "safetensors":
            raise Broken(problems.ONLY_WEIGHTS)
        with opened(source) as archive:
            found = contents(archive.pickle())
            if found.state_dict is None:
                raise Broken(problems.WHOLE_MODEL.fill(kind="model"))
            weights = _weights(found.state_dict)
            meta: dict[str, Plain] = {"epoch": found.epoch, "iter": found.step}
            _refuse_others(source, target)
            with _atomic(target) as writer:
                _copy(archive, writer, weights, {k: v for k, v in meta.items() if v is not None}, progress)
    except Broken as broken:
        raise CheckpointRefused(path=source, reason=broken.problem) from None
    except OSError as error:
        raise CheckpointRefused(path=source, reason=problems.unreadable(error)) from error
    return target


def _weights(state_dict: dict[str, object]) -> dict[str, Tensor | Plain]:
    weights: dict[str, Tensor | Plain] = {}
    for name, value in state_dict.items():
        found = tensor(name, value)
        if found is not None:
            weights[name] = found
        elif value is None or isinstance(value, str | int | float):
            weights[name] = value
        else:
            function = value.function if isinstance(value, Built) else None
            kind = function if isinstance(function, Global) else type(value).__name__
            raise Broken(problems.NOT_CARRIED.fill(name=name, kind=kind))
    return weights


def _copy(
    archive: Archive,
    writer: ArchiveWriter,
    weights: dict[str, Tensor | Plain],
    meta: dict[str, Plain],
    progress: Progress | None,
) -> None:
    """Write data.pkl, then each storage once, in the order in which the state dict names them."""
    entries: dict[str, str] = {}  # key in the source -> key in the copy
    keys: dict[Storage, str] = {}
    for value in weights.values():
        if isinstance(value, Tensor):
            keys[value.storage] = entries.setdefault(value.storage.key, str(len(entries)))
    writer.write("data.pkl", pickled(weights, meta, keys))
    if "byteorder" in archive:  # torch before 2.1 did not say, and the bytes are copied as they are
        order = archive.read("byteorder", _SMALL)
        if order not in _BYTE_ORDERS:
            raise Broken(problems.DAMAGED.fill(entry="byteorder"))
        writer.write("byteorder", order)
    done, total = 0, sum(archive.size(f"data/{key}") for key in entries)
    for old, new in entries.items():
        with writer.entry(f"data/{new}", archive.size(f"data/{old}")) as write:
            for chunk in archive.chunks(f"data/{old}"):
                write(chunk)
                done += len(chunk)
                if progress is not None:
                    progress(done, total)
    writer.write("version", b"3\n")  # of torch's archive format; unchanged since torch 1.6
    writer.write(MARK, b"1\n")


def _refuse_others(source: Path, target: Path) -> None:
    """Let only a file of ours be replaced, and never the source."""
    if not os.path.lexists(target):
        return
    with suppress(OSError):
        if target.samefile(source):
            raise CannotWrite(path=target, reason=problems.SAME_FILE)
    try:
        with opened(target) as archive:
            ours = MARK in archive
    except (Broken, OSError):
        ours = False
    if not ours:
        raise CannotWrite(path=target, reason=problems.EXISTS)


@contextmanager
def _atomic(target: Path) -> Iterator[ArchiveWriter]:
    """Write beside the target, and put it into place when it is whole and on disk."""
    part = target.with_name(f".{target.name}.{secrets.token_hex(4)}.part")
    try:
        with part.open("xb") as stream:
            with zipfile.ZipFile(stream, "w") as archive:
                yield ArchiveWriter(archive, stream, root=target.stem)
            stream.flush()
            os.fsync(stream.fileno())
        part.replace(target)
    except OSError as error:
        raise CannotWrite(path=target, reason=error.strerror or type(error).__name__) from error
    finally:
        with suppress(OSError):
            part.unlink()
    with suppress(OSError):  # not every system can sync a folder; the file itself is on disk
        folder = os.open(target.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
