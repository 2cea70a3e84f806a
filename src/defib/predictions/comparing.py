"""Two sets of predictions class by class: of two streams, or of an earlier and a later checkpoint."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from defib.predictions.accuracy import recalls, share
from defib.predictions.fusion import fused
from defib.predictions.table import FUSED
from defib.records import ClassScore, Pair

if TYPE_CHECKING:
    from collections.abc import Iterator

    from defib.predictions.table import Table

FAR = 30.0  # points between two recognition rates of one class, from which on one knows it and the other does not. Assumed
SURE = 3.0  # standard errors; some 60 classes are compared at once
MOST_SHOWN = 10


def pairs(table: Table) -> Iterator[Pair]:
    """Every two streams."""
    for first, second in combinations(table.streams, 2):
        one, two = table.predicted(first), table.predicted(second)
        found = Pair(first=first, second=second, agreement=share((one == two) & (one >= 0)))
        if table.labels is None:
            yield found
            continue
        one_right, two_right = one == table.labels, two == table.labels
        better, worse = (recalls(who, table.labels, table.classes) for who in (one, two))
        yield Pair(
            first=first,
            second=second,
            agreement=found.agreement,
            first_only=share(one_right & ~two_right),
            second_only=share(two_right & ~one_right),
            either=share(one_right | two_right),
            first_knows=far_above(better, worse),
            second_knows=far_above(worse, better),
        )


def lost(earlier: Table, later: Table) -> tuple[str, tuple[ClassScore, ...]] | None:
    """(a branch, its classes that fell most from the earlier file to the later); None where they cannot be compared.

    The branch is the fused one where both have it, else the one that lost most.
    """
    if earlier.labels is None or later.labels is None or earlier.classes != later.classes:
        return None
    before, after = _answers(earlier), _answers(later)
    common = [name for name in before if name in after]
    if not common:
        return None
    falls = {name: share(before[name] == earlier.labels) - share(after[name] == later.labels) for name in common}
    branch = FUSED if FUSED in falls else max(falls, key=lambda name: falls[name])
    was = recalls(before[branch], earlier.labels, earlier.classes)
    now = recalls(after[branch], later.labels, later.classes)
    fallen = far_above(was, now)
    return branch, tuple(
        ClassScore(label=one.label, count=one.count, value=one.other or 0.0, other=one.value) for one in fallen
    )


def _answers(table: Table) -> dict[str, np.ndarray]:
    found = {name: table.predicted(name) for name in table.streams}
    joined = fused(table)
    return found if joined is None else {FUSED: joined, **found}


def far_above(high: tuple[np.ndarray, np.ndarray], low: tuple[np.ndarray, np.ndarray]) -> tuple[ClassScore, ...]:
    """Classes that one recognises far better than the other, beyond chance, the largest gap first."""
    (better, many), (worse, few) = high, low
    both = (many > 0) & (few > 0)
    with np.errstate(invalid="ignore"):
        gap = better - worse
        one, two = (100.0 * _expected(hits, counts) for hits, counts in ((better, many), (worse, few)))
        far = both & (gap >= FAR) & (one - two > SURE * _error(better * many + worse * few, many, few))
    found = sorted(np.nonzero(far)[0], key=lambda label: (-gap[label], label))
    return tuple(
        ClassScore(label=int(one), count=int(few[one]), value=float(better[one]), other=float(worse[one]))
        for one in found[:MOST_SHOWN]
    )


def _expected(shares: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """Shares (given in per cent) in 0..1, with one right and one wrong sample thought beside."""
    found: np.ndarray = (shares / 100.0 * counts + 1) / (counts + 2)
    return found


def _error(hits: np.ndarray, many: np.ndarray, few: np.ndarray) -> np.ndarray:
    """The standard error of a gap in points, if both were equally good; hits: of both together, times 100."""
    alike = (hits / 100.0 + 2) / (many + few + 4)
    found: np.ndarray = 100.0 * np.sqrt(alike * (1 - alike) * (1 / (many + 2) + 1 / (few + 2)))
    return found
