"""Three ways out for a recipe that fills its device."""

from __future__ import annotations

from typing import TYPE_CHECKING

from defib.action.errors.training import DeviceFull
from defib.words import Words, same

if TYPE_CHECKING:
    from defib.action.training.recipe import Recipe

STAYS = Words(
    en="train.batch={less} train.accumulate={times} (the effective batch stays)",
    zh="train.batch={less} train.accumulate={times}（有效批大小不变）",
)
ONE_ALREADY = Words(
    en="a smaller network (with one clip a pass, model.norm=frozen also saves BatchNorm's copies)",
    zh="更小的网络（每次只有一个片段时，model.norm=frozen 还能省去 BatchNorm 的副本）",
)


def than(recipe: Recipe, *, evaluating: bool) -> DeviceFull:
    """The refusal of a recipe whose training, or whose evaluation, does not fit."""
    train = recipe.train
    batch = recipe.evaluate.batch if evaluating else train.batch
    if evaluating:
        smaller, size = same(f"evaluate.batch={max(batch // 2, 1)}"), "data.pipeline.test_size"
    else:
        less, size = max((one for one in range(1, batch) if batch % one == 0), default=0), "data.pipeline.size"
        smaller = STAYS.fill(less=less, times=train.accumulate * batch // less) if less else ONE_ALREADY
    return DeviceFull(batch=batch, smaller=smaller, size=size)
