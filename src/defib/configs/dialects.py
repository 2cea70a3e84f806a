"""Which way of writing a config a file follows, told by its ending."""

from __future__ import annotations

from typing import TYPE_CHECKING

from defib.configs import mmengine
from defib.configs import where as python_lines
from defib.configs.bounds import decoded, read
from defib.configs.cells import Opaque, find, plain, resolve
from defib.records import Config

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from defib.configs.document import Document

SUFFIXES = {".yaml": "yaml", ".yml": "yaml", ".json": "json", ".toml": "toml"} | dict.fromkeys(
    (".sh", ".bash", ".slurm", ".sbatch"), "arguments"
)
INHERITING = {"yaml", "json"}


def dialect(path: Path) -> str:
    """How a config is written; what no other dialect claims is taken for mmengine's Python.

    >>> from pathlib import Path
    >>> dialect(Path("args.YAML")), dialect(Path("slowonly.py"))
    ('yaml', 'mmengine')
    """
    return SUFFIXES.get(path.suffix.lower(), mmengine.DIALECT)


def document(path: Path, text: str) -> Document:
    """The cells of a config in a data format, with those that it inherits.

    Raises ConfigSyntax, ConfigTooLarge.
    """
    found = _scanned(path, text)
    if dialect(path) not in INHERITING:
        return found
    from defib.configs import composition  # noqa: PLC0415 (loaded only where such a config is read)

    return composition.composed(found, _scanned)


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
        sha256=mmengine.digest(found, made.bases),
        dialect=dialect(path),
        tree=plain(made.root),
        links=made.links,
        bases=tuple(made.bases),
        notes=tuple(made.notes),
    )


def places(path: Path, paths: Iterable[str]) -> dict[str, tuple[Path | None, int]]:
    """The file and the line of each dotted path; None for this file. What a Python config inherits is left out.

    Raises ConfigSyntax and ConfigTooLarge as `parse` does.
    """
    if dialect(path) == mmengine.DIALECT:
        return {one: (None, line) for one, line in python_lines.where(path, paths).items()}
    made = document(path, decoded(path, read(path)))
    found: dict[str, tuple[Path | None, int]] = {}
    for wanted in paths:
        node = find(made.root, wanted)
        cell = None if node is None else resolve(node)
        origin = None if cell is None else made.origin(cell)
        if origin is not None:
            found[wanted] = origin.path, origin.line
        elif isinstance(cell, Opaque):
            found[wanted] = None, cell.line
        elif cell is not None and cell.span is not None:
            found[wanted] = None, cell.span.line
    return found


def _scanned(path: Path, text: str) -> Document:
    from defib.configs import arguments, json_text, toml_text, yaml_text  # noqa: PLC0415 (loaded only where such a config is read)

    readers = {"yaml": yaml_text.compose, "json": json_text.scan, "toml": toml_text.load, "arguments": arguments.read}
    return readers[dialect(path)](path, text)
