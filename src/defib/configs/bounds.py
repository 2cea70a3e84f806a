"""How large a config may be, and the reading of a file within these bounds. Nothing is executed here."""

from __future__ import annotations

import ast
import re
import warnings
from typing import TYPE_CHECKING

from defib.configs.cells import Span
from defib.errors import ConfigSyntax, ConfigTooLarge
from defib.words import Words, same

if TYPE_CHECKING:
    from pathlib import Path

    from defib.configs.cells import Node

BYTES = 2 * 1024 * 1024
NESTING = 100
VALUES = 200_000
_NEWLINE = re.compile(r"\r\n|\r|\n")

_BYTES = Words(en="the size of the file", zh="文件大小")
_NESTING = Words(en="the depth of its nesting", zh="嵌套深度")
_VALUES = Words(en="the number of its values", zh="数值个数")
_MORE = Words(en="more", zh="更多")


class Source:
    """The text of one config, its lines and its syntax tree."""

    def __init__(self, path: Path, text: str) -> None:
        """Raises ConfigSyntax when it is not Python, ConfigTooLarge when it exceeds the bounds."""
        self.path = path
        self.text = text
        self.module = _module(path, text)
        self.starts = [0, *(match.end() for match in _NEWLINE.finditer(text))]

    def offset(self, line: int, column: int) -> int:
        """The position in the text of a line (from 1) and a column (in characters)."""
        return self.starts[line - 1] + column

    def line(self, line: int) -> str:
        """One line, counted from 1, without its line break."""
        end = self.starts[line] if line < len(self.starts) else len(self.text)
        return self.text[self.starts[line - 1] : end].rstrip("\r\n")

    def span(self, node: ast.expr | ast.stmt) -> Span:
        """Where a node stands; Python counts columns in bytes, we count characters."""
        end_line, end_column = node.end_lineno or node.lineno, node.end_col_offset or 0
        return Span(
            line=node.lineno,
            column=self._characters(node.lineno, node.col_offset),
            end_line=end_line,
            end_column=self._characters(end_line, end_column),
        )

    def written(self, span: Span) -> str:
        """The text of a span."""
        return self.text[self.offset(span.line, span.column) : self.offset(span.end_line, span.end_column)]

    def _characters(self, line: int, column: int) -> int:
        text = self.line(line)
        return column if text.isascii() else len(text.encode()[:column].decode(errors="ignore"))


def read(path: Path) -> bytes:
    """The bytes of a config.

    Raises ConfigTooLarge before reading more than a config can have, OSError when the file cannot be read.
    """
    with path.open("rb") as file:
        found = file.read(BYTES + 1)
    if len(found) > BYTES:
        raise ConfigTooLarge(path=path, what=_BYTES, found=f"{path.stat().st_size} B", limit=f"{BYTES} B")
    return found


def decoded(path: Path, found: bytes) -> str:
    """The text of a config; its line breaks stay as they are.

    Raises ConfigSyntax when it is not UTF-8, the only encoding that mmengine reads.
    """
    try:
        return found.decode("utf-8")
    except UnicodeDecodeError as error:
        line = found.count(b"\n", 0, error.start) + 1
        reason = Words(en="it is not UTF-8 text", zh="不是 UTF-8 文本")
        raise ConfigSyntax(path=path, line=line, reason=reason) from None


def bounded(path: Path, node: Node) -> None:
    """Refuse what is nested deeper, or is larger, than any real config.

    Raises ConfigTooLarge. Names are followed, so that a small file which multiplies itself is caught too.
    """
    if node.depth > NESTING:
        raise ConfigTooLarge(path=path, what=_NESTING, found=node.depth, limit=NESTING)
    if node.size > VALUES:
        raise ConfigTooLarge(path=path, what=_VALUES, found=_MORE, limit=VALUES)


def too_many(path: Path) -> ConfigTooLarge:
    """The refusal of something that multiplies itself while it is put together."""
    return ConfigTooLarge(path=path, what=_VALUES, found=_MORE, limit=VALUES)


def too_deep(path: Path) -> ConfigTooLarge:
    """The refusal of something so deep that Python itself gave up counting."""
    return ConfigTooLarge(path=path, what=_NESTING, found=_MORE, limit=NESTING)


def _module(path: Path, text: str) -> ast.Module:
    size = len(text.encode("utf-8", "surrogatepass"))
    if size > BYTES:
        raise ConfigTooLarge(path=path, what=_BYTES, found=f"{size} B", limit=f"{BYTES} B")
    try:
        with warnings.catch_warnings():  # invalid escapes in somebody else's strings are no concern of ours
            warnings.simplefilter("ignore")
            return ast.parse(text, filename=path.name)
    except (RecursionError, MemoryError):
        raise too_deep(path) from None
    except SyntaxError as error:
        if "too many nested" in str(error.msg):
            raise too_deep(path) from None
        raise ConfigSyntax(path=path, line=error.lineno or 1, reason=same(str(error.msg))) from None
    except ValueError as error:  # a null byte, or a surrogate
        raise ConfigSyntax(path=path, line=1, reason=same(str(error))) from None
