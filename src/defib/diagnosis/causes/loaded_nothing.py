"""The checkpoint that was loaded did not fit the model.

Loading is not strict in most frameworks: a wrong prefix loads nothing, or the half of it, and says so in one line of
the console log that nobody reads.
For: the console log says that keys were missing, unexpected, or did not match.
Against: a checkpoint was loaded and no complaint follows, or only the classifier was left out.
Missing: the console log.

中文：
加载的检查点与模型不匹配。

多数框架的加载并不严格：前缀写错，就一个参数也没有加载，或只加载了一半，而日志中只有一行没人看的提示。
支持：控制台日志写明有缺失、多余或不匹配的键。
反对：加载之后没有任何提示，或只缺分类头。
尚缺：控制台日志。
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from defib.diagnosis.cause import Clue, cause
from defib.records import Fact
from defib.words import Words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from defib.records import Checkup, Event, Run

SAID = Words(en="the console log says: {text}", zh="控制台日志写道：{text}")
UNFIT = Words(en="part of the weights, or all of them, stayed random", zh="部分或全部权重仍是随机的")
HEAD_MEANS = Words(
    en="only the classifier is new, as is meant when classes change", zh="只有分类头是新的，更换类别时本应如此"
)
FITS = Words(en="it was loaded without a complaint", zh="加载时没有报告不匹配")
LONGEST = 160


@cause(
    says=Words(en="the checkpoint that was loaded did not fit the model", zh="加载的检查点与模型不匹配"),
    explains=("never_learned", "plateau", "fusion_below_branch", "dead_branch", "loss_at_chance"),
)
def loaded_nothing(run: Run, checkup: Checkup) -> Iterator[Clue]:
    """Look for a complaint after the last checkpoint that was loaded."""
    if not checkup.symptoms:
        return
    unfit = next((event for event in run.events if event.kind == "not-matched"), None)
    loaded = next((event for event in run.events if event.kind == "loaded"), None)
    if unfit is not None:
        yield Clue(side="for", strength="strong", measured=_said(unfit), means=UNFIT, facts=(_fact(unfit),))
    elif (head := next((event for event in run.events if event.kind == "head-not-loaded"), None)) is not None:
        yield Clue(side="against", strength="strong", measured=_said(head), means=HEAD_MEANS, facts=(_fact(head),))
    elif loaded is not None:
        yield Clue(side="against", strength="strong", measured=_said(loaded), means=FITS, facts=(_fact(loaded),))


def _said(event: Event) -> Words:
    return SAID.fill(text=event.text[:LONGEST])


def _fact(event: Event) -> Fact:
    return Fact(metric=event.kind, value=event.text[:LONGEST], at=event.at, place=event.place)
