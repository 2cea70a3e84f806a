"""How a run was started, from the first lines of its console log."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING

from defib.records import Launch

if TYPE_CHECKING:
    from collections.abc import Sequence

    from defib.reading.console import Console


def facts(consoles: Sequence[Console]) -> dict[str, str]:
    """What the logs say about the start; a later start wins."""
    return {kind: text for console in consoles for kind, (text, _) in console.heard.facts.items()}


def launch(told: dict[str, str]) -> Launch:
    """The launch, as far as it is told. The interpreter and the command line are not logged.

    >>> launch({"work_dir": "/data/mmaction2/work_dirs/a", "work_dir_in_config": "work_dirs/a"}).cwd
    '/data/mmaction2'
    """
    absolute, in_config = told.get("work_dir"), told.get("work_dir_in_config")
    distributed = told.get("distributed")
    gpus = told.get("gpus")
    return Launch(
        cwd=_above(absolute, in_config),
        work_dir=absolute or in_config,
        gpus=None if gpus is None else int(gpus),
        distributed=None if distributed is None else distributed == "True",
    )


def seconds(written: Sequence[str]) -> float | None:
    """Seconds per epoch from lengths as programs write them, the median; None where none is written.

    >>> seconds(["0:02:03", "0:02:05", "1 day, 0:00:00"]), seconds([])
    (125.0, None)
    """
    found = []
    for text in written:
        days, _, clock = text.rpartition(", ")
        hours, minutes, rest = (int(part) for part in clock.split(":"))
        found.append(86400.0 * int(days.split()[0] if days else 0) + 3600 * hours + 60 * minutes + rest)
    return median(found) if found else None


def _above(absolute: str | None, relative: str | None) -> str | None:
    """The folder in which the relative path was meant."""
    if absolute is None or relative is None:
        return None
    tail = relative.removeprefix("./").rstrip("/")
    path = absolute.rstrip("/")
    if not tail or tail.startswith(("/", "..")) or not path.endswith(f"/{tail}"):
        return None
    return path.removesuffix(f"/{tail}") or "/"
