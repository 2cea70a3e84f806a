"""The zip archive that torch.save writes: stored entries below one folder, `data.pkl` first."""

from __future__ import annotations

import struct
import zipfile
import zlib
from contextlib import contextmanager
from typing import TYPE_CHECKING, BinaryIO

from defib.reading.checkpoint import problems
from defib.reading.checkpoint.problems import Broken
from defib.reading.checkpoint.tensors import STORAGE_WIDTH
from defib.reading.checkpoint.unpickling import Pickle, unpickle

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from defib.reading.checkpoint.unpickling import Storage

MOST_PICKLE_BYTES = 256 * 2**20  # assumed; a few thousand tensors with optimizer state need some MiB
CHUNK = 4 * 2**20  # bytes read at a time, so that memory stays small whatever the checkpoint's size

_LOCAL_HEADER = struct.Struct("<4s22xHH")  # signature; lengths of the name and of the extra field


class Archive:
    """An open torch archive whose index has been checked against the file. Its entries are read by their short names."""

    def __init__(self, stream: BinaryIO, index: zipfile.ZipFile) -> None:
        """Raises Broken when the index does not describe this file, or torch did not write it."""
        self._stream = stream
        entries = index.infolist()
        names = [entry.filename for entry in entries]
        root = names[0].split("/")[0] if names else ""
        if f"{root}/data.pkl" not in names:
            raise Broken(problems.FOREIGN_ZIP)
        if f"{root}/constants.pkl" in names:
            raise Broken(problems.TORCHSCRIPT)
        self._entries: dict[str, zipfile.ZipInfo] = {}
        self._starts: dict[str, int] = {}
        for entry in entries:
            short = entry.filename.removeprefix(f"{root}/")
            if short in self._entries:
                raise Broken(problems.TWICE.fill(entry=short))
            if entry.compress_type != zipfile.ZIP_STORED:
                raise Broken(problems.COMPRESSED.fill(entry=short))
            self._entries[short] = entry
            self._starts[short] = self._data_start(short, entry, end=index.start_dir)
        # torch.serialization.set_crc32_options(False) leaves 0 for every checksum; then there is nothing to compare.
        self.has_checksums = any(entry.CRC for entry in entries)

    def _data_start(self, short: str, entry: zipfile.ZipInfo, *, end: int) -> int:
        """Where the entry's bytes begin: behind its own header, whose extra field aligns them."""
        self._stream.seek(entry.header_offset)
        header = self._stream.read(_LOCAL_HEADER.size)
        if len(header) == _LOCAL_HEADER.size:
            signature, name_length, extra_length = _LOCAL_HEADER.unpack(header)
            start = int(entry.header_offset + _LOCAL_HEADER.size + name_length + extra_length)
            if signature == b"PK\x03\x04" and entry.compress_size == entry.file_size <= end - start:
                return start
        raise Broken(problems.DAMAGED.fill(entry=short))

    def __contains__(self, name: str) -> bool:
        return name in self._entries

    @property
    def names(self) -> tuple[str, ...]:
        """The short names of all entries, in the order of the index."""
        return tuple(self._entries)

    def size(self, name: str) -> int:
        """The bytes of one entry."""
        return self._entries[name].file_size

    def chunks(self, name: str) -> Iterator[bytes]:
        """The bytes of one entry, piece by piece; Broken at the end when they do not match their checksum."""
        left, checksum = self.size(name), 0
        try:
            self._stream.seek(self._starts[name])
            while left:
                chunk = self._stream.read(min(left, CHUNK))
                if not chunk:
                    raise Broken(problems.CUT_OFF)
                left -= len(chunk)
                checksum = zlib.crc32(chunk, checksum)
                yield chunk
        except OSError as error:  # here, so that nobody takes it for an error of the file that is written meanwhile
            raise Broken(problems.unreadable(error)) from error
        if self.has_checksums and checksum != self._entries[name].CRC:
            raise Broken(problems.WRONG_CHECKSUM.fill(entry=name))

    def read(self, name: str, most: int) -> bytes:
        """The bytes of one small entry; Broken when it has more than `most`."""
        if self.size(name) > most:
            found, limit = problems.BYTES.fill(count=self.size(name)), problems.BYTES.fill(count=most)
            raise Broken(problems.TOO_LARGE.fill(entry=name, found=found, limit=limit))
        return b"".join(self.chunks(name))

    def pickle(self) -> Pickle:
        """The inert contents of data.pkl; Broken unless every storage that it names is there in the right size."""
        pickle = unpickle(self.read("data.pkl", MOST_PICKLE_BYTES))
        for storage in sorted(pickle.storages, key=str):
            self._check(storage)
        return pickle

    def _check(self, storage: Storage) -> None:
        entry = f"data/{storage.key}"
        if entry not in self:
            raise Broken(problems.MISSING_STORAGE.fill(entry=entry))
        if storage.kind not in STORAGE_WIDTH:
            raise Broken(problems.BAD_PICKLE.fill(reason=problems.UNKNOWN_STORAGE.fill(kind=storage.kind)))
        expected, found = storage.count * STORAGE_WIDTH[storage.kind], self.size(entry)
        if expected != found:
            raise Broken(problems.WRONG_STORAGE_SIZE.fill(entry=entry, expected=expected, found=found))


@contextmanager
def opened(path: Path) -> Iterator[Archive]:
    """Open a torch archive for reading. Raises Broken when it is not one, OSError when it cannot be read at all."""
    with path.open("rb") as stream:
        try:
            index = zipfile.ZipFile(stream)
        except (zipfile.BadZipFile, NotImplementedError, ValueError, struct.error, OverflowError, EOFError):
            raise Broken(problems.CUT_OFF) from None
        with index:
            if index.infolist() and min(entry.header_offset for entry in index.infolist()) != 0:
                # The index belongs to another archive: one that lies inside the values of this cut-off one.
                raise Broken(problems.CUT_OFF)
            yield Archive(stream, index)
