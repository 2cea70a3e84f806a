"""The run ran out of memory.

Why it matters: nothing is wrong with what was learned, but no more will be: a restart with the same settings fails again.
A smaller batch, shorter clips, mixed precision or gradient accumulation helps; check what else uses the card.
How it looks: the console log says so (`CUDA out of memory`, or a system that killed the process for its memory). The end of
a run is known only later, so that the message is a watch when it is seen, and is over when five more records were logged.
Stays quiet on: what training survived three times already. An error that it survived, or one after the last planned epoch, is told but needs no
attention. Runs without a console log are listed as not checked.
Size: none.
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
