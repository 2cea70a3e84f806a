"""The environment of an attempt: the one that the user has, without defib's own virtual environment."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

LEAKS = ("VIRTUAL_ENV", "VIRTUAL_ENV_PROMPT", "PYTHONHOME", "__PYVENV_LAUNCHER__")


def cleaned(environment: Mapping[str, str], python: str | None, *, ours: str = sys.prefix) -> dict[str, str]:
    """What an attempt gets: nothing that leads back to `ours`, and the run's interpreter first on its path.

    python: the run's interpreter; None leaves the path alone but for ours.

    >>> cleaned({"PATH": "/d/venv/bin:/usr/bin", "VIRTUAL_ENV": "/d/venv", "A": "b"}, "/r/bin/python", ours="/d/venv")
    {'PATH': '/r/bin:/usr/bin', 'A': 'b'}
    """
    found = {name: value for name, value in environment.items() if name not in LEAKS}
    own = {str(Path(ours) / "bin"), str(Path(ours).resolve() / "bin")}
    first = [] if python is None or "/" not in python else [str(Path(python).parent)]
    rest = [part for part in environment.get("PATH", "").split(":") if part and part not in own and part not in first]
    found["PATH"] = ":".join(first + rest)
    return found
