"""The run ran out of memory.

Why it matters: nothing is wrong with what was learned, but no more will be: a restart with the same settings fails again.
A smaller batch, shorter clips, mixed precision or gradient accumulation helps; check what else uses the card.
How it looks: the console log says so (`CUDA out of memory`, or a system that killed the process for its memory). The end of
a run is known only later, so that the message is a watch when it is seen, and is over when five more records were logged.
Stays quiet on: what training survived three times already. An error that it survived, or one after the last planned epoch, is told but needs no
attention. Runs without a console log are listed as not checked.
Size: none.
What to do: Halve the batch per GPU and accumulate two steps, which keeps rate and batch as they were; then resume from the
newest checkpoint.

中文：
训练因内存（显存）不足而中断。

为何重要：已学到的没有问题，但不会再学到更多：用同样的设置重启还会失败。可以减小批大小、缩短片段、使用混合精度或
梯度累积；并检查这张卡上还有什么在运行。
判断依据：控制台日志写明了这一点（`CUDA out of memory`，或系统因内存而终止进程）。是否真的结束要过后才知道，因此
刚看到消息时为 watch，之后又记录了五条就视为解除。
不会报告：训练已经挺过三次的同类错误。挺过去的错误或计划最后一轮之后的错误会说明，但无需处理。没有控制台日志的训
练列为未检查。
数值含义：无。
如何处理：每卡批大小减半并累积两步，这样学习率和总批大小不变；然后从最新的检查点恢复训练。
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from defib.health.endings import endings, no_console, short
from defib.health.rule import Saw, rule
from defib.words import Words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from defib.records import Run

SAYS = Words(en="the run ran out of memory and ended: {text}", zh="内存（显存）不足，训练就此中断：{text}")
WENT_ON = Words(
    en="memory ran out once, and training went on: {text}", zh="曾发生内存（显存）不足，但训练继续进行：{text}"
)


@rule(needs=(), blind=no_console, says=SAYS)
def out_of_memory(run: Run) -> Iterator[Saw]:
    """Find the messages that say that memory ran out."""
    for ending in endings(run):
        if ending.memory is not None:
            yield Saw(
                event=ending.memory,
                severity="note" if ending.finished else "watch",
                cleared=ending.cleared,
                says=(SAYS if ending.cleared is None else WENT_ON).fill(text=short(ending.memory)),
            )
