"""The training loss rose back to where it started, or beyond, or the training accuracy fell back, and stayed there.

Why it matters: what was learned is gone from the weights too; no evaluation setting explains it.
How it looks: as a share of what was learned since the start, nine tenths are lost. Two logged values in a row are enough
where the second does not come down again; else medians of five logged values, later of a fiftieth of the log so far.
Where no total loss was logged, each part is looked at.
Stays quiet on: single spikes however tall, smaller rises, a loss or an accuracy that never rose out of its own noise,
losses that begin at or below zero (listed as not checked).
Size: how much the value, or the median, is worse than its best.
What to do: Stop, and start again from the last good checkpoint at a lower rate (`defib rescue`); look for what changed
where the loss turned.

中文：
训练损失回升到起点甚至更高，或训练准确率退回起点，并停留在那里。

为何重要：权重里学到的东西也丢了，任何评估设置都解释不了这一点。
判断依据：从起点以来取得的进步丢失了十分之九。若第二个值没有再降下来，连续两个记录值就够；否则看五个记录值的中位
数，日志变长后改为目前长度的五十分之一。没有记录总损失时，逐项检查。
不会报告：再高的单次尖峰、较小的回升、从未越出自身噪声的损失或准确率，以及起始值不大于零的损失（列为未检查）。
数值含义：该值（或中位数）比最好值差多少。
如何处理：停止训练，以更低的学习率从最后一个好的检查点重新开始（`defib rescue`）；查看损失转折处有什么变化。
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import numpy as np

from defib.health.falling import fallen
from defib.health.relapses import relapses, scatter
from defib.health.rule import Finding, rule
from defib.health.scores import score
from defib.health.shapes import RANGE
from defib.naming import metric_name
from defib.words import Words, number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from defib.records import Run, Series

ROW = 5  # values; the median ignores two bad ones of them. Assumed
SHARE = 0.02  # of the log so far, for a block; keeps long logs calm and quick. Assumed
NO_START = Words(
    en="the training loss has fewer than five values, or does not begin above zero",
    zh="训练损失不足五个数值，或者起始值不大于零",
)
FELL = Words(
    en="the {metric} went from about {best} back to {now}, and did not turn at once",
    zh="{metric}从约 {best} 退回到 {now}，且没有立即好转",
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
    """Find lasting rises of the total training loss, of its parts where no total was logged, and falls of the accuracy."""
    quick = [finding for series in (*_losses(run), *run.branches("train/top1")) for finding in _relapsed(run, series)]
    yield from quick
    for loss in _losses(run):
        smooth = _smooth(loss)
        for finding in () if smooth is None else fallen(run, smooth):
            lasting = finding.severity == "act" and _learned(loss, finding)
            if lasting and not any(_covers(one, finding) for one in quick):
                yield finding


def _relapsed(run: Run, series: Series) -> Iterator[Finding]:
    for found in relapses(run, series):
        words = {"best": _shown(series, found.best), "now": _shown(series, float(series.value[found.known]))}
        yield Finding(
            series=series,
            index=found.onset,
            known=found.known,
            severity="act",
            size=abs(found.best - float(series.value[found.known])),
            cleared=found.cleared,
            facts=tuple(run.fact(series, index) for index in (found.onset - 1, found.onset, found.known)),
            says=FELL.fill(metric=metric_name(run, series.key), **words),
        )


def _learned(loss: Series, finding: Finding) -> bool:
    """Whether the medians had gone further down than the noise of single values reaches."""
    before = loss.value[loss.record <= finding.series.record[finding.index]]
    medians = finding.series.value[: finding.index]
    if not len(medians):
        return False
    unit = float(medians[0]) / 100.0
    return float(medians[0] - np.nanmin(medians)) >= unit * RANGE * scatter(
        before[np.isfinite(before)] / unit, len(before)
    )


def _covers(quick: Finding, slow: Finding) -> bool:
    """Whether a fall was told before in the same curve; what was known later may not take back what was known first."""
    onset, known = quick.series.record[quick.index], quick.series.record[quick.known]
    over = np.inf if quick.cleared is None else quick.series.record[quick.cleared]
    return (
        quick.series.key == slow.series.key
        and known <= slow.series.record[slow.known]
        and onset - ROW <= slow.series.record[slow.index] < over
    )


def _shown(series: Series, value: float) -> str:
    return f"{value:.1f}%" if series.unit == "%" else number(value)


def _losses(run: Run) -> tuple[Series, ...]:
    total = run.get("train/loss")
    return run.branches("train/loss") if total is None else (total,)


def _smoothed(run: Run) -> list[Series]:
    return [smooth for part in _losses(run) if (smooth := _smooth(part)) is not None]


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
