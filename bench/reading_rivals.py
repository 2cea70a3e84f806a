"""The published log doctors that can read the same bytes, each called as a whole process in its own environment.

None of them is imported here or needed by anything else. `python -m bench.doctors install DIR` makes the environments.
What they look for differs from what defib looks for, so that the times compare tools, not algorithms: epokio keeps the
last value of each epoch, the others look at the total loss and a few more columns.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from bench.launched import Launched, launched

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_EPOKIO = (
    "import sys; from pathlib import Path; from epokio.scan import read_run; from epokio.analysis import analyze; "
    "run, page = read_run(Path(sys.argv[1])), analyze(Path(sys.argv[1])); "
    "print('epochs', run and run.epoch, page and page.kinds)"
)


class Rival(NamedTuple):
    """One doctor: its name on PyPI, its command, and what it prints only where it has read values."""

    name: str
    command: Callable[[Path, Path], list[str]]
    """From its environment and the log."""
    reads: str


def _tool(name: str, *words: str) -> Callable[[Path, Path], list[str]]:
    # By their own launcher scripts, as a user would. The three of them know lines of JSON by the ending `.jsonl`.
    return lambda place, log: [str(place / "bin" / name), *words, str(log.with_suffix(".jsonl"))]


def _epokio(place: Path, log: Path) -> list[str]:
    # It has no command that judges one run; these are the functions behind its list and its page.
    return [str(place / "bin" / "python"), "-c", _EPOKIO, str(log.parent.parent)]


RIVALS = (
    Rival("losslint", _tool("losslint", "check"), "points"),
    Rival("runmedic", _tool("runmedic", "diagnose"), "Detected:"),
    Rival("trainproof", _tool("trainproof", "doctor"), "COLUMNS:"),
    Rival("epokio", _epokio, "epochs "),
)


def installed(environments: Path | None) -> Iterator[tuple[Rival, Path | None]]:
    """Each doctor with its environment, or None where it is not installed."""
    for rival in RIVALS:
        place = None if environments is None else environments.resolve() / rival.name
        there = place is not None and (place / "bin" / "python").exists()
        yield rival, place if there else None


def version(place: Path, name: str) -> str:
    """The version that is installed in an environment."""
    asked = [str(place / "bin" / "python"), "-c", f"from importlib.metadata import version; print(version({name!r}))"]
    return launched(asked).out.strip()


def asked(rival: Rival, place: Path, log: Path, home: Path) -> Launched:
    """One call of a doctor on the log; its settings and caches go to a home of its own."""
    linked = log.with_suffix(".jsonl")
    if not linked.exists():
        linked.hardlink_to(log)
    path = str(Path(shutil.which("env") or "/usr/bin/env").parent)
    return launched(rival.command(place, log), environment={"HOME": str(home), "PATH": path, "PYTHONUTF8": "1"})
