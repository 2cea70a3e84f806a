"""Bring the loss weight of a branch back to the reference's, and its coarse head's by the same factor.

Keeps: the model, the data, the proportion between a branch and its coarse head.
Gives up: at the reference, or when no reference names the branch.

中文：
把某个分支的损失权重改回参考配方的值，其粗粒度分类头按同样的倍数调整。

保持不变：模型、数据，以及分支与其粗粒度分类头之间的比例。
何时放弃：已等于参考配方，或没有参考配方提到该分支。
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from defib.playbook.notch import round_to
from defib.playbook.play import Change, Table, play
from defib.settings import plain
from defib.words import Words, number

if TYPE_CHECKING:
    from collections.abc import Iterator

ABOVE = 1.2
WHY = Words(en="the reference weighs {branch} with {theirs}", zh="参考配方中 {branch} 的权重为 {theirs}")
WHY_COARSE = Words(en="by the same factor as {branch} ({old} to {new})", zh="与 {branch} 同比例下调（{old} 到 {new}）")


@play(treats="branch_weight_too_high", changes=("loss_weight",), risk="ask")
def branch_weight_to_reference(table: Table) -> Iterator[Change]:
    """Lower every branch weight that is above the reference's."""
    for key in list(table.run.settings):
        stem, _, branch = key.partition(".")
        old, theirs = plain(table.old(key)), plain(table.reference(key))
        if stem != "loss_weight" or old is None or theirs is None or old < ABOVE * theirs:
            continue
        yield Change(key=key, new=theirs, why=WHY.fill(branch=branch, theirs=number(theirs)))
        coarse = plain(table.old(f"{key}_coarse"))
        if coarse:
            new = round_to(coarse * theirs / old, 2)
            words = {"branch": branch, "old": number(old), "new": number(theirs)}
            yield Change(key=f"{key}_coarse", new=new, why=WHY_COARSE.fill(**words))
