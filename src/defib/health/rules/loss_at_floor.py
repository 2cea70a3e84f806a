"""One part of the loss has not moved since training began.

Why it matters: a part that is the same whatever the batch and the weights carries no gradient: it is at its floor, detached from
the model, or a constant. It lifts the total, so that a loss that levels off above it is no sign of under-fitting;
compare totals without it.
How it looks: in its first hundred logged values a part stays within a thousandth of its first value, while the total (or, without
one, another part) changes by a tenth of itself; it makes up at least a hundredth of the total. It is a note: a term at its floor
harms nothing.
Stays quiet on: parts that are zero or switched off, weights and scales that are logged under the name of a loss, parts that
fell and levelled off, runs in which nothing moves.
Size: the part, in per cent of the total.
What to do: Nothing urgent. Subtract it before comparing totals; find out whether it should have a gradient.

中文：
损失中的某一项从训练开始就没有变过。

为何重要：不随批次和权重变化的一项不产生梯度：它已到下限、与模型断开，或只是常数。它会抬高总损失，因此总损失停在
较高处并不说明欠拟合；比较总损失时应扣除它。
判断依据：前一百个记录值中，该项与首个值的差不超过千分之一，而总损失（没有时看其他项）变化了自身的十分之一；且该
项至少占总损失的百分之一。它只是提示：停在下限的一项并无害处。
不会报告：为零或已关闭的项、以损失名义记录的权重和缩放系数、下降后趋于平稳的项，以及一切都不动的训练。
数值含义：该项占总损失的百分比。
如何处理：不急。比较总损失时先扣除它；再弄清它本应不应该有梯度。
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from defib.health.rule import Finding, rule
from defib.words import Words, number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from defib.records import Column, Run, Series

ROW = 100  # logged values; mini-batches alone move a loss by more within a few. Assumed
STILL = 1e-3  # of its first value; three or four digits are logged. Assumed
MOVED = 0.1  # of its own median; assumed
PART = 0.01  # of the total; a smaller part shifts nothing that one would see. Assumed
NO_LOSS = ("weight", "scale", "lambda", "temperature", "tau")
NO_PARTS = Words(en="the loss was not logged in parts", zh="没有分项记录损失")


@rule(
    needs=(),
    blind=lambda run: None if len(_parts(run)) > 1 or (_parts(run) and run.get("train/loss")) else NO_PARTS,
    says=Words(
        en="the part {part} of the loss has been {now} since the first step, {share} of the total: it carries no gradient",
        zh="损失中的 {part} 一项从第一步起一直为 {now}（占总损失的 {share}）：它不产生梯度",
    ),
)
def loss_at_floor(run: Run) -> Iterator[Finding]:
    """Find parts of the loss that stand still while another moves."""
    parts = _parts(run)
    total = run.get("train/loss")
    for part in parts:
        if len(part) < ROW or any(word in (part.branch or "") for word in NO_LOSS):
            continue
        first, known = float(part.value[0]), ROW - 1
        seen = part.value[:ROW]
        if not np.isfinite(seen).all() or first <= 0 or np.abs(seen - first).max() > STILL * first:
            continue
        record = float(part.record[known])
        others = [total] if total is not None else [one for one in parts if one is not part]
        beside = [_until(one, record) for one in others]
        if not any(_moved(values) for values in beside):
            continue
        whole = sum(float(np.median(values)) for values in beside if len(values)) + (
            0.0 if total is not None else first
        )
        if not whole > 0 or first < PART * whole:
            continue
        yield Finding(
            series=part,
            index=0,
            known=known,
            severity="note",
            size=100.0 * first / whole,
            cleared=_left(part, first),
            facts=(run.fact(part, 0), run.fact(part, known)),
            values={"part": part.branch or part.raw, "now": number(first), "share": f"{first / whole:.0%}"},
        )


def _parts(run: Run) -> tuple[Series, ...]:
    branches = tuple(one for one in run.branches("train/loss") if one.branch is not None)
    return (*branches, *run.branches("train/loss_part"))


def _until(series: Series, record: float) -> Column:
    """The finite values of a series up to a record."""
    seen: Column = series.value[(series.record <= record) & np.isfinite(series.value)]
    return seen


def _moved(values: np.ndarray) -> bool:
    """Whether a curve changed, noise aside: its first tenth against its last."""
    tenth = len(values) // 10
    if tenth == 0:
        return False
    start, end = float(np.median(values[:tenth])), float(np.median(values[-tenth:]))
    return abs(end - start) > MOVED * abs(float(np.median(values)))


def _left(part: Series, first: float) -> int | None:
    """Where the part moved after all."""
    moved = np.flatnonzero(np.abs(part.value[ROW:] - first) > STILL * first)
    return ROW + int(moved[0]) if len(moved) else None
