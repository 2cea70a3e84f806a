"""One batch is bad: the loss or the gradient breaks out at the same place of the epoch again and again.

A broken sample, an empty label or a record that holds NaN does so each time that it comes, when the order of the data is
the same in every epoch. In a shuffled order the place moves, and curves cannot show it.
For: values that are not finite, or far above their neighbours, stand at the same iteration of several epochs, more often
than chance would put them there.
Against: outliers stand at many places, though the data are not shuffled.
Missing: the names of the samples in that batch.

中文：
某个批次有问题：损失或梯度一再在每轮的同一位置异常。

损坏的样本、空标签或含 NaN 的记录每次出现都会如此，前提是每轮的数据顺序相同。如果打乱顺序，出现的位置会变，曲线
上看不出来。
支持：非有限或远高于邻近的数值出现在多轮的同一迭代处，次数多于偶然。
反对：数据没有打乱，离群值却分散在许多位置。
尚缺：该批次中样本的名称。
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from defib import settings
from defib.diagnosis.cause import Clue, cause
from defib.diagnosis.outliers import outliers
from defib.diagnosis.restarts import steps_per_epoch
from defib.words import Words, number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from defib.records import Checkup, Run, Series

RULES = ("non_finite", "gradient_not_finite", "loss_divergence", "oscillation")
CHANCE = 0.01  # that outliers which may stand anywhere stand at one place of the epoch; assumed
MOST = 0.8  # of the outliers that stand at that place; assumed
SPREAD = 0.5  # share below which they stand all over the epoch; assumed
FEW = 3  # outliers, below which their places say nothing
SHOWN = 4  # facts

REPEATS = Words(
    en="the {metric} breaks out at iteration {place} of {of} in epochs {epochs} ({count} of {all} outliers)",
    zh="{metric} 在第 {epochs} 轮都于第 {place}/{of} 次迭代处突变（{all} 个离群值中有 {count} 个）",
)
REPEATS_MEANS = Words(
    en="the same batch comes there in every epoch, and something in it is wrong",
    zh="每一轮该处都是同一个批次，其中有数据不正常",
)
LAST_MEANS = Words(
    en="the last batch of an epoch is smaller than the others unless it is dropped; that alone makes it an outlier",
    zh="除非丢弃，每轮最后一个批次都比其他批次小；仅此就会成为离群值",
)
SPREADS = Words(
    en="{all} outliers of the {metric} stand at {places} places of the epoch",
    zh="{metric} 的 {all} 个离群值分布在一轮中的 {places} 个位置",
)
SPREADS_MEANS = Words(
    en="the data come in the same order in every epoch, so that one batch would show at one place",
    zh="各轮数据顺序相同，若是某一个批次有问题，只会出现在同一位置",
)
NEED_NAMES = Words(
    en="the names of the samples in that batch: load them one by one and look for NaN, empty labels and broken files",
    zh="该批次的样本名称：逐个载入，检查是否有 NaN、空标签或损坏的文件",
)


class _Place(NamedTuple):
    at: int
    of: float
    points: list[int]  # of the series: the outliers there
    all: int
    places: int
    likely_by_chance: float
    last: bool


@cause(
    says=Words(en="one batch of the data is bad", zh="数据中有一个批次不正常"),
    explains=RULES,
)
def bad_batch(run: Run, checkup: Checkup) -> Iterator[Clue]:
    """Look where in the epoch losses and gradients break out."""
    per_epoch = steps_per_epoch(run)
    if per_epoch is None or not any(one.rule in RULES for one in checkup.symptoms):
        return
    for key in ("train/loss", "train/grad_norm"):
        series = next(iter(run.branches(key)), None)
        found = None if series is None else _most(series, per_epoch)
        if series is None or found is None:
            continue
        words = {"metric": key.removeprefix("train/"), "all": found.all, "places": found.places}
        facts = tuple(run.fact(series, at) for at in found.points[:SHOWN])
        if found.likely_by_chance <= CHANCE and len(found.points) >= MOST * found.all:
            epochs = ", ".join(number(float(series.epoch[at])) for at in found.points[:SHOWN])
            words |= {"place": found.at, "of": number(found.of), "epochs": epochs, "count": len(found.points)}
            yield Clue(
                side="for",
                strength="weak" if found.last else "strong",
                measured=REPEATS.fill(**words),
                means=LAST_MEANS if found.last else REPEATS_MEANS,
                facts=facts,
            )
            yield Clue(side="missing", measured=NEED_NAMES)
        elif found.all >= FEW and len(found.points) < SPREAD * found.all and _in_order(run):
            yield Clue(side="against", measured=SPREADS.fill(**words), means=SPREADS_MEANS, facts=facts)


def _most(series: Series, per_epoch: float) -> _Place | None:
    """The place of the epoch at which most outliers stand."""
    known = ~np.isnan(series.step)
    place = np.where(known, (series.step - 1.0) % per_epoch, -1.0).round()
    rows = [at for at in outliers(series.value) if known[at]]
    if not rows:
        return None
    logged = np.unique(place[known])
    values, counts = np.unique(place[rows], return_counts=True)
    at = float(values[np.argmax(counts)])
    there = [row for row in rows if place[row] == at]
    epochs = len({float(series.epoch[row]) for row in there})
    return _Place(
        at=int(at) + 1,
        of=per_epoch,
        points=there,
        all=len(rows),
        places=len(values),
        likely_by_chance=float(len(logged)) ** (1 - epochs),
        last=bool(at == logged[-1]),
    )


def _in_order(run: Run) -> bool:
    """Whether the config says that the training data are not shuffled."""
    tree = {} if run.config is None else run.config.tree
    path = "train_dataloader.sampler.shuffle"
    return settings.has(tree, path) and settings.at(tree, path) is False
