"""What to look for after the restart: signs of health and signs of danger, from the run's own values."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from defib.naming import branch_of, metric_name
from defib.records import WatchRule
from defib.words import Words, number

if TYPE_CHECKING:
    from defib.records import Checkup, Run, Symptom

STEP = 5.0  # points: values are rounded to fives, so that nobody mistakes them for measured limits
FALLS = 3
TWICE = 2
FALL = 5.0
GAP = 15.0

ABOVE = Words(en="{branch} above {value}% (its best was {best}%)", zh="{branch} 高于 {value}%（此前最好 {best}%）")
BELOW = Words(
    en="{branch}, the first branch to fall, below {value}% {times} times in a row (it was {start}% at the start checkpoint; once may be chance)",
    zh="最先下跌的分支 {branch} 连续 {times} 次低于 {value}%（起始检查点处为 {start}%；仅一次可能是偶然）",
)
RISES = Words(en="the {metric} rises steadily, without sudden falls", zh="{metric}稳定上升，不再暴跌")
SMOOTH = Words(en="the training loss falls smoothly", zh="训练 loss 平滑下降（无剧烈波动）")
GAP_BELOW = Words(
    en="the gap between training and validation accuracy stays below {value} points (over an epoch, not one batch)",
    zh="训练与验证准确率的差距小于 {value} 个百分点（按整轮计算，而非单个批次）",
)
IN_A_ROW = Words(
    en="{times} evaluations in a row fall by more than {value} points each: still unstable",
    zh="连续 {times} 次评估各下降超过 {value} 个百分点：仍不稳定",
)
JUMPS = Words(en="the training loss jumps up", zh="训练 loss 突然上升（可能梯度爆炸）")
MEMORY = Words(
    en="GPU out of memory: halve the batch per GPU and accumulate two steps",
    zh="GPU 显存不足（OOM）：每卡批大小减半并累积两步",
)


def signs(run: Run, checkup: Checkup) -> tuple[WatchRule, ...]:
    """Signs of health first, then signs of danger.

    The branch whose values are watched is the one that fell first. It is healthy again above its own best, rounded up
    to fives, and in trouble below what it had at the start checkpoint less its noise, rounded down to fives.
    """
    if checkup.incident is None or run.deciding is None:
        return ()
    health: list[WatchRule] = []
    danger: list[WatchRule] = []
    fallen = _first_fallen(checkup)
    branch, noise = (None, 0.0) if fallen is None else (fallen.branch, fallen.noise or 0.0)
    series = None if branch is None else run.get(f"val/top1/{branch}")
    if series is not None and branch is not None and np.isfinite(series.value).any():
        best = float(np.nanmax(series.value))
        at = np.flatnonzero(series.epoch == (checkup.incident.best.at.epoch or np.nan))
        start = float(series.value[at[-1]]) if len(at) else best
        up, down = STEP * math.ceil(best / STEP), STEP * math.floor((start - noise) / STEP)
        says = ABOVE.fill(branch=branch_of(run, series.key), value=number(up), best=f"{best:.2f}")
        health.append(WatchRule(kind="health", metric=series.key, relation="above", value=up, says=says))
        says = BELOW.fill(branch=branch_of(run, series.key), value=number(down), start=f"{start:.2f}", times=TWICE)
        danger.append(WatchRule(kind="danger", metric=series.key, relation="below", value=down, times=TWICE, says=says))
    health += [
        WatchRule(
            kind="health", metric=run.deciding, relation="rises", says=RISES.fill(metric=metric_name(run, run.deciding))
        ),
        WatchRule(kind="health", metric="train/loss", relation="smooth", says=SMOOTH),
        WatchRule(
            kind="health", metric="train/top1", relation="gap-below", value=GAP, says=GAP_BELOW.fill(value=number(GAP))
        ),
    ]
    row = IN_A_ROW.fill(times=FALLS, value=number(FALL))
    danger += [
        WatchRule(kind="danger", metric=run.deciding, relation="falls-in-a-row", value=FALL, times=FALLS, says=row),
        WatchRule(kind="danger", metric="train/loss", relation="jumps", says=JUMPS),
        WatchRule(kind="danger", metric="memory", relation="out-of-memory", says=MEMORY),
    ]
    return (*health, *danger)


def _first_fallen(checkup: Checkup) -> Symptom | None:
    falls = [one for one in checkup.symptoms if one.rule == "branch_collapse" and one.branch is not None]
    if not falls:
        return None
    return min(falls, key=lambda one: (one.onset.epoch or math.inf, -(one.size or 0.0)))
