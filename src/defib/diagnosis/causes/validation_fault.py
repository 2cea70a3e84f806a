"""The fault is in validation, not in training.

A wrong transform, broken BatchNorm statistics or a changed validation set can throw the score down while training goes
on as before. Restarting such a run throws good epochs away; the weights are fine.
For: the deciding metric fell within one evaluation, and the training loss of the epochs since is no worse than before.
Against: the training loss rose with the fall; the schedule changed at the onset.
Missing: the training loss, without which training cannot be told from validation; an epoch of it since the fall.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from defib.diagnosis.cause import Clue, cause
from defib.diagnosis.onset import at_onset
from defib.words import Words, number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from defib.records import Checkup, Run

SUDDEN = (
    0.4  # share of the metric's value lost from one evaluation to the next; slower falls may be over-fitting. Assumed
)
SAME = 1.1  # times the loss before the fall; within it training goes on as before. Assumed
RISEN = 1.5  # assumed
LEAST = 5  # logged losses on either side

CALM = Words(
    en="the training loss is {after} since the fall and was {before} in the epoch before it",
    zh="下跌之后训练损失为 {after}，之前一轮为 {before}",
)
CALM_MEANS = Words(
    en="training goes on as before; only its measurement fell", zh="训练照常进行，下跌的只是验证的测量结果"
)
ROSE_MEANS = Words(en="training itself got worse", zh="训练本身变差了")
NEED_LOSS = Words(
    en="the training loss around the fall, which would tell whether training or only validation broke",
    zh="下跌前后的训练损失：它能区分是训练出了问题，还是只有验证出了问题",
)
EVENT = Words(en="the learning rate jumped at the onset", zh="学习率在崩溃点发生了跳变")
EVENT_MEANS = Words(en="the training itself was disturbed", zh="受到扰动的是训练本身")


@cause(
    says=Words(en="the fault is in the validation, not in the training", zh="问题出在验证环节，而不是训练"),
    explains=("val_collapse", "branch_collapse"),
    event=True,
    verdict="leave-running",
)
def validation_fault(run: Run, checkup: Checkup) -> Iterator[Clue]:
    """Compare the training loss of the epoch before a sudden fall with that since."""
    incident = checkup.incident
    decider = run.get(run.deciding)
    if incident is None or decider is None or decider.better != "higher" or incident.onset.epoch is None:
        return
    onset = incident.onset.epoch
    before, after = decider.value[decider.epoch < onset], decider.value[decider.epoch >= onset]
    if not len(before) or not len(after) or not after[0] <= (1.0 - SUDDEN) * before[-1]:
        return
    loss = run.get("train/loss")
    if loss is None:
        yield Clue(side="missing", measured=NEED_LOSS)
        return
    earlier = loss.value[(loss.epoch < onset) & (loss.epoch >= onset - 1)]
    later = loss.value[loss.epoch >= onset]
    if len(earlier) < LEAST or len(later) < LEAST:
        yield Clue(side="missing", measured=NEED_LOSS)
        return
    was, now = _median(earlier), _median(later)
    words = {"before": number(was), "after": number(now)}
    if at_onset(checkup, "lr_jump"):
        yield Clue(side="against", strength="strong", measured=EVENT, means=EVENT_MEANS)
    if not np.isfinite(now) or now > RISEN * was:
        yield Clue(side="against", strength="strong", measured=CALM.fill(**words), means=ROSE_MEANS)
    elif now <= SAME * was:
        yield Clue(side="for", strength="strong", measured=CALM.fill(**words), means=CALM_MEANS)


def _median(values: np.ndarray) -> float:
    """The median; NaN as soon as one value in two is not finite."""
    finite = values[np.isfinite(values)]
    return float(np.median(finite)) if 2 * len(finite) > len(values) else float("nan")
