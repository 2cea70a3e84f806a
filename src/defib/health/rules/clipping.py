"""Gradient clipping cuts most updates.

Why it matters: when most steps are cut to one length, the limit and not the gradient says how far the weights move. The
learning rate means something else then, and Google's tuning playbook advises to lower it instead of clipping harder.
How it looks: over fifty logged values more than half of the updates were clipped, by the logged share of clipped updates or,
where that is not known, by gradient norms above the limit in the config (frameworks log the norm before clipping).
It is a note and never more: transformers are trained with limits of 0.1 to 1 that cut nearly every step, and are well.
It matters beside a curve that does not move; see the cause `clip_too_tight`.
Stays quiet on: limits that cut the large gradients of the first steps or single outliers, and values that are not finite.
Size: the share of the updates that were clipped, in per cent.
What to do: Nothing, while the score rises. Where it stands, raise the limit to about the median of the logged norms, or
lower the learning rate and leave the limit.

中文：
大多数更新都被梯度裁剪截断。

为何重要：当大多数更新都被截成同一长度时，决定权重移动多远的是阈值而不是梯度。学习率的含义也随之改变；Google 的
调参手册建议此时降低学习率，而不是裁剪得更狠。
判断依据：在五十个记录值中，超过一半的更新被裁剪；优先使用日志记录的裁剪比例，没有时则看梯度范数是否超过配置中的
阈值（框架记录的是裁剪前的范数）。它只是提示，不会更严重：Transformer 常用 0.1 到 1 的阈值，几乎每步都被裁剪，训
练仍然正常。只有同时曲线停滞时才值得关注，参见原因 `clip_too_tight`。
不会报告：只截断最初几步大梯度或个别离群值的阈值，以及非有限的数值。
数值含义：被裁剪的更新所占百分比。
如何处理：成绩在上升时不必处理。停滞时，把阈值提高到所记录范数的中位数附近，或保留阈值而降低学习率。
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

MOST = 50.0  # per cent of the updates; published: Google's tuning playbook
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
