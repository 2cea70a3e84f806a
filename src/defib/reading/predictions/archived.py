"""An `.npz` with `scores_<branch>` [N, K] (or `scores` alone), `label` [N] and `name` [N].

Each array is measured against its place in the archive before it is unpacked, and nothing that would need a pickle is
read.
"""

from __future__ import annotations

import io
import math
import struct
import zipfile
import zlib
from typing import IO, TYPE_CHECKING, cast

import numpy as np
from numpy.lib import format as layout

from defib.predictions.table import FUSED
from defib.reading.predictions import problems
from defib.reading.predictions.problems import Unreadable
from defib.reading.predictions.stacking import checked

if TYPE_CHECKING:
    from defib.predictions import Table

MIB = 2**20
FREE, TIMES = 64 * MIB, 50  # what an archive may unpack to: this many bytes, and this many times its own. Assumed
SUFFIX = ".npy"
NUMBERS, TEXT = "fiub", "US"
NAMES = ("label", "labels", "name", "names")
_DAMAGED = (zipfile.BadZipFile, NotImplementedError, RuntimeError, struct.error, zlib.error, EOFError, ValueError)


def read_archive(file: str, data: bytes) -> Table:
    """Read the arrays of an .npz.

    Raises Unreadable, Unfit.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            arrays = _arrays(archive, len(data))
    except (*_DAMAGED, OverflowError, MemoryError, OSError):
        raise Unreadable(problems.ARCHIVE) from None
    scores = {key.removeprefix("scores_"): one for key, one in arrays.items() if key.startswith("scores_")}
    scores |= {FUSED: arrays["scores"]} if "scores" in arrays else {}
    if not scores:
        raise Unreadable(problems.NO_ARRAYS.fill(found=", ".join(arrays) or "-"))
    labels = arrays.get("label", arrays.get("labels"))
    names = arrays.get("name", arrays.get("names"))
    if labels is not None:
        labels = np.atleast_1d(np.squeeze(labels.astype(np.float64)))
        if labels.ndim != 1:
            raise Unreadable(problems.MEMBER.fill(name="label"))
    listed = None if names is None else [_text(one) for one in np.ravel(names).tolist()]
    return checked(file, "npz", scores, labels, listed)


def _arrays(archive: zipfile.ZipFile, size: int) -> dict[str, np.ndarray]:
    entries = archive.infolist()
    if any(one.filename.endswith("data.pkl") for one in entries):
        raise Unreadable(problems.TORCH_SAVED)
    members = {one.filename.removesuffix(SUFFIX): one for one in entries if one.filename.endswith(SUFFIX)}
    wanted = {key: one for key, one in members.items() if key in NAMES or key == "scores" or key.startswith("scores_")}
    unpacked = sum(one.file_size for one in wanted.values())
    if unpacked > FREE + TIMES * size:
        raise Unreadable(problems.SWELLS.fill(found=unpacked // MIB))
    if not wanted:
        raise Unreadable(problems.NO_ARRAYS.fill(found=", ".join(members) or "-"))
    found = {}
    for key, entry in wanted.items():
        with archive.open(entry) as stream:
            found[key] = _array(key, stream, entry.file_size)
    return found


def _array(key: str, stream: IO[bytes], size: int) -> np.ndarray:
    version = layout.read_magic(cast("io.BufferedIOBase", stream))
    header = layout.read_array_header_1_0 if version == (1, 0) else layout.read_array_header_2_0
    shape, fortran, dtype = header(cast("io.BufferedIOBase", stream))
    kinds = TEXT if key in ("name", "names") else NUMBERS
    count = math.prod(shape)
    if dtype.kind not in kinds or count * dtype.itemsize > size:
        raise Unreadable(problems.MEMBER.fill(name=key))
    data = stream.read(count * dtype.itemsize)
    if len(data) != count * dtype.itemsize:
        raise Unreadable(problems.MEMBER.fill(name=key))
    return np.frombuffer(data, dtype=dtype).reshape(shape, order="F" if fortran else "C")


def _text(value: object) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
