"""Most of the time is spent waiting for data.

Why it matters: the GPU stands still meanwhile. Nothing is learned worse, but a run may take twice as long or more than it needs:
more workers, faster storage, or smaller files on it would cure that.
How it looks: over fifty logged values the loader takes more than half of the time of a step. The first value of each epoch,
in which workers start, is left out; where an epoch has one value alone, its mean counts.
It is a note: it costs time, not accuracy.
Stays quiet on: single slow steps, waits of less than a fiftieth of a second, runs that log no times (listed as not checked).
Size: the share of the time that is spent waiting, in per cent.
What to do: More workers, `persistent_workers`, frames decoded beforehand (`defib data prepare` for its trainer), files on a
local disk.

中文：
大部分时间花在等待数据上。

为何重要：此时 GPU 在空转。学习质量不受影响，但耗时可能翻倍甚至更多：增加 worker、换更快的存储或使用更小的文件可
以解决。
判断依据：在五十个记录值中，数据加载占每步时间的一半以上。每轮的首个值（此时 worker 正在启动）不计；一轮只有一个
值时，以其平均值为准。它只是提示：耗费时间，不影响准确率。
不会报告：个别慢的步骤、不到五十分之一秒的等待，以及没有记录时间的训练（列为未检查）。
数值含义：等待时间所占百分比。
如何处理：增加 worker、打开 `persistent_workers`、预先解码（defib 的训练器可用 `defib data prepare`）、把文件
放到本地磁盘。
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from defib.health.rule import Finding, rule
from defib.health.stretches import moving, stretches
from defib.words import Words, number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from defib.records import Column, Run, Series

MOST = 0.5  # of the time of a step; assumed
ROW = 50  # logged values; assumed
LEAST = 0.02  # seconds; a shorter wait is not worth a look. Assumed


@rule(
    needs=("train/data_time", "train/time"),
    says=Words(
        en="{share} of the time goes into waiting for data ({wait} s of {step} s a step)",
        zh="{share} 的时间花在等待数据上（每步 {step} 秒中有 {wait} 秒）",
    ),
)
def slow_data(run: Run) -> Iterator[Finding]:
    """Find stretches in which the loader takes most of the time."""
    data, step = run.get("train/data_time"), run.get("train/time")
    if data is None or step is None:
        return
    _, there, beside = np.intersect1d(data.record, step.record, return_indices=True)
    waits, steps = data.value[there], step.value[beside]
    kept = ~_begins_epoch(data, there) & np.isfinite(waits) & np.isfinite(steps) & (steps > 0)
    there, beside, waits, steps = there[kept], beside[kept], waits[kept], steps[kept]
    slow = (waits > MOST * steps) & (waits >= LEAST)
    for known, over in stretches(moving(slow, ROW), above=MOST, until=MOST / 2):
        window = slice(known + 1 - ROW, known + 1)
        wait, whole = float(np.median(waits[window])), float(np.median(steps[window]))
        share = float(np.median(waits[window] / steps[window]))
        last = int(there[known])
        yield Finding(
            series=data,
            index=int(there[known + 1 - ROW]),
            known=last,
            severity="note",
            size=100.0 * share,
            cleared=None if over is None else int(there[over]),
            facts=(run.fact(data, last), run.fact(step, int(beside[known]))),
            values={"share": f"{share:.0%}", "wait": number(wait, 2), "step": number(whole, 2)},
        )


def _begins_epoch(data: Series, there: Column) -> Column:
    """Which values are the first of several of their epoch; what comes later does not change the answer."""
    epoch = data.epoch[there]
    first = np.ones(len(epoch), dtype=bool)
    first[1:] = epoch[1:] != epoch[:-1]
    alone = np.zeros(len(epoch), dtype=bool)
    alone[1:] = first[1:] & first[:-1]  # the epoch before had one value alone, so this one will
    several: Column = first & ~alone & ~np.isnan(epoch)
    return several
