"""The gradient norm has become NaN or infinite and stays so, while the loss is finite.

Why it matters: a mixed-precision scaler skips every step whose gradient overflows. When all of them do, nothing is
learned any more, though the loss looks calm.
How it looks: of twenty logged norms in a row, after one that was finite, eighteen are not; of a hundred ninety, while the loss
does not fall either, is an act. A norm that never was finite says little by itself (some set-ups cannot measure it): it is
a watch after a hundred, when the loss has not fallen meanwhile.
Stays quiet on: single values and short bursts, which a scaler produces in healthy runs; the first twenty values, in which it
looks for its scale (from 65536 it halves sixteen times at most); rows whose loss is not finite (see `non_finite`).
Size: the share of the values that were not finite when it was known, in per cent.
What to do: Train in bf16 or fp32, or lower the learning rate; in fp16 look for the layer whose output overflows. Nothing is
learned until then.

中文：
梯度范数变成 NaN 或无穷大并一直如此，而损失仍为有限值。

为何重要：混合精度的 scaler 会跳过梯度溢出的更新。如果所有更新都被跳过，损失看起来平静，实际上什么也没有再学到。
判断依据：在出现过有限值之后，连续二十个范数中有十八个非有限；一百个中有九十个非有限、且损失也不再下降，则为 act
。从未出现过有限范数说明不了太多（有些环境无法测量），只有满一百个值且损失没有下降时才为 watch。
不会报告：个别值和短暂的一串（健康训练的 scaler 也会产生）；最初二十个值，此时 scaler 还在寻找缩放系数（从 65536
最多减半十六次）；损失本身也非有限的记录（见 `non_finite`）。
数值含义：能够确认时，非有限值所占百分比。
如何处理：改用 bf16 或 fp32，或降低学习率；在 fp16 下找出输出溢出的那一层。在此之前什么也学不到。
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from defib.health.rule import Finding, rule
from defib.health.stretches import moving, stretches
from defib.words import Words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from defib.records import Run, Series, Severity

FIRST = 20  # logged values; sixteen halvings and some slack. Assumed
ROW = 20  # logged values; assumed
LONG = 100  # logged values; assumed
SHARE = 0.9  # of them not finite; one step in ten may get through. Assumed
CALM = 0.5  # share below which it is over; assumed
FELL = 0.02  # of the loss; a smaller change of its median is no progress. Assumed


@rule(
    needs=("train/grad_norm",),
    says=Words(
        en="{share} of {count} gradient norms in a row are NaN or infinite while the loss is finite: those steps were skipped",
        zh="连续 {count} 个梯度范数中有 {share} 为 NaN 或无穷大，而损失仍为有限值：这些更新被跳过了",
    ),
)
def gradient_not_finite(run: Run) -> Iterator[Finding]:
    """Find stretches in which nearly no norm is finite."""
    for norm in run.branches("train/grad_norm"):
        finite = np.isfinite(norm.value)
        bad = ~finite & _loss_is_finite(run, norm)
        bad[:FIRST] = False
        if finite.all():
            continue
        good = np.flatnonzero(finite)
        if len(good):
            bad[: good[0]] = False  # what never was finite did not become so
            yield from _stretches(run, norm, bad)
        yield from _never(run, norm, finite, int(good[0]) if len(good) else len(norm))


def _stretches(run: Run, norm: Series, bad: np.ndarray) -> Iterator[Finding]:
    short, long = moving(bad, ROW), moving(bad, LONG)
    for known, over in stretches(short, above=SHARE - 1e-9, until=CALM):
        onset = known + 1 - ROW + int(np.argmax(bad[known + 1 - ROW : known + 1]))
        yield replace(_finding(run, norm, (onset, known), "watch", (float(short[known]), ROW)), cleared=over)
        for index in _looks(known, len(bad) if over is None else over):
            if long[index] < SHARE - 1e-9:
                continue
            if _stands(run, norm, onset, index):
                yield replace(_finding(run, norm, (onset, index), "act", (float(long[index]), LONG)), cleared=over)
                break


def _looks(known: int, end: int) -> Iterator[int]:
    """When a long stretch is looked at again: each time twice as late, so that a long log stays quick."""
    after = LONG - ROW
    while known + after < end:
        yield known + after
        after *= 2


def _never(run: Run, norm: Series, finite: np.ndarray, first: int) -> Iterator[Finding]:
    """A norm that was not finite in the first hundred values, while the loss stood."""
    if first >= LONG and _loss_is_finite(run, norm)[:LONG].all() and _stands(run, norm, ROW, LONG - 1):
        cleared = first if first < len(finite) else None
        yield replace(_finding(run, norm, (0, LONG - 1), "watch", (1.0, LONG)), cleared=cleared)


def _finding(run: Run, norm: Series, where: tuple[int, int], severity: Severity, window: tuple[float, int]) -> Finding:
    (onset, known), (share, count) = where, window
    return Finding(
        series=norm,
        index=onset,
        known=known,
        severity=severity,
        size=100.0 * share,
        facts=tuple(run.fact(norm, at) for at in dict.fromkeys((max(onset - 1, 0), onset, known))),
        values={"share": f"{share:.0%}", "count": count},
    )


def _loss_is_finite(run: Run, norm: Series) -> np.ndarray:
    """Whether the loss of each row of the norm is finite; a row without a loss counts as finite."""
    fine = np.ones(len(norm), dtype=bool)
    for loss in run.branches("train/loss"):
        fine &= ~np.isin(norm.record, loss.record[~np.isfinite(loss.value)])
    return fine


def _stands(run: Run, norm: Series, onset: int, known: int) -> bool:
    """Whether the loss has not fallen since the onset, as far as it is known."""
    loss = next(iter(run.branches("train/loss")), None)
    if loss is None:
        return True
    before = loss.value[loss.record <= norm.record[onset]][-ROW:]
    after = loss.value[loss.record <= norm.record[known]][-ROW:]
    if not len(before) or not len(after):
        return True
    return bool(np.median(after) > (1.0 - FELL) * np.median(before))
