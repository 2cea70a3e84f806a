"""Writes an answer where the user asked for it, but never over anything that was read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from defib.errors import CannotWrite
from defib.rewriting.writing import ours, replace
from defib.words import Words, same

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

READ = Words(
    en="this file belongs to the run that was read, and is never changed", zh="该文件属于所读取的训练，绝不会被改动"
)
NO_FOLDER = Words(en="the folder does not exist", zh="目录不存在")


def overwrite(path: Path, content: str | bytes, *, kept: Iterable[Path] = ()) -> None:
    """Write a text or a picture to a path, replacing what is there, whole or not at all.

    kept: what was read: files, and folders in which nothing but defib's own files is replaced.

    Raises CannotWrite.
    """
    if path.exists() and not ours(path) and any(path.resolve().is_relative_to(one.resolve()) for one in kept):
        raise CannotWrite(path=path, reason=READ)
    if not path.absolute().parent.is_dir():
        raise CannotWrite(path=path, reason=NO_FOLDER)
    try:
        replace(path, content.encode("utf-8") if isinstance(content, str) else content)
    except OSError as error:
        raise CannotWrite(path=path, reason=same(error.strerror or str(error))) from None
