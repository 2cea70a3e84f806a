"""The training loss rose back to where it started, or beyond, and stayed there.

Why it matters: what was learned is gone from the weights too; no evaluation setting explains it.
How it looks: medians of five logged values, later of a fiftieth of the log so far, as a share of the loss at the start
that has been unlearned; when nine tenths of it are lost again it is an act. Medians make one spike invisible. Where no total was logged, each part.
Stays quiet on: single spikes however tall, smaller rises, noise, losses that begin at or below zero (listed as not checked).
Size: how much the median rose above its best.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import numpy as np

from defib.health.falling import fallen
from defib.health.rule import Finding, rule
from defib.health.scores import score
from defib.words import Words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from defib.records import Run, Series

ROW = 5  # values; the median ignores two bad ones of them. Assumed
SHARE = 0.02  # of the log so far, for a block; keeps long logs calm and quick. Assumed
NO_START = Words(
    en="the training loss has fewer than five values, or does not begin above zero",
    zh="训练损失不足五个数值，或者起始值不大于零",
)


def _blind(run: Run) -> Words | None:
    return None if any(score(run, smooth) is not None for smooth in _smoothed(run)) else NO_START


@rule(
    needs=("train/loss",),
    blind=_blind,
    fall=True,
    says=Words(
        en="the {metric} rose from {best} to {now}: {share} of what it had gained is gone",
        zh="{metric}从 {best} 升到 {now}：已取得的进步丢失了 {share}",
    ),
)
def loss_divergence(run: Run) -> Iterator[Finding]:
    """Find lasting rises of the total training loss; of its parts where no total was logged."""
    for smooth in _smoothed(run):
        yield from (finding for finding in fallen(run, smooth) if finding.severity == "act")


def _smoothed(run: Run) -> list[Series]:
    total = run.get("train/loss")
    parts = run.branches("train/loss") if total is None else (total,)
    return [smooth for part in parts if (smooth := _smooth(part)) is not None]


def _smooth(loss: Series) -> Series | None:
    """A loss as medians of blocks; None where there is not one whole block."""
    ends = _ends(len(loss))
    if not ends:
        return None
    starts = [0, *ends[:-1]]
    medians = np.array([np.median(loss.value[start:end]) for start, end in zip(starts, ends, strict=True)])
    last = np.array(ends) - 1  # a block is known when its last value is
    kept = {name: getattr(loss, name)[last] for name in ("step", "epoch", "record", "line", "file")}
    return msgspec.structs.replace(loss, value=medians, **kept)


def _ends(length: int) -> list[int]:
    """Where whole blocks end; it depends on the position alone, so that a longer log only adds blocks.

    >>> _ends(12), _ends(1000)[-2:]
    ([5, 10], [965, 984])
    """
    ends, end = list[int](), 0
    while True:
        end += max(ROW, int(SHARE * end))
        if end > length:
            return ends
        ends.append(end)
