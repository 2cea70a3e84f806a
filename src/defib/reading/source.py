"""One text that may be a log: its name, its beginning and, when asked for, all of it."""

from __future__ import annotations

import errno
import os
from functools import cached_property
from io import BytesIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path
    from typing import BinaryIO

HEAD_BYTES = 64 * 2**10  # enough to recognise any of the formats
MOST_BYTES = 4 * 2**30  # assumed: a million rows of a wide mmengine log are below 1 GiB

_UTF16 = (b"\xff\xfe", b"\xfe\xff")  # what `>` in PowerShell writes


class Source:
    """A text with a name. It is read when it is looked at; beyond `MOST_BYTES` it is refused, never read in part."""

    def __init__(self, name: str, *, path: Path | None = None, text: str | None = None) -> None:
        """name: as the user would call it. path: where it lies; without one `text` is all there is."""
        self.name = name
        self.path = path
        self._text = text

    @cached_property
    def head(self) -> bytes:
        """The beginning, as UTF-8. Raises OSError when the file cannot be read."""
        return self.data[:HEAD_BYTES] if self.path is None else _utf8(self._read(HEAD_BYTES))

    @cached_property
    def data(self) -> bytes:
        """All of it, as UTF-8. Raises OSError when the file cannot be read."""
        if self.path is None:
            return (self._text or "").encode("utf-8", "replace").removeprefix(b"\xef\xbb\xbf")
        return _utf8(self._read(MOST_BYTES))

    @property
    def text(self) -> str:
        """All of it; bytes that are not UTF-8 become the replacement character."""
        return self.data.decode("utf-8", "replace")

    @property
    def binary(self) -> bool:
        """Whether it is no text at all. Raises OSError when the file cannot be read."""
        return b"\0" in self.head

    @property
    def unfinished(self) -> bool:
        """Whether the last line has no end yet: its writer may be in the middle of it."""
        return not self.data.endswith((b"\n", b"\r"))

    def opened(self) -> BinaryIO:
        """The bytes as they are, to be read piece by piece. Raises OSError when the file cannot be read."""
        if self.path is None:
            return BytesIO(self.data)
        stream = self.path.open("rb")
        if os.fstat(stream.fileno()).st_size > MOST_BYTES:
            stream.close()
            raise OSError(errno.EFBIG, os.strerror(errno.EFBIG))
        return stream

    def _read(self, most: int) -> bytes:
        with self.opened() as stream:
            size = os.fstat(stream.fileno()).st_size
            return stream.read(min(most, max(size, HEAD_BYTES)))  # as much memory is taken as is asked for


def _utf8(data: bytes) -> bytes:
    if data.startswith(_UTF16):
        return data.decode("utf-16", "replace").encode("utf-8", "replace")
    return data.removeprefix(b"\xef\xbb\xbf")
