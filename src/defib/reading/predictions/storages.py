"""The values inside a pickled tensor: torch's old file format, which a plain pickle still carries as bytes.

Five pickles (a magic number, a protocol, the machine, the reference to the storage, its key), then the number of
values and the values themselves.
"""

from __future__ import annotations

import io

import numpy as np

from defib.reading.checkpoint.problems import Broken
from defib.reading.checkpoint.unpickling import Storage, unpickle
from defib.reading.predictions import problems
from defib.reading.predictions.problems import Unreadable

MAGIC = 0x1950A86A20F9469CFC6C
COUNT = 8  # bytes of the number of values
MOST_INSTRUCTIONS = 200  # of each of the five pickles; the longest has 24 (measured, torch 2.13)
KINDS = {
    "DoubleStorage": "<f8",
    "FloatStorage": "<f4",
    "HalfStorage": "<f2",
    "BFloat16Storage": "<u2",  # widened below
    "LongStorage": "<i8",
    "IntStorage": "<i4",
    "ShortStorage": "<i2",
    "CharStorage": "|i1",
    "ByteStorage": "|u1",
}


class StorageReader:
    """Reads storages; the three pickles that begin all of one file are alike, and are read once."""

    def __init__(self) -> None:
        self._head = b""

    def values(self, blob: bytes) -> np.ndarray:
        """The values of one storage, flat.

        Raises Unreadable when this is not one.
        """
        stream = io.BytesIO(blob)
        try:
            if self._head and blob.startswith(self._head):
                stream.seek(len(self._head))
            else:
                magic, protocol, machine = (unpickle(stream, MOST_INSTRUCTIONS).value for _ in range(3))
                known = magic == MAGIC and isinstance(protocol, int)
                if not known or not isinstance(machine, dict) or machine.get("little_endian") is not True:
                    raise Unreadable(problems.TENSOR)
                self._head = blob[: stream.tell()]
            storage = unpickle(stream, MOST_INSTRUCTIONS).value
            keys = unpickle(stream, MOST_INSTRUCTIONS).value
        except Broken:
            raise Unreadable(problems.TENSOR) from None
        if not isinstance(storage, Storage) or keys != [storage.key] or storage.kind not in KINDS:
            raise Unreadable(problems.TENSOR)
        kind, start = np.dtype(KINDS[storage.kind]), stream.tell() + COUNT
        count = int.from_bytes(blob[stream.tell() : start], "little")
        if count != storage.count or len(blob) != start + count * kind.itemsize:
            raise Unreadable(problems.TENSOR)
        found = np.frombuffer(blob, dtype=kind, count=count, offset=start)
        return _widened(found) if storage.kind == "BFloat16Storage" else found


def _widened(halves: np.ndarray) -> np.ndarray:
    """bfloat16 is the upper half of a float32."""
    return (halves.astype(np.uint32) << 16).view(np.float32)
