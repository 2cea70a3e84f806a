"""What was found where nothing could be read, in one phrase."""

from __future__ import annotations

from typing import TYPE_CHECKING

from defib.words import Words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from defib.reading.folder import Folder
    from defib.reading.source import Source

SHOWN = 5  # names in a sentence

CLOSED = Words(en="something that you have no permission to read", zh="没有读取权限的内容")
NO_FILE = Words(en="neither a file nor a folder", zh="既不是文件也不是目录")
EMPTY_FOLDER = Words(en="an empty directory", zh="一个空目录")
EMPTY_TEXT = Words(en="nothing: it is empty", zh="空内容")
BINARY = Words(en="a binary file", zh="一个二进制文件")
FILES = Words(en="{count} files: {names}", zh="{count} 个文件：{names}")
ONE_FILE = Words(en="only the file {names}", zh="只有文件 {names}")
LINES = Words(en="{count} lines that begin with {start!s}", zh="{count} 行内容，开头是 {start!s}")
ONE_RUN = Words(en="one run", zh="单次训练")
SEVERAL = Words(
    en="{count} runs ({names}); name one of them",
    zh="{count} 次训练（{names}）；请指定其中一个",
)
UNKNOWN = Words(en="{format} (its names are not understood: {names})", zh="{format}（其中的名称无法理解：{names}）")
UNREADABLE = Words(en="a file that cannot be read ({reason})", zh="无法读取的文件（{reason}）")


def in_folder(folder: Folder) -> Words:
    """The files of a folder, by name."""
    if not folder.names:
        return CLOSED if folder.closed else EMPTY_FOLDER
    template = ONE_FILE if len(folder.names) == 1 else FILES
    return template.fill(count=len(folder.names), names=_some(folder.names))


def in_text(source: Source) -> Words:
    """How a text begins. Raises OSError when it cannot be read."""
    if source.binary:
        return BINARY
    lines = source.text.strip().splitlines()
    if not lines:
        return EMPTY_TEXT
    start = "".join(character for character in lines[0].strip()[:60] if character.isprintable())
    return LINES.fill(count=len(lines), start=repr(start))


def several(names: Sequence[str]) -> Words:
    """Several runs in one place."""
    return SEVERAL.fill(count=len(names), names=_some(names))


def unreadable(problem: OSError) -> Words:
    """Why a file could not be read."""
    return UNREADABLE.fill(reason=problem.strerror or type(problem).__name__)


def not_understood(says: Words, names: Sequence[str]) -> Words:
    """A format, and the names in the log that mean nothing here."""
    return UNKNOWN.fill(format=says, names=_some(names)) if names else says


def joined(phrases: Sequence[Words]) -> Words:
    """Phrases one after the other."""
    return Words(en=", ".join(one.en for one in phrases), zh="、".join(one.zh for one in phrases))


def _some(names: Sequence[str]) -> Words:
    shown = list(names[:SHOWN])
    more = len(names) > SHOWN
    return Words(en=", ".join(shown) + (", ..." if more else ""), zh="、".join(shown) + (" 等" if more else ""))
