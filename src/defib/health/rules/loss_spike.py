"""A loss jumped far out of its own noise.

Why it matters: one bad batch, one step that was too long, or an overflow. A spike that is back within a few values harms
little, but the next one may not come back: clipping the gradient or skipping the batch is cheap.
How it looks: on a logarithmic scale a logged value is above the median of the ten before it by more than a factor of two, by
more than eight times the robust spread, and by more than three times the largest such jump so far. It is a note, cleared when
three quarters of the jump are gone. A training loss that is still up ten values later, and has lost a part of what
was learned, is a watch; where it is back at its start it is `loss_divergence`.
Stays quiet on: noise with heavy tails, losses whose batches differ, the first twenty values, jumps after the learning rate was
raised or after a restart of the program, a fourth spike that is no larger than the three before it, and NaN (see `non_finite`).
Size: the factor, or the difference where the loss is not always above zero.
What to do: Let it run when it comes back. When it stays up or comes again, clip the gradient or skip the batch, and look at
that batch.

中文：
损失突然跳出了自身的噪声范围。

为何重要：可能是一个坏批次、一步迈得过大，或数值溢出。几个值之内就恢复的尖峰危害不大，但下一次未必能恢复；梯度裁
剪或跳过该批次的代价很小。
判断依据：在对数尺度上，某个记录值超过之前十个值中位数的两倍，超过稳健离散度的八倍，并超过此前最大一次跳变的三
倍。它是提示，回落四分之三即解除。若训练损失十个值之后仍未回落，且丢失了一部分所学，则为 watch；若已回到起点，则
由 `loss_divergence` 报告。
不会报告：重尾噪声、批次之间差异大的损失、最初二十个值、学习率上调或程序重启之后的跳变、不大于前三次的第四次尖
峰，以及 NaN（见 `non_finite`）。
数值含义：倍数；损失并非恒大于零时为差值。
如何处理：能恢复就继续训练。若不回落或再次出现，则裁剪梯度或跳过该批次，并查看那个批次。
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from defib.health.rule import Finding, rule
from defib.health.spikes import BEFORE, LEVEL, Spike, spikes
from defib.naming import metric_name
from defib.words import Words, number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from defib.records import Run, Series

RAISED = 1.5
"""Times the lowest rate among the ten logged before, from which the schedule explains a jump; assumed."""
START = 5  # values whose median is the loss at the start; assumed
MUCH, NEAR_START = 0.15, 0.8
"""Shares of the way back to the start: a rise of less is nothing lost, one of more is a divergence; assumed."""
FEW = Words(en="no loss was logged twenty times", zh="没有任何损失被记录满二十次")
STILL = Words(
    en="the {metric} jumped from about {usual} to {now} and has not come back in {count} values",
    zh="{metric}从约 {usual} 跳到 {now}，{count} 个记录值之后仍未回落",
)


def _blind(run: Run) -> Words | None:
    return None if any(len(one) > BEFORE for one in _losses(run)) else FEW


@rule(
    needs=(),
    blind=_blind,
    says=Words(
        en="the {metric} jumped from about {usual} to {now}, far out of its noise",
        zh="{metric}从约 {usual} 跳到 {now}，远超其噪声范围",
    ),
)
def loss_spike(run: Run) -> Iterator[Finding]:
    """Look at the total training loss, at its parts where no total was logged, and at the held-out loss."""
    for series in _losses(run):
        finite = np.flatnonzero(np.isfinite(series.value))
        value = series.value[finite]
        for spike in spikes(value):
            onset = int(finite[spike.onset])
            if _explained(run, series, finite, spike.onset):
                continue
            yield _finding(run, series, finite, spike, onset)
            if spike.still is not None and series.metric == "train/loss" and _lost(value, spike):
                yield _still(run, series, onset, int(finite[spike.still]), spike)


def _finding(run: Run, series: Series, finite: np.ndarray, spike: Spike, onset: int) -> Finding:
    now = float(series.value[onset])
    return Finding(
        series=series,
        index=onset,
        known=onset,
        severity="note",
        size=now / spike.level if spike.level > 0 else now - spike.level,
        cleared=None if spike.back is None else int(finite[spike.back]),
        facts=(run.fact(series, int(finite[spike.onset - 1])), run.fact(series, onset)),
        values={"usual": number(spike.level), "now": number(now)},
    )


def _still(run: Run, series: Series, onset: int, known: int, spike: Spike) -> Finding:
    now = float(series.value[known])
    later = np.flatnonzero(series.value[known:] <= _half(spike.level, float(series.value[onset])))
    return Finding(
        series=series,
        index=onset,
        known=known,
        severity="watch",
        size=now / spike.level if spike.level > 0 else now - spike.level,
        cleared=known + int(later[0]) if len(later) else None,
        facts=(run.fact(series, onset), run.fact(series, known)),
        says=STILL.fill(
            metric=metric_name(run, series.key),
            usual=number(spike.level),
            now=number(float(series.value[onset])),
            count=known - onset,
        ),
    )


def _half(level: float, top: float) -> float:
    """A quarter of the way up, on the scale on which the jump was seen."""
    return level * (top / level) ** 0.25 if level > 0 and top > 0 else level + (top - level) / 4


def _lost(value: np.ndarray, spike: Spike) -> bool:
    """Whether a part of what was learned is lost, and not all: then `loss_divergence` speaks of it."""
    start = float(np.median(value[:START]))
    now = float(np.median(value[spike.onset : (spike.still or spike.onset) + 1]))
    return MUCH <= (now - spike.level) / max(start - spike.level, 1e-12) < NEAR_START


def _explained(run: Run, series: Series, finite: np.ndarray, index: int) -> bool:
    """Whether the schedule had just raised the rate, or the program was started again, since the level was taken."""
    begin, onset = float(series.record[finite[index - LEVEL]]), float(series.record[finite[index]])
    if any(begin < segment.record <= onset for segment in run.segments):
        return True
    for rate in run.branches("train/lr"):
        # A held-out loss is compared with the evaluation before, so the rates since ten values before count here too.
        last = int(np.searchsorted(rate.record, onset, side="right"))
        since = min(int(np.searchsorted(rate.record, begin)), max(last - LEVEL, 0))
        seen = rate.value[since:last]
        if len(seen) and (seen > RAISED * np.fmin.accumulate(seen)).any():
            return True
    return False


def _losses(run: Run) -> tuple[Series, ...]:
    total = run.get("train/loss")
    training = run.branches("train/loss") if total is None else (total,)
    held_out = [one for key in ("val/loss", "test/loss") if (one := run.get(key)) is not None]
    return (*training, *held_out)
