"""Keep the product of learning rate and weight decay when the rate goes down.

The product sets how fast weights shrink (decoupled view: Loshchilov and Hutter 2019, arXiv 1711.05101); rounded to one
digit. It is not what the reference has: its row shows that value beside it.
Keeps: the pull towards small weights per step.
Gives up: when the rate was not lowered, or by more than four times: nobody has tried a product kept that far.

中文：
降低学习率时，保持学习率与权重衰减的乘积不变。

这个乘积决定权重收缩的速度（解耦的观点：Loshchilov 和 Hutter 2019，arXiv 1711.05101）；结果保留一位有效数字。它
不是参考配方的值：方案的表格会把参考值列在旁边。
保持不变：每一步把权重拉向零的力度。
何时放弃：学习率没有降低，或降低超过四倍：没有人尝试过在那么大的范围内保持乘积不变。
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from defib.playbook.notch import round_to
from defib.playbook.play import Change, Table, play
from defib.settings import plain
from defib.words import Words, number

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST = 4.0
"""Times by which weight decay is raised at most; assumed."""
WHY = Words(
    en="keeps lr x weight decay at {product} while lr goes from {old} to {new}",
    zh="学习率由 {old} 降到 {new} 时，保持 lr × weight_decay = {product}",
)


@play(
    treats="lr_too_high",
    changes=("weight_decay",),
    risk="safe",
    after=("lr_to_reference", "lr_one_notch_down"),
)
def keep_lr_times_decay(table: Table) -> Iterator[Change]:
    """Raise weight decay as the rate went down."""
    decay, old, new = plain(table.old("weight_decay")), plain(table.old("lr")), plain(table.now("lr"))
    if not decay or not old or not new or new >= old:
        return
    kept = round_to(decay * old / new, 1)
    if decay < kept <= MOST * decay:
        words = {"product": number(decay * old, 2), "old": number(old), "new": number(new)}
        yield Change(key="weight_decay", new=kept, why=WHY.fill(**words))
