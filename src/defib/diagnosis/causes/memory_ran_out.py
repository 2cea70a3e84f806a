"""The batch does not fit into the memory of the card or of the machine.

Nothing is wrong with what was learned: the run goes on from its last checkpoint once each step needs less. A smaller batch
with gradient accumulation keeps the learning rate right; shorter clips, mixed precision and activation checkpointing help.
For: the console says that memory ran out; the memory that was logged grew from epoch to epoch (then something is kept that
should go: a loss that is summed with its graph, a list of outputs).
Against: the run was ended by something else, and the memory that was logged stayed as it was.
Missing: what else used the card.

中文：
批次超出了显卡或机器的内存容量。

已学到的没有问题：每步的占用降下来之后，可以从最后的检查点继续。减小批大小并配合梯度累积，可以让学习率保持不变；
缩短片段、混合精度和激活检查点也有帮助。
支持：控制台日志写明内存不足；记录的内存逐轮增长（说明有本该释放的东西被保留：带着计算图累加的损失、不断变长的输
出列表）。
反对：训练因别的原因结束，且记录的内存没有增长。
尚缺：这张卡上还有什么在运行。
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from defib.diagnosis.cause import Clue, cause
from defib.records import Fact
from defib.words import Words, number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from defib.records import Checkup, Event, Run

GREW = 1.15  # times the first tenth, from which memory is said to have grown; assumed
TENTHS = 10
LEAST = 20  # logged values
LATER = 5  # records that other processes may still write while one dies; assumed
LONGEST = 160  # characters of a message

SAID = Words(en="the console says: {text}", zh="控制台输出：{text}")
SAID_MEANS = Words(
    en="a step needed more memory than there was: halve the batch size and accumulate two steps, or shorten the clips",
    zh="单步所需内存（显存）超出可用量：可将批大小减半并累积两步梯度，或缩短片段",
)
GROWN = Words(
    en="the logged memory grew from {first} to {last} (medians of the first and last tenth)",
    zh="日志中的显存占用从 {first} 增至 {last}（首尾各十分之一的中位数）",
)
GROWN_MEANS = Words(
    en="something is kept from step to step, such as a summed loss with its graph",
    zh="有内容在步与步之间一直没有释放，例如累加时保留了计算图的损失",
)
STEADY = Words(en="the logged memory stayed at {last}", zh="日志中的显存占用一直保持在 {last}")
STEADY_MEANS = Words(en="nothing piled up", zh="没有内容累积")
BATCH = Words(en="the batch size is {batch} per GPU", zh="每张 GPU 的批大小为 {batch}")
BATCH_MEANS = Words(en="this is the first thing to make smaller", zh="应首先减小它")
OTHERS = Words(
    en="what else used the card: run nvidia-smi while it trains", zh="显卡上还有哪些进程：训练时运行 nvidia-smi 查看"
)


@cause(
    says=Words(en="the memory is too small for this batch", zh="内存（显存）容纳不下当前的批大小"),
    explains=("out_of_memory", "crashed", "stalled"),
)
def memory_ran_out(run: Run, checkup: Checkup) -> Iterator[Clue]:
    """Look at what the console said at the end, and at the memory that was logged."""
    ended = {one.rule for one in checkup.symptoms} & {"out_of_memory", "crashed", "stalled"}
    if not ended:
        return
    told = _told(run)
    if told is not None:
        text = " ".join(told.text.split())[:LONGEST]
        fact = Fact(metric=told.kind, value=text, at=told.at, place=told.place)
        yield Clue(side="for", strength="strong", measured=SAID.fill(text=text), means=SAID_MEANS, facts=(fact,))
        if run.setting("batch_size") is not None:
            batch = run.setting_fact("batch_size")
            yield Clue(side="for", measured=BATCH.fill(batch=batch.value), means=BATCH_MEANS, facts=(batch,))
    yield from _logged(run, told=told is not None)
    if told is not None:
        yield Clue(side="missing", measured=OTHERS)


def _told(run: Run) -> Event | None:
    """The last word of the console about memory, where the run ended with it."""
    found = [one for one in run.events if one.record > run.records - LATER and _of_memory(one)]
    return found[-1] if found else None


def _of_memory(one: Event) -> bool:
    return one.kind == "out-of-memory" or (one.kind == "killed" and "oom" in one.text.lower())


def _logged(run: Run, *, told: bool) -> Iterator[Clue]:
    """Memory that grew speaks for it; memory that did not speaks against it where the console says nothing."""
    series = next((one for one in run.series if one.metric == "train/memory"), None)
    if series is None or np.isfinite(series.value).sum() < LEAST:
        return
    tenth = max(len(series) // TENTHS, 1)
    first, last = float(np.nanmedian(series.value[:tenth])), float(np.nanmedian(series.value[-tenth:]))
    facts = (run.fact(series, 0), run.fact(series, -1))
    words = {"first": number(first), "last": number(last)}
    if last >= GREW * first > 0:
        yield Clue(side="for", measured=GROWN.fill(**words), means=GROWN_MEANS, facts=facts)
    elif not told:
        yield Clue(side="against", measured=STEADY.fill(**words), means=STEADY_MEANS, facts=facts)
