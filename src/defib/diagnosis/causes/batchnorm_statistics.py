"""The running statistics of batch normalisation are off, so that only the evaluation is wrong.

Training normalises by the batch at hand, validation by running means. Of few clips a batch these means are poor, and
after a change of data or rate they lag behind: the score falls although the weights are fine.
For: batches of four clips or fewer on a card with plain BatchNorm, where the score fell at once and the training loss
did not.
Against: the statistics are frozen (`norm_eval`), shared by all cards (SyncBN), or there is no batch normalisation; the
training loss rose with the fall.
Missing: the same checkpoint evaluated again after its statistics were taken anew from training clips (PreciseBN).

中文：
批归一化的滑动统计量不准，因此只有评估出错。

训练时用当前批次归一化，验证时用滑动平均。每批片段很少时，这些均值很不准；数据或学习率变化之后它们又会滞后：权重
没有问题，成绩却下跌。
支持：每张卡的批大小不超过四个片段，使用普通 BatchNorm，成绩突然下跌而训练损失没有变化。
反对：统计量已冻结（`norm_eval`）、各卡共享（SyncBN），或没有使用批归一化；训练损失随下跌一起上升。
尚缺：用训练片段重新估计统计量（PreciseBN）之后，对同一检查点再做一次评估。
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from defib.diagnosis.calm import around, fell_at_once, got_worse, went_on
from defib.diagnosis.cause import Clue, cause
from defib.diagnosis.datasets import config_fact, tree
from defib.words import Words, number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from defib.records import Checkup, Fact, Run

FEW = 4  # clips a card; assumed
PLAIN = frozenset({"BN", "BN1d", "BN2d", "BN3d", "BatchNorm2d", "BatchNorm3d"})
MOST = 2_000  # places of a config that are looked at

SMALL = Words(
    en="each card normalises by {batch} clips, and the training loss went on ({before} before the fall, {after} since)",
    zh="每张卡只用 {batch} 个样本做归一化，而训练损失照常（下跌前 {before}，之后 {after}）",
)
SMALL_MEANS = Words(
    en="running means of so few clips are poor, and only validation uses them",
    zh="样本太少，滑动均值不可靠，而只有验证会用到它",
)
FROZEN = Words(en="{path} is True", zh="{path} 为 True")
FROZEN_MEANS = Words(
    en="training and validation use the same, frozen statistics", zh="训练与验证使用同一套冻结的统计量"
)
OTHER = Words(en="the normalisation is {kind} ({path})", zh="归一化层为 {kind}（{path}）")
SYNC_MEANS = Words(en="the statistics are those of all cards together", zh="统计量来自所有卡的样本")
NONE_MEANS = Words(en="it keeps no running statistics", zh="它不保存滑动统计量")
ROSE = Words(
    en="the training loss is {after} since the fall and was {before} before it",
    zh="下跌之后训练损失为 {after}，之前为 {before}",
)
ROSE_MEANS = Words(en="training itself got worse", zh="训练本身变差了")
PROBE = Words(
    en="the same checkpoint evaluated after taking its BatchNorm statistics anew from training clips (PreciseBN): "
    "a score that comes back would settle it",
    zh="用训练样本重新统计 BatchNorm（PreciseBN）后，再评估同一个检查点：若分数恢复，即可确认",
)


@cause(
    says=Words(en="the BatchNorm statistics that validation uses are off", zh="验证所用的 BatchNorm 统计量不准"),
    explains=("val_collapse", "branch_collapse", "fell_to_chance", "loss_and_score_disagree"),
    verdict="leave-running",
)
def batchnorm_statistics(run: Run, checkup: Checkup) -> Iterator[Clue]:
    """Look for batches that are too small to normalise by, where only the score fell."""
    losses, batch = around(run, checkup), run.setting("batch_size")
    if not fell_at_once(run, checkup) or losses is None or not isinstance(batch, int) or not 0 < batch <= FEW:
        return
    frozen = next((path for path, key, one in _places(run) if key == "norm_eval" and one is True), None)
    kind = next(((path, one) for path, key, one in _places(run) if key == "norm_cfg" and _type(one)), None)
    if frozen is not None:
        facts: tuple[Fact, ...] = (config_fact(run, frozen),)
        yield Clue(
            side="against", strength="strong", measured=FROZEN.fill(path=frozen), means=FROZEN_MEANS, facts=facts
        )
    if kind is not None and _type(kind[1]) not in PLAIN:
        name = _type(kind[1])
        said, means = OTHER.fill(kind=name, path=kind[0]), SYNC_MEANS if "Sync" in name else NONE_MEANS
        yield Clue(side="against", strength="strong", measured=said, means=means, facts=(config_fact(run, kind[0]),))
    words = {"before": number(losses[0]), "after": number(losses[1])}
    if got_worse(losses):
        yield Clue(side="against", strength="strong", measured=ROSE.fill(**words), means=ROSE_MEANS)
    elif went_on(losses):
        facts = (run.setting_fact("batch_size"),)
        yield Clue(side="for", measured=SMALL.fill(batch=batch, **words), means=SMALL_MEANS, facts=facts)
        yield Clue(side="missing", measured=PROBE)


def _type(value: Any) -> str:  # noqa: ANN401 (any config value)
    kind = value.get("type") if isinstance(value, dict) else None
    return kind if isinstance(kind, str) else ""


def _places(run: Run) -> Iterator[tuple[str, str, Any]]:
    """Everything in the model's config, with its path and name."""
    waiting = [("model", tree(run).get("model"))]
    looked = 0
    while waiting and looked < MOST:
        looked += 1
        here, one = waiting.pop()
        if isinstance(one, dict):
            for key, held in one.items():
                yield f"{here}.{key}", str(key), held
                waiting.append((f"{here}.{key}", held))
