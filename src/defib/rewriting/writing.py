"""Writes a new config: whole or not at all, and never over a file that is not defib's own."""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from pathlib import Path

from defib.errors import CannotWrite
from defib.words import Words, same

MARK = "# Written by defib"
_MARKS = (MARK.encode(), b"<!-- Written by defib", b'{"run":{"framework":')  # a config, a report, a saved Case
_SUM = re.compile(rb"\(sum ([0-9a-f]{8})\)")
_WITHIN = 3  # lines in which the mark stands

_FOREIGN = Words(
    en="a file that defib did not write is there already, and it differs",
    zh="该位置已有一个并非由 defib 写入的文件，且内容不同",
)
_NO_FOLDER = Words(en="the folder does not exist", zh="目录不存在")


def write(path: Path, text: str) -> None:
    """Write a text to a path. It appears at once and complete, or the path stays as it was.

    Raises CannotWrite when a different file is there that defib did not write, or when the system refuses.
    """
    content = text.encode("utf-8")
    if not path.parent.is_dir():
        raise CannotWrite(path=path, reason=_NO_FOLDER)
    try:
        if path.is_symlink() or path.exists():
            if not path.is_symlink() and path.is_file() and path.read_bytes() == content:
                return
            if not ours(path):
                raise CannotWrite(path=path, reason=_FOREIGN)
        replace(path, content)
    except OSError as error:
        raise CannotWrite(path=path, reason=same(error.strerror or str(error))) from None


def ours(path: Path) -> bool:
    """Whether defib wrote a file and nobody has edited it since: its mark stands in the first lines, and its sum fits.

    A link is never ours.
    """
    if path.is_symlink() or not path.is_file():
        return False
    with path.open("rb") as file:
        head = [file.readline(1000) for _ in range(_WITHIN)]
        marked = next((line for line in head if line.startswith(_MARKS)), None)
        told = None if marked is None else _SUM.search(marked)
        if marked is None or told is None:
            return marked is not None
        file.seek(0)
        return told[1].decode() == checksum(file.read().replace(marked, b"", 1))


def checksum(body: bytes) -> str:
    """Eight digits that tell whether somebody has edited what defib wrote.

    >>> checksum(b"lr = 0.005")
    '208f6dc1'
    """
    return hashlib.sha256(body).hexdigest()[:8]


def free_name(folder: Path, stem: str, suffix: str, first: int = 1) -> Path:
    """`stem_rescue.py`, `stem_rescue2.py`, ...: the first that is free, or that defib itself wrote.

    first: the number to begin with.

    Raises CannotWrite when the folder cannot be looked into.
    """
    number = first
    while True:
        path = folder / f"{stem}_rescue{number if number > 1 else ''}{suffix}"
        try:
            if not (path.is_symlink() or path.exists()) or ours(path):
                return path
        except OSError as error:
            raise CannotWrite(path=path, reason=same(error.strerror or str(error))) from None
        number += 1


def replace(path: Path, content: bytes) -> None:
    """Put a content in the place of a file: beside it first, on disk, then under its name.

    Raises OSError.
    """
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".defib", dir=path.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_umask())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
