"""How the supervisor is to work, and how much it may spend."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from defib.words import Words, number

if TYPE_CHECKING:
    from defib.records import Entry, Run

PAUSE = 5.0
"""Seconds between two looks at the log where nothing tells of a change."""
ATTEMPTS = 3
SILENCE = 3600.0
"""Seconds. Assumed."""
HOUR = 3600.0

HOURS = Words(en="{spent} of {most} hours are spent", zh="已用去 {spent} 小时（上限 {most} 小时）")
SHARE = Words(
    en="the attempts have trained {spent} epochs, {most} times the {original} of the original run are allowed",
    zh="各次尝试共训练了 {spent} 轮，上限是原训练 {original} 轮的 {most} 倍",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Orders:
    """How the supervisor is to work."""

    template: str | None = None
    python: str | None = None
    slurm: str | None = None
    """Words for sbatch; None starts a process of this machine."""
    attempts: int = ATTEMPTS
    hours: float | None = None
    """Of all attempts together; None for no limit."""
    share: float | None = None
    """Epochs of all attempts together, as a share of those of the original run; None for no limit."""
    climb: bool = False
    """Whether to try the steps of the ladder after a recovery, `attempts` of them at most."""
    silence: float = SILENCE
    """Seconds that an attempt may take until it has logged something; three epochs of the old run where those are longer."""
    pause: float = PAUSE

    def spent(self, entries: tuple[Entry, ...], now: float, original: Run, attempts: tuple[Run, ...]) -> Words | None:
        """Which limit is reached; None while none is.

        entries: the journal. now: Unix seconds. attempts: the restarted runs, as far as they have logged.
        """
        begun = min((one.at for one in entries if one.kind == "start"), default=now)
        if self.hours is not None and now - begun >= self.hours * HOUR:
            return HOURS.fill(spent=number((now - begun) / HOUR, 3), most=number(self.hours))
        length = epochs(original)
        if self.share is not None and length:
            trained = sum(epochs(one) for one in attempts)
            if trained >= self.share * length:
                return SHARE.fill(spent=number(trained, 4), most=number(self.share), original=number(length, 4))
        return None


def epochs(run: Run) -> float:
    """How many epochs a run has logged; 0 where it counts none.

    >>> from defib.samples import run_of
    >>> epochs(run_of({"val/top1": [10.0, 20.0, 30.0]}))
    3.0
    """
    moments = np.concatenate([series.epoch for series in run.series] or [np.empty(0)])
    moments = moments[np.isfinite(moments)]
    return float(moments.max()) if len(moments) else 0.0
