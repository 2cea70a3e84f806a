"""The run ended with an exception, or was killed.

Why it matters: it does not train any more, and a curve that looks fine does not say so.
How it looks: the console log holds a traceback, or says that the process was killed. Some programs end on
a loss that is not finite with one sentence and without a traceback; that counts too. The end of a run is known only later,
so that the message is a watch when it is seen, and is over when five more records were logged. Of several processes that
fail together the first message is taken: those that follow are echoes.
Stays quiet on: a run that was stopped by hand (`KeyboardInterrupt`), and memory that ran out (see `out_of_memory`). What
comes after the last planned epoch is a note. Runs without a console log are listed as not checked.
Size: none.
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
