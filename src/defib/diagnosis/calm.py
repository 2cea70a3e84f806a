"""The training loss on either side of a sudden fall of the score: whether training, or only its measurement, broke."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from defib.words import Words

if TYPE_CHECKING:
    from defib.records import Checkup, Run

SUDDEN = 0.4
"""Share of the metric's value lost from one evaluation to the next; slower falls may be over-fitting. Assumed."""
SAME = 1.1
"""Times the loss before the fall; within it training goes on as before. Assumed."""
RISEN = 1.5
"""Times the loss before the fall; beyond it training got worse. Assumed."""
LEAST, SINCE = 5, 3
"""Logged losses before the fall and since: a small run logs three in an epoch. Assumed."""
BACK = 3.0
"""Epochs before the last good evaluation that are looked at, where one has fewer losses than that. Assumed."""

UNDECIDED = Words(
    en="the score fell at once, and too little training was logged since to tell whether training broke or only its measurement. If the "
    "run is still going, let it log another epoch and ask again: a fault of the validation needs no restart",
    zh="成绩是突然下跌的，此后记录的训练太少，无法判断是训练出了问题，还是只有验证的测量出了问题。若训练仍在进行，请等它再记录一轮后重新诊断："
    "验证环节的问题不需要重启",
)


def fell_at_once(run: Run, checkup: Checkup) -> bool:
    """Whether the open incident began with a fall of the deciding score within one evaluation."""
    incident = checkup.incident
    decider = run.get(run.deciding)
    if incident is None or decider is None or decider.better != "higher" or incident.onset.epoch is None:
        return False
    onset = incident.onset.epoch
    before, after = decider.value[decider.epoch < onset], decider.value[decider.epoch >= onset]
    return bool(len(before) and len(after) and after[0] <= (1.0 - SUDDEN) * before[-1])


def around(run: Run, checkup: Checkup) -> tuple[float, float] | None:
    """Median training loss in the epoch before the last good evaluation (of a few, where one has few), and since the first bad one.

    What lies between the two evaluations belongs to neither: the fault came somewhere in it, so that its losses say nothing
    of before. None when too little was logged. A median is NaN as soon as one value in two is not finite.
    """
    sides = _sides(run, checkup)
    if sides is None or len(sides[0]) < LEAST or len(sides[1]) < SINCE:
        return None
    return _median(sides[0]), _median(sides[1])


def _sides(run: Run, checkup: Checkup) -> tuple[np.ndarray, np.ndarray] | None:
    """The logged losses before the last good evaluation, and those since the first bad one; None where there is no fall or no loss."""
    loss, decider = run.get("train/loss"), run.get(run.deciding)
    onset = None if checkup.incident is None else checkup.incident.onset.epoch
    if loss is None or decider is None or onset is None:
        return None
    good = decider.epoch[decider.epoch < onset]
    if not len(good):
        return None
    last = good[-1]
    until = loss.epoch <= last
    earlier = loss.value[until & (loss.epoch > last - 1)]
    if len(earlier) < LEAST:
        earlier = loss.value[until & (loss.epoch > last - BACK)][-LEAST:]
    bad = decider.record[decider.epoch >= onset]
    if not len(bad):
        return None
    # By their place in the log: where the epochs of a log are whole numbers, those before the bad evaluation have the same.
    return earlier, loss.value[loss.record > bad[0]]


def undecided(run: Run, checkup: Checkup) -> bool:
    """Whether the score fell at once, and another epoch of losses would tell whether training broke or only its measurement."""
    sides = _sides(run, checkup) if fell_at_once(run, checkup) else None
    return sides is not None and len(sides[0]) >= LEAST and len(sides[1]) < SINCE


def went_on(losses: tuple[float, float]) -> bool:
    """Whether training went on as before.

    >>> went_on((1.0, 1.05)), went_on((1.0, 1.3)), went_on((1.0, float("nan")))
    (True, False, False)
    """
    was, now = losses
    return bool(now <= SAME * was)


def got_worse(losses: tuple[float, float]) -> bool:
    """Whether training itself got worse.

    >>> got_worse((1.0, 1.05)), got_worse((1.0, 1.3)), got_worse((1.0, float("nan")))
    (False, False, True)
    """
    was, now = losses
    return not np.isfinite(now) or bool(now > RISEN * was)


def _median(values: np.ndarray) -> float:
    finite = values[np.isfinite(values)]
    return float(np.median(finite)) if 2 * len(finite) > len(values) else float("nan")
