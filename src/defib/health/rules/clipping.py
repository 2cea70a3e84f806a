"""Gradient clipping cuts most updates.

Why it matters: when most steps are cut to one length, the limit and not the gradient says how far the weights move. The
learning rate means something else then, and Google's tuning playbook advises to lower it instead of clipping harder.
How it looks: over fifty logged values more than half of the updates were clipped, by the logged share of clipped updates or,
where that is not known, by gradient norms above the limit in the config (frameworks log the norm before clipping).
It is a note and never more: transformers are trained with limits of 0.1 to 1 that cut nearly every step, and are well.
It matters beside a curve that does not move; see the cause `clip_too_tight`.
Stays quiet on: limits that cut the large gradients of the first steps or single outliers, and values that are not finite.
Size: the share of the updates that were clipped, in per cent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from defib.health.rule import NOT_LOGGED, Finding, rule
from defib.health.stretches import moving, stretches
from defib.words import Words, number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from defib.records import Run, Series

MOST = 50.0  # per cent of the updates; Google's tuning playbook
ROW = 50  # logged values; assumed
NO_LIMIT = Words(
    en="the limit of gradient clipping is not known (no config, or it holds none)",
    zh="不知道梯度裁剪的阈值（没有配置，或配置中没有设置）",
)
BY_NORM = Words(
    en="{share} of {count} logged gradient norms lie above the limit of {limit}: most updates are clipped",
    zh="{count} 个记录的梯度范数中有 {share} 超过阈值 {limit}：大多数更新都被裁剪",
)


def _blind(run: Run) -> Words | None:
    if run.get("train/clipped") is not None:
        return None
    if run.get("train/grad_norm") is None:
        return NOT_LOGGED.fill(metric="train/grad_norm")
    return None if _limit(run) is not None else NO_LIMIT


@rule(
    needs=(),
    blind=_blind,
    says=Words(en="{share} of the updates are clipped", zh="{share} 的更新被裁剪"),
)
def clipping(run: Run) -> Iterator[Finding]:
    """Find stretches in which most updates are clipped."""
    logged, norm, limit = run.get("train/clipped"), run.get("train/grad_norm"), _limit(run)
    if logged is not None:
        yield from _clipped(run, logged, logged.value)
    elif norm is not None and limit is not None:
        yield from _clipped(run, norm, 100.0 * (norm.value > limit), limit)


def _clipped(run: Run, series: Series, percent: np.ndarray, limit: float | None = None) -> Iterator[Finding]:
    there = np.flatnonzero(np.isfinite(series.value))
    mean = moving(percent[there], ROW)
    for known, over in stretches(mean, above=MOST, until=MOST / 2):
        first, last = int(there[known + 1 - ROW]), int(there[known])
        words: dict[str, object] = {"share": f"{mean[known]:.0f}%"}
        facts = [run.fact(series, first), run.fact(series, last)]
        if limit is not None:
            words |= {"count": ROW, "limit": number(limit)}
            facts.append(run.setting_fact("clip"))
        yield Finding(
            series=series,
            index=first,
            known=last,
            severity="note",
            size=float(mean[known]),
            cleared=None if over is None else int(there[over]),
            facts=tuple(facts),
            values=words,
            says=None if limit is None else BY_NORM.fill(**words),
        )


def _limit(run: Run) -> float | None:
    """The largest norm that the config lets through; None when there is none."""
    clip = run.setting("clip")
    return float(clip) if isinstance(clip, int | float) and not isinstance(clip, bool) and clip > 0 else None
