"""The joint network was not initialised from its two pre-trained streams.

A two-stream network whose heads and trunks were trained singly starts at the late fusion of both; from nothing it has
to learn in one schedule what took three, and its streams disturb each other meanwhile.
For: the first evaluation is far below what a loaded start gives; the config loads nothing where the reference does.
Against: the console log says that a checkpoint was loaded.
Missing: the console log, which would name the checkpoint and the keys that matched.

中文：
联合网络没有用两个预训练的单流网络初始化。

分类头和主干都已单独训练好的双流网络，起点就是两者的后期融合；若从零开始，就要在一次训练中学完原本三次训练的内
容，其间两个支流还会互相干扰。
支持：首次评估远低于加载权重后应有的成绩；参考配方加载了权重，而配置什么也没有加载。
反对：控制台日志写明加载了检查点。
尚缺：控制台日志，其中会写明检查点和匹配的键。
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from defib.diagnosis.cause import Clue, cause
from defib.records import Fact
from defib.words import Words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from defib.records import Checkup, Run

LOW = Words(en="{said}", zh="{said}")
LOW_MEANS = Words(
    en="the loaded start is missing: nothing was initialised, or the checkpoint matched nothing",
    zh="缺少已加载的起点：没有初始化，或者检查点没有匹配上任何参数",
)
EMPTY = Words(
    en="load_from is None and the backbone has no pre-trained weights; {reference} starts from {theirs}",
    zh="load_from 为 None，骨干网络也没有预训练权重；参考配方“{reference}”的起点是{theirs}",
)
EMPTY_MEANS = Words(en="both streams start from random weights", zh="两个分支都从随机权重开始")
LOADED = Words(en="the console log says: {text}", zh="控制台日志写道：{text}")
LOADED_MEANS = Words(en="something was loaded", zh="确实加载了权重")
UNMATCHED_MEANS = Words(en="what was loaded did not fit the model", zh="加载的权重与模型不匹配")
NEED_LOG = Words(
    en="the console log, which would name the checkpoint that was loaded and the keys that did not match",
    zh="控制台日志：它会写明加载了哪个检查点、哪些参数没有匹配",
)


@cause(
    says=Words(
        en="the network was not initialised from its two pre-trained streams",
        zh="网络没有用两个预训练单流初始化",
    ),
    explains=("never_learned", "fusion_below_branch", "dead_branch", "loss_at_chance"),
)
def not_initialised(run: Run, checkup: Checkup) -> Iterator[Clue]:
    """Compare the first evaluation, the config and the console log with a loaded start."""
    if run.reference is None or run.reference.settings.get("load_from") is None:
        return
    first = next((one for one in checkup.symptoms if one.rule == "never_learned"), None)
    if first is not None:
        yield Clue(
            side="for", strength="strong", measured=LOW.fill(said=first.says), means=LOW_MEANS, facts=first.facts
        )
    if "load_from" in run.settings and run.setting("load_from") is None and run.setting("pretrained") is None:
        words = {"reference": run.reference.says, "theirs": MERGED}
        yield Clue(
            side="for",
            measured=EMPTY.fill(**words),
            means=EMPTY_MEANS,
            facts=(run.setting_fact("load_from"),),
        )
    loaded = [event for event in run.events if event.kind == "loaded"]
    unmatched = [event for event in run.events if event.kind == "not-matched"]
    for event in (unmatched or loaded)[:1]:
        fact = Fact(metric=event.kind, value=event.text, at=event.at, place=event.place)
        yield Clue(
            side="for" if unmatched else "against",
            strength="strong",
            measured=LOADED.fill(text=event.text),
            means=UNMATCHED_MEANS if unmatched else LOADED_MEANS,
            facts=(fact,),
        )
    if not run.events:
        yield Clue(side="missing", measured=NEED_LOG)


MERGED = Words(
    en="the merge of a trained RGB-only and a trained pose-only network",
    zh="已训练的 RGB 单流与骨架单流合并后的权重",
)
