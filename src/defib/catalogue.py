"""A file in this folder is an entry.

`entries` is how a room finds its rules, causes, plays, references and formats: every module of a folder must define
an object that is called like the module. Nothing is registered and no list is kept anywhere.
"""

from __future__ import annotations

import importlib
import pkgutil
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from types import ModuleType

Entry = TypeVar("Entry")


def entries(folder: ModuleType, kind: type[Entry]) -> dict[str, Entry]:
    """All entries of a folder, by name, in alphabetical order.

    folder: an imported package; its modules other than `test_*` each define one entry.
    kind: what each entry must be.

    Raises TypeError when a module does not define a `kind` under its own name.
    """
    found: dict[str, Entry] = {}
    for info in sorted(pkgutil.iter_modules(folder.__path__), key=lambda info: info.name):
        if info.name.startswith("test_"):
            continue
        module = importlib.import_module(f"{folder.__name__}.{info.name}")
        entry = getattr(module, info.name, None)
        if not isinstance(entry, kind):
            message = (
                f"{module.__name__} must define a {kind.__name__} called {info.name!r}, like the files beside it; "
                f"found {type(entry).__name__}"
            )
            raise TypeError(message)
        found[info.name] = entry
    return found
