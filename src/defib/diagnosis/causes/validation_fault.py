"""The fault is in validation, not in training.

A wrong transform, broken BatchNorm statistics or a changed validation set can throw the score down while training goes
on as before. Restarting such a run throws good epochs away; the weights are fine.
For: the deciding metric fell within one evaluation, and the training loss of the epochs since is no worse than before.
Against: the training loss rose with the fall; the schedule changed at the onset; the metric had swung before.
Missing: the training loss, without which training cannot be told from validation; an epoch of it since the fall.

中文：
问题出在验证，而不在训练。

错误的变换、失效的 BatchNorm 统计量或更换过的验证集，都会使成绩突降，而训练照常进行。重启这样的训练会浪费好的轮
次；权重没有问题。
支持：决定性指标在一次评估之内下跌，而此后各轮的训练损失不比之前差。
反对：训练损失随下跌一起上升；崩溃点处调度有变化；指标此前就在摆动。
尚缺：训练损失，没有它就无法区分训练与验证；下跌之后至少一轮的训练损失。
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from defib.diagnosis.calm import around, fell_at_once, got_worse, went_on
from defib.diagnosis.cause import Clue, cause
from defib.diagnosis.onset import at_onset
from defib.words import Words, number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from defib.records import Checkup, Run, Symptom

CALM = Words(
    en="the training loss is {after} since the fall and was {before} in the epoch before the last good evaluation",
    zh="下跌之后训练损失为 {after}，最后一次正常验证前的一轮为 {before}",
)
CALM_MEANS = Words(
    en="training goes on as before; only its measurement fell", zh="训练照常进行，下跌的只是验证的测量结果"
)
ROSE_MEANS = Words(en="training itself got worse", zh="训练本身变差了")
NEED_LOSS = Words(
    en="the training loss around the fall, which would tell whether training or only validation broke",
    zh="下跌前后的训练损失：它能区分是训练出了问题，还是只有验证出了问题",
)
SWUNG = Words(en="the metric had fallen and recovered before: {said}", zh="该指标此前已经下跌并恢复过：{said}")
SWUNG_MEANS = Words(
    en="a run that swings falls by itself; nothing shows that only the measurement broke",
    zh="反复摆动的训练自己就会下跌；没有证据表明只是测量出了问题",
)
EVENT = Words(en="the learning rate jumped at the onset", zh="学习率在崩溃点发生了跳变")
EVENT_MEANS = Words(en="the training itself was disturbed", zh="受到扰动的是训练本身")


@cause(
    says=Words(en="the fault is in the validation, not in the training", zh="问题出在验证环节，而不是训练"),
    explains=("val_collapse", "branch_collapse", "fell_to_chance", "loss_and_score_disagree"),
    event=True,
    verdict="leave-running",
)
def validation_fault(run: Run, checkup: Checkup) -> Iterator[Clue]:
    """Compare the training loss of the epoch before the last good evaluation with that since the fall."""
    if not fell_at_once(run, checkup):
        return
    losses = around(run, checkup)
    if losses is None:
        yield Clue(side="missing", measured=NEED_LOSS)
        return
    words = {"before": number(losses[0]), "after": number(losses[1])}
    if at_onset(checkup, "lr_jump"):
        yield Clue(side="against", strength="strong", measured=EVENT, means=EVENT_MEANS)
    swings = [one for one in checkup.symptoms if one.rule == "oscillation" and _before(one, checkup)]
    if swings:
        yield Clue(side="against", measured=SWUNG.fill(said=swings[0].says), means=SWUNG_MEANS, facts=swings[0].facts)
    if got_worse(losses):
        yield Clue(side="against", strength="strong", measured=CALM.fill(**words), means=ROSE_MEANS)
    elif went_on(losses):
        yield Clue(side="for", strength="strong", measured=CALM.fill(**words), means=CALM_MEANS)


def _before(swing: Symptom, checkup: Checkup) -> bool:
    """Whether it swung before the open incident began."""
    onset = None if checkup.incident is None else checkup.incident.onset.epoch
    return onset is not None and swing.onset.epoch is not None and swing.onset.epoch < onset
