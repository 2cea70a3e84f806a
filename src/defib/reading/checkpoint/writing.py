"""A torch archive is written entry by entry, the values aligned as torch aligns them, so that it can be memory-mapped."""

from __future__ import annotations

import struct
import zipfile
from contextlib import contextmanager
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ALIGNMENT = 64  # bytes, as in torch
MARK = ".defib"  # the entry that says that defib wrote the archive and may replace it

_HEADER_SIZE, _ZIP64_SIZE = 30, 20
_LARGE = 2**31 - 2**24  # from here on sizes are written in 64 bits; some readers take 32-bit ones as signed


class ArchiveWriter:
    """Entries go into a zip archive one after the other, never compressed."""

    def __init__(self, archive: zipfile.ZipFile, stream: BinaryIO, root: str) -> None:
        """root: the folder inside the archive; torch uses the file's own name."""
        self._archive = archive
        self._stream = stream
        self._root = root

    def write(self, name: str, data: bytes) -> None:
        """Write one small entry. Raises OSError when the disk is full or gone."""
        with self.entry(name, len(data)) as write:
            write(data)

    @contextmanager
    def entry(self, name: str, size: int) -> Iterator[Callable[[bytes], int]]:
        """Write one entry of a known size piece by piece. Raises OSError when the disk is full or gone."""
        info = zipfile.ZipInfo(f"{self._root}/{name}")  # its date is 1980, so equal weights make equal files
        info.file_size = size
        zip64 = size >= _LARGE
        header = _HEADER_SIZE + len(info.filename.encode()) + (_ZIP64_SIZE if zip64 else 0) + 4
        padding = -(self._stream.tell() + header) % ALIGNMENT
        info.extra = struct.pack("<2sH", b"FB", padding) + b"Z" * padding  # the field that torch pads with
        with self._archive.open(info, "w", force_zip64=zip64) as entry:
            yield entry.write
        info.extra = b""  # the padding belongs to the entry; the index does not need it
