"""A loss, or the metric that decides, became NaN or infinite and stayed so.

Why it matters: every update after it is meaningless and the weights are usually lost.
How it looks: a non-finite value is a watch, a second one in a row is an act; of what is measured on held-out data only
values after a finite one count.
Stays quiet on: a finite spike however tall; gradient norms that are NaN while the loss is finite, as a mixed-precision
scaler produces in healthy runs; validation losses that are NaN from the first evaluation on.
Size: how many values in a row were not finite when it was known.
What to do: Stop. Start again from a checkpoint before the first such value, at a lower rate or in fp32; look at the batch
where it began.

中文：
某项损失或决定性指标变成 NaN 或无穷大并一直如此。

为何重要：此后的每次更新都没有意义，权重通常已经作废。
判断依据：出现一个非有限值为 watch，连续第二个为 act；在留出数据上测得的指标，只有在出现过有限值之后才算。
不会报告：再高的有限尖峰；损失有限而梯度范数为 NaN 的情况（健康训练的混合精度 scaler 也会产生）；从首次评估起就
是 NaN 的验证损失。
数值含义：能够确认时，连续非有限值的个数。
如何处理：停止训练。从首个此类值之前的检查点，以更低的学习率或 fp32 重新开始；查看它开始出现的那个批次。
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from defib.health.rule import Finding, rule
from defib.words import Words, number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from defib.records import Run, Series, Severity


NOTHING = Words(
    en="neither a training loss nor a held-out metric was logged", zh="既没有记录训练损失，也没有记录验证指标"
)


@rule(
    needs=(),
    blind=lambda run: None if _watched(run) else NOTHING,
    fall=True,
    says=Words(en="the {metric} is {value}", zh="{metric}为 {value}"),
)
def non_finite(run: Run) -> Iterator[Finding]:
    """Find the first non-finite value of each stretch, and its confirmation."""
    for series in _watched(run):
        bad = ~np.isfinite(series.value)
        if not series.key.startswith("train/"):
            bad &= np.maximum.accumulate(~bad)
        starts = np.flatnonzero(bad & ~np.concatenate(([False], bad[:-1])))
        for start in starts.tolist():
            good = np.flatnonzero(~bad[start:])
            end = start + int(good[0]) if len(good) else None
            length = (end if end is not None else len(bad)) - start
            levels: tuple[tuple[int, Severity], ...] = ((1, "watch"), (2, "act"))
            for count, severity in levels:
                if length >= count:
                    yield Finding(
                        series=series,
                        index=start,
                        known=start + count - 1,
                        severity=severity,
                        size=float(count),
                        cleared=end,
                        facts=tuple(run.fact(series, at) for at in range(max(start - 1, 0), start + count)),
                        values={"value": number(float(series.value[start]))},
                    )


def _watched(run: Run) -> tuple[Series, ...]:
    """Training losses by part, the deciding metric, and held-out losses; each once."""
    found = (*run.branches("train/loss"), run.get(run.deciding), *run.branches("val/loss"))
    return tuple({series.key: series for series in found if series is not None}.values())
