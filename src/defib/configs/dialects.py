"""Which way of writing a config a file follows, told by its ending."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from defib.configs import mmengine
from defib.configs import where as python_lines
from defib.configs.bounds import decoded, read
from defib.configs.cells import Opaque, find, plain, resolve
from defib.records import Config

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from defib.configs.document import Document

SUFFIXES = {".yaml": "yaml", ".yml": "yaml", ".json": "json", ".toml": "toml"}


def dialect(path: Path) -> str:
    """How a config is written; what no other dialect claims is taken for mmengine's Python.

    >>> from pathlib import Path
    >>> dialect(Path("args.YAML")), dialect(Path("slowonly.py"))
    ('yaml', 'mmengine')
    """
    return SUFFIXES.get(path.suffix.lower(), mmengine.DIALECT)


def document(path: Path, text: str) -> Document:
    """The cells of a config in a data format.

    Raises ConfigSyntax, ConfigTooLarge.
    """
    return _reader(dialect(path))(path, text)


def parse(path: Path, text: str | None = None) -> Config:
    """The settings of a config file, or of a text that stands in for it. Nothing in it is executed.

    Raises ConfigSyntax when it is not what its ending says, ConfigTooLarge when it exceeds what a config can be,
    OSError when the file cannot be read.
    """
    if dialect(path) == mmengine.DIALECT:
        return mmengine.parse(path, text)
    found = read(path) if text is None else text.encode("utf-8", "surrogatepass")
    made = document(path, decoded(path, found) if text is None else text)
    return Config(
        path=str(path),
        sha256=hashlib.sha256(found).hexdigest(),
        dialect=dialect(path),
        tree=plain(made.root),
        links=made.links,
        notes=tuple(made.notes),
    )


def where(path: Path, paths: Iterable[str]) -> dict[str, int]:
    """The line of each dotted path that stands in this file; inherited ones are left out.

    Raises ConfigSyntax and ConfigTooLarge as `parse` does.
    """
    if dialect(path) == mmengine.DIALECT:
        return python_lines.where(path, paths)
    root = document(path, decoded(path, read(path))).root
    found: dict[str, int] = {}
    for wanted in paths:
        node = find(root, wanted)
        cell = None if node is None else resolve(node)
        if isinstance(cell, Opaque):
            found[wanted] = cell.line
        elif cell is not None and cell.span is not None:
            found[wanted] = cell.span.line
    return found


def _reader(name: str) -> Callable[[Path, str], Document]:
    from defib.configs import json_text, toml_text, yaml_text  # noqa: PLC0415 (loaded only where such a config is read)

    return {"yaml": yaml_text.compose, "json": json_text.scan, "toml": toml_text.load}[name]
