"""Training clips are distorted more than in the recipe known to work.

Crops that cut off hands and feet, or colours that change from clip to clip, slow learning down and lower the ceiling;
being there all along, they do not explain a sudden fall.
For: the crop may take less of the clip than the reference's; colour jitter where the reference has none.
Against: an event at the onset; a training accuracy that is high all the same.
Missing: the training accuracy over an epoch.

中文：
训练片段的变形程度超过了已知有效的配方。

裁掉手脚的裁剪、每个片段都在变的颜色，会拖慢学习并压低上限；它们从一开始就在，因此不能解释突然的下跌。
支持：随机裁剪允许保留的面积比参考配方更小；参考配方没有颜色扰动，而这里有。
反对：崩溃点处有事件发生；训练准确率照样很高。
尚缺：整轮的训练准确率。
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from defib.diagnosis.cause import Clue, cause
from defib.diagnosis.onset import at_onset
from defib.words import Words, number, shown_value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from defib.records import Checkup, Run

HIGH = 90.0  # per cent of training accuracy at which the clips are evidently learnable; assumed

CROP = Words(
    en="the random crop takes {area} of the clip; {reference} has {theirs}",
    zh="随机裁剪面积为 {area}；参考配方“{reference}”为 {theirs}",
)
CROP_MEANS = Words(
    en="the crop is relative to the person's box, so that a small one cuts off hands and feet",
    zh="裁剪以人体框为基准，过小会切掉手脚",
)
JITTER = Words(
    en="colour jitter is on ({value}); {reference} has none",
    zh="启用了颜色扰动（{value}）；参考配方“{reference}”没有",
)
JITTER_MEANS = Words(en="colours vary more than the recipe known to work allows", zh="颜色变化超出已知可行的配方")
LEARNABLE = Words(en="training accuracy reaches {value}%", zh="训练准确率达到 {value}%")
LEARNABLE_MEANS = Words(en="the distorted clips can be learned", zh="扰动后的片段仍能学会")
CONSTANT = Words(
    en="it was the same in the healthy stretch before the event at the onset", zh="在崩溃点事件之前的正常阶段也是如此"
)
CONSTANT_MEANS = Words(
    en="what was there all along does not explain a sudden fall", zh="一直存在的因素不能解释突然的下跌"
)
NEED_TRAIN = Words(
    en="the training accuracy over an epoch, which would show whether the clips are too hard",
    zh="整轮的训练准确率：它能显示片段是否过难",
)


@cause(
    says=Words(en="the augmentation is stronger than in the recipe known to work", zh="数据增强强于已知可行的配方"),
    explains=("oscillation", "never_learned"),
)
def augmentation_too_strong(run: Run, checkup: Checkup) -> Iterator[Clue]:
    """Compare crop and colour jitter with the reference."""
    if run.reference is None:
        return
    found = [*_crop(run), *_jitter(run)]
    yield from found
    if not found:
        return
    if at_onset(checkup, "lr_jump"):
        yield Clue(side="against", measured=CONSTANT, means=CONSTANT_MEANS)
    train = run.branches("train/top1")
    if not train:
        yield Clue(side="missing", measured=NEED_TRAIN)
        return
    best = max(float(np.nanmax(series.value)) for series in train)
    if best >= HIGH:
        yield Clue(side="against", measured=LEARNABLE.fill(value=number(best, 3)), means=LEARNABLE_MEANS)


def _crop(run: Run) -> Iterator[Clue]:
    area, theirs = run.setting("crop_area"), None if run.reference is None else run.reference.settings.get("crop_area")
    if not isinstance(area, list) or not isinstance(theirs, list) or run.reference is None:
        return
    if isinstance(area[0], int | float) and area[0] < theirs[0]:
        words = {"area": shown_value(area), "theirs": shown_value(theirs), "reference": run.reference.says}
        yield Clue(side="for", measured=CROP.fill(**words), means=CROP_MEANS, facts=(run.setting_fact("crop_area"),))


def _jitter(run: Run) -> Iterator[Clue]:
    value = run.setting("color_jitter")
    if value is None or run.reference is None or run.reference.settings.get("color_jitter", "unknown") is not None:
        return
    words = {"value": shown_value(value), "reference": run.reference.says}
    yield Clue(side="for", measured=JITTER.fill(**words), means=JITTER_MEANS, facts=(run.setting_fact("color_jitter"),))
