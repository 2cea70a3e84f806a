"""Cut gradients at the norm that nine in ten stayed below before the fall.

The limit is the run's own 90th percentile, which leaves the usual step as it was; one gradient far above it then moves
the weights no further than a usual one (Godbole et al., Deep Learning Tuning Playbook, 2023: the 90th percentile).
Keeps: the model, the data, the loss, the rate; nine steps in ten are not changed at all.
Gives up: when the usual norm is not known, when a limit as low is there already, or when no key is known to hold one.

中文：
把梯度裁剪到下跌之前九成数值所在的范数以下。

阈值取这次训练自己的第 90 百分位数，平常的更新不变；而远超它的单个梯度，移动权重的距离不会超过平常的一步。
保持不变：模型、数据、损失、学习率；十步中有九步完全不变。
何时放弃：不知道平常的范数、已有同样低的阈值，或没有已知的键可以设置阈值。
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from defib import settings
from defib.playbook.notch import round_to
from defib.playbook.play import Change, Table, play
from defib.records import Site
from defib.settings import plain
from defib.words import Words, number

if TYPE_CHECKING:
    from collections.abc import Iterator

WHY = Words(
    en="before the fall nine gradients in ten had a norm below {usual}; one far above it came right before",
    zh="下跌之前九成梯度的范数低于 {usual}；紧接下跌之前出现了远超它的梯度",
)


@play(
    treats="clip_too_loose",
    changes=("clip",),
    risk="safe",
    profiles=("minimal", "conservative"),
    after=("halve_clip",),
)
def clip_to_usual(table: Table) -> Iterator[Change]:
    """Lower the limit to the usual norm, or write one where there is none."""
    facts = () if table.cause is None else tuple(fact for one in table.cause.for_ for fact in one.facts)
    usual = next((plain(fact.value) for fact in facts if fact.metric == "usual_grad_norm"), None)
    if usual is None or usual <= 0:
        return
    new, why = round_to(usual, 2), WHY.fill(usual=number(usual, 3))
    now = plain(table.now("clip"))
    if now is not None:
        if new < now:
            yield Change(key="clip", new=new, why=why)
        return
    layout = None if table.run.config is None else settings.layout_of(table.run.config)
    if layout is None or layout.clipping is None or not layout.clipping.off(table.tree):
        return
    where = layout.clipping
    written = {where.inside: new} if where.inside else new
    held = settings.has(table.tree, where.path)
    old = settings.at(table.tree, where.path) if held else None
    yield Change(
        key="clip",
        new=new,
        why=why,
        sites=(Site(path=where.path, old=old, new=written, action="set" if held else "insert"),),
    )
