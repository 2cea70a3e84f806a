"""The learning-rate schedule did something at the onset.

A step of the schedule, a warm-up that began again or a resume within an epoch of the onset explains a sudden fall as no
constant can.
For: a factor above 1.5 in the config's schedule at the onset; a logged jump of the rate there; or a climb of the logged
rate, within an epoch of the onset, to three times all that the run had learned with.
Against: the schedule was understood and has no upward step near the onset, or the logged rate was smooth there.
Missing: the logged rate, or the config, when neither is there.

中文：
学习率调度在崩溃点处有动作。

起点前后一轮之内的调度步、重新开始的学习率预热或恢复训练，能解释突然的下跌，而任何不变的设置都不能。
支持：配置的调度在崩溃点处有大于 1.5 的倍率；记录的学习率在那里跳变；或在崩溃点前后一轮之内，记录的学习率攀升到此前
正常学习时最高值的三倍以上。
反对：调度已经读懂，崩溃点附近没有上调；或记录的学习率在那里是平滑的。
尚缺：记录的学习率和配置都没有时，需要其中之一。
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from defib.diagnosis import schedule
from defib.diagnosis.cause import Clue, cause
from defib.diagnosis.climb import climb
from defib.diagnosis.onset import NEAR, at_onset, when
from defib.records import Fact, Place, Point
from defib.words import Words, number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from defib.records import Checkup, Run

UP = 1.5

STEP = Words(
    en="the schedule multiplies the rate by {factor} at the start of epoch {epoch} ({path})",
    zh="调度器在第 {epoch} 轮开始时将学习率乘以 {factor}（{path}）",
)
STEP_MEANS = Words(
    en="the fall begins in the epoch in which the schedule raises the rate",
    zh="下跌正好始于调度器提高学习率的那一轮",
)
LOGGED = Words(en="the logged rate goes from {before} to {now} there", zh="日志中的学习率在该处从 {before} 变为 {now}")
LOGGED_MEANS = Words(en="the step really took place", zh="这一步确实发生了")
CLIMBED = Words(
    en="the logged rate was {before} at most up to the best evaluation, and climbed to {now} within an epoch of the onset",
    zh="到最佳评估为止，日志中的学习率最高为 {before}；到崩溃点前后一轮内已攀升到 {now}",
)
CLIMBED_MEANS = Words(
    en="the run fell when its rate went far beyond all that it had learned with",
    zh="学习率远远超出训练此前经历过的水平时，成绩随之下跌",
)
RAMP = Words(
    en="the schedule raises the rate from epoch {epoch} on, gradually, up to {factor} times ({path})",
    zh="调度器从第 {epoch} 轮起逐步提高学习率，最高到 {factor} 倍（{path}）",
)
RAMP_MEANS = Words(en="the fall begins while the schedule raises the rate", zh="下跌发生在调度器提高学习率的过程中")
NO_STEP = Words(
    en="the config's schedule has no upward step within an epoch of the onset (epoch {epoch})",
    zh="配置中的调度器在崩溃点（第 {epoch} 轮）前后一轮内没有提高学习率的步骤",
)
NO_STEP_MEANS = Words(
    en="the schedule as written does not explain a sudden fall", zh="按配置，调度器不能解释突然的下跌"
)
SMOOTH = Words(
    en="the logged rate changes by less than {factor} times around the onset",
    zh="崩溃点附近日志中的学习率变化不到 {factor} 倍",
)
SMOOTH_MEANS = Words(en="no jump of the rate took place", zh="学习率没有发生跳变")
RESUMED = Words(en="the run was resumed at epoch {epoch}", zh="训练在第 {epoch} 轮被恢复")
RESUMED_MEANS = Words(
    en="a resume can restart a warm-up or restore another schedule", zh="恢复训练可能重新开始预热，或载入另一套调度"
)
MAY_RESUME = Words(
    en="the config says resume = True, so that the run may have been restarted unseen",
    zh="配置中 resume = True，训练可能在表格看不到的地方重启过",
)
MAY_RESUME_MEANS = Words(en="a restart at the onset would explain it", zh="若恰在崩溃点重启，便能解释下跌")
NEED_RATE = Words(
    en="the learning rate was not logged; the console log or scalars.json of the run would settle whether it jumped",
    zh="没有记录学习率；训练的控制台日志或 scalars.json 可以判定它是否跳变",
)
DETAIL = Words(
    en="the learning-rate schedule raised the rate {factor}-fold at {at}",
    zh="学习率调度器在{at}将学习率提高到 {factor} 倍",
)
CLIMB = Words(
    en="the learning rate climbed to {factor} times all that the run had learned with, around {at}",
    zh="在{at}前后，学习率已攀升到训练此前所用最高值的 {factor} 倍",
)


@cause(
    says=Words(en="the learning-rate schedule changed at the onset", zh="学习率调度在崩溃点发生了变化"),
    explains=(
        "val_collapse",
        "branch_collapse",
        "lr_jump",
        "non_finite",
        "loss_divergence",
        "gradient_not_finite",
        "fell_to_chance",
        "dead_branch",
        "loss_spike",
        "lr_zero",
    ),
    event=True,
)
def schedule_event(run: Run, checkup: Checkup) -> Iterator[Clue]:
    """Look for a step, a jump or a resume within an epoch of the onset."""
    if checkup.incident is None:
        return
    onset = math.nan if checkup.incident.onset.epoch is None else checkup.incident.onset.epoch
    raised = [step for step in schedule.rate_steps(run) if step.factor >= UP]
    ramps = [step for step in raised if step.gradual and step.epoch <= onset + NEAR]
    steps = [step for step in raised if not step.gradual and abs(step.epoch - onset) <= NEAR]
    for step in (*steps, *ramps):
        words = {"factor": number(step.factor), "epoch": number(step.epoch), "path": step.path}
        yield Clue(
            side="for",
            strength="weak" if step.gradual else "strong",
            measured=(RAMP if step.gradual else STEP).fill(**words),
            means=RAMP_MEANS if step.gradual else STEP_MEANS,
            detail=None if step.gradual else DETAIL.fill(factor=words["factor"], at=when(Point(epoch=step.epoch))),
            facts=(
                Fact(
                    metric=step.path, value=step.factor, at=Point(epoch=step.epoch), place=run.config_place(step.path)
                ),
            ),
        )
    jumps = at_onset(checkup, "lr_jump")
    for jump in jumps:
        before, now = (number(float(fact.value)) for fact in jump.facts)
        yield Clue(
            side="for",
            strength="strong",
            measured=LOGGED.fill(before=before, now=now),
            means=LOGGED_MEANS,
            facts=jump.facts,
            detail=DETAIL.fill(factor=number(jump.size, 3), at=when(jump.onset)),
        )
    climbed = None if steps or jumps else climb(run, checkup.incident)
    if climbed is not None:
        before, now = number(float(climbed.before.value), 3), number(float(climbed.now.value), 3)
        yield Clue(
            side="for",
            strength="strong",
            measured=CLIMBED.fill(before=before, now=now),
            means=CLIMBED_MEANS,
            facts=tuple(climbed),
            detail=CLIMB.fill(factor=number(climbed.factor, 2), at=when(checkup.incident.onset)),
        )
    yield from _restarts(run, onset)
    rate = run.get("train/lr")
    if not steps and not jumps and climbed is None:
        if rate is not None:
            yield Clue(
                side="against", strength="strong", measured=SMOOTH.fill(factor=number(UP * 2)), means=SMOOTH_MEANS
            )
        elif schedule.known(run) and math.isfinite(onset):
            yield Clue(side="against", measured=NO_STEP.fill(epoch=number(onset)), means=NO_STEP_MEANS)
    if rate is None:
        yield Clue(side="missing", measured=NEED_RATE)


def _restarts(run: Run, onset: float) -> Iterator[Clue]:
    for segment in run.segments[1:]:
        epoch = segment.start.epoch
        if epoch is not None and abs(epoch - onset) <= NEAR:
            yield Clue(
                side="for",
                measured=RESUMED.fill(epoch=number(epoch)),
                means=RESUMED_MEANS,
                facts=(Fact(metric="resumed", value=epoch, at=segment.start, place=Place(file=segment.file)),),
            )
    if run.setting("resume") is True and run.get("train/lr") is None:
        yield Clue(side="for", measured=MAY_RESUME, means=MAY_RESUME_MEANS)
