"""What the browser is shown: the last look at each run, under a number, with a version that grows when it changes."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from defib.livepage import livepage
from defib.reports.glance import glance
from defib.reports.inert import clean
from defib.reports.names import SHORT_VERDICTS
from defib.reports.quantities import moment

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from defib.records import Case
    from defib.watching.watcher import Look
    from defib.words import Language


def unplanned(case: Case) -> Case:
    """The case without its plan: a watch writes none, so that there is no config whose command could be typed."""
    return msgspec.structs.replace(case, plan=None)


class Row(NamedTuple):
    """One run, as the list shows it. Visible characters only."""

    number: int
    name: str
    verdict: str
    """One of the verdicts, or `unknown`; the name of a colour."""
    said: str
    """The verdict in the reader's language."""
    says: str
    phase: str
    best: str
    last: str
    trend: str
    version: int
    at: str


class Board:
    """Thread-safe: one thread looks, others serve."""

    def __init__(self, language: Language) -> None:
        self.language, self.version = language, 0
        self._lock = threading.Lock()
        self._looks: dict[int, Look] = {}
        self._numbers: dict[Path, int] = {}
        self._versions: dict[int, int] = {}
        self._pages: dict[int, tuple[int, str]] = {}

    def publish(self, looks: Sequence[Look]) -> None:
        """Show these from now on; a run keeps its number for as long as it is watched."""
        with self._lock:
            changed = False
            for look in looks:
                number = self._numbers.setdefault(look.path, len(self._numbers) + 1)
                if self._looks.get(number) is not look:
                    self._looks[number], changed = look, True
                    self._versions[number] = self._versions.get(number, 0) + 1
            self.version += changed

    def rows(self) -> list[Row]:
        """Every run, in the order of the numbers."""
        with self._lock:
            looks = sorted(self._looks.items())
            versions = dict(self._versions)
        return [self._row(number, look, versions[number]) for number, look in looks]

    def page(self, number: int) -> str | None:
        """The report of one run; None where there is no such number, or nothing could be judged."""
        with self._lock:
            look, version = self._looks.get(number), self._versions.get(number, 0)
            kept = self._pages.get(number)
        if look is None or look.case is None:
            return None
        if kept is None or kept[0] != version:
            kept = (version, livepage([unplanned(look.case)], self.language))
            with self._lock:
                self._pages[number] = kept
        return kept[1]

    def _row(self, number: int, look: Look, version: int) -> Row:
        case = look.case
        said = "?" if case is None else SHORT_VERDICTS[case.verdict].said(self.language)
        words = look.refused if look.refused is not None else None if case is None else case.says
        seen = None if case is None else glance(case)
        first = seen.curves[0] if seen is not None and seen.curves else None
        return Row(
            number=number,
            name=clean("/".join(look.path.resolve().parts[-2:])),
            verdict="unknown" if case is None or look.refused is not None else case.verdict,
            said=said,
            says="" if words is None else clean(words.said(self.language)),
            phase="" if seen is None else seen.phase.said(self.language),
            best="" if first is None else first.best,
            last="" if first is None else first.last,
            trend="" if first is None else first.trend,
            version=version,
            at=moment(look.at).said(self.language),
        )
