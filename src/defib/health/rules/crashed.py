"""The run ended with an exception, or was killed.

Why it matters: it does not train any more, and a curve that looks fine does not say so.
How it looks: the console log holds a traceback, or says that the process was killed. Some programs end on
a loss that is not finite with one sentence and without a traceback; that counts too. The end of a run is known only later,
so that the message is a watch when it is seen, and is over when five more records were logged. Of several processes that
fail together the first message is taken: those that follow are echoes.
Stays quiet on: a run that was stopped by hand (`KeyboardInterrupt`), and memory that ran out (see `out_of_memory`). What
comes after the last planned epoch is a note. Runs without a console log are listed as not checked.
Size: none.
What to do: Read the last lines that the report quotes, mend what they name, and resume from the newest readable checkpoint:
what was learned is not to blame.

中文：
训练因异常而中断，或进程被终止。

为何重要：训练已经停止，而一条看起来正常的曲线不会说明这一点。
判断依据：控制台日志中有 traceback，或写明进程被终止。有些程序遇到非有限的损失时只输出一句话就退出，没有
traceback，这也算在内。是否真的结束要过后才知道，因此刚看到消息时为 watch，之后又记录了五条就视为解除。多个进程
同时出错时只取第一条消息，后面的只是连带报错。
不会报告：人为停止（`KeyboardInterrupt`）和内存不足（见 `out_of_memory`）。计划的最后一轮之后出现的错误只作提
示。没有控制台日志的训练列为未检查。
数值含义：无。
如何处理：阅读报告引用的最后几行，改正其中指出的问题，然后从最新的可读检查点恢复训练：已学到的部分没有问题。
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from defib.health.endings import endings, no_console, short
from defib.health.rule import Saw, rule
from defib.words import Words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from defib.records import Run

BY_HAND = re.compile(r"KeyboardInterrupt|got signal: 2\b")
SAYS = Words(en="the run ended with an error: {text}", zh="训练因错误而中断：{text}")
KILLED = Words(en="the run was killed: {text}", zh="训练进程被终止：{text}")
WENT_ON = Words(en="an error was printed, and training went on: {text}", zh="日志中出现过错误，但训练继续进行：{text}")


@rule(needs=(), blind=no_console, says=SAYS)
def crashed(run: Run) -> Iterator[Saw]:
    """Find the exceptions and kills that no lack of memory explains."""
    for ending in endings(run):
        if ending.memory is not None or BY_HAND.search(ending.first.text):
            continue
        ended = KILLED if ending.first.kind == "killed" else SAYS
        yield Saw(
            event=ending.first,
            severity="note" if ending.finished else "watch",
            cleared=ending.cleared,
            says=(ended if ending.cleared is None else WENT_ON).fill(text=short(ending.first)),
        )
