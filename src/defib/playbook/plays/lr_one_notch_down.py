"""Lower the learning rate by one notch (1-2-3-5-8) where no reference says how far.

Keeps: the model, the data, the loss, the schedule's shape.
Gives up: below 1e-5, where a smaller rate would only hide the real cause; or when a reference rate is known.

中文：
没有参考配方说明应降到多少时，把学习率降低一档（1-2-3-5-8）。

保持不变：模型、数据、损失、调度的形状。
何时放弃：低于 1e-5，再小只会掩盖真正的原因；或已知参考学习率。
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from defib.playbook.notch import notch
from defib.playbook.play import Change, Table, play
from defib.playbook.rate import logged_peak, reference_rate
from defib.settings import plain
from defib.words import Words, number

if TYPE_CHECKING:
    from collections.abc import Iterator

LOWEST = 1e-5
WHY = Words(
    en="one notch down from {old}; no reference recipe says how far to go",
    zh="从 {old} 下调一档；没有参考配方说明应降到多少",
)


@play(treats="lr_too_high", changes=("lr",), risk="safe", profiles=("minimal", "conservative"))
def lr_one_notch_down(table: Table) -> Iterator[Change]:
    """Lower the rate by one notch."""
    written = plain(table.old("lr"))
    rate = logged_peak(table.run) if written is None else written  # in code: the log shows it
    if rate is None or rate <= LOWEST or reference_rate(table.run) is not None:
        return
    new = notch(rate, -1)
    if new >= LOWEST:
        yield Change(key="lr", old=rate if written is None else None, new=new, why=WHY.fill(old=number(rate)))
