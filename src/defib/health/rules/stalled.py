"""The log has not grown for long, though the run is not at its end.

Why it matters: a process that hangs (a dead worker, a lost file system, two GPUs that wait for each other) says nothing, holds
its GPUs, and looks like patience.
How it looks: when the run was read, its newest log or checkpoint was older than three epochs at the pace of the run, and
older than half an hour, while planned epochs are left. After a week it is a note: nobody waits for that run any more.
It looks at the clock, which no other rule does: a run that goes on is not stalled any more.
Stays quiet on: finished runs however old, and runs whose end the console log explains (see `crashed`, `out_of_memory`). Without the
planned number of epochs or the time that one takes a finished run looks the same: listed as not checked. Copying a
log makes it look younger, never older.
Size: minutes without a sign.
What to do: Look whether the process lives and what it waits for (`py-spy dump`, `nvidia-smi`). When it is gone or hangs,
end it and resume from the newest checkpoint.

中文：
训练尚未结束，日志却很久没有增长。

为何重要：卡住的进程（worker 死掉、文件系统断开、两张 GPU 互相等待）不会报错，却一直占着 GPU，看上去只是慢。
判断依据：读取时，最新的日志或检查点距今超过按训练速度计算的三轮时间，且超过半小时，而计划的轮数还没有完成。超过
一周只作提示：不会再有人等它。这是唯一要看时钟的规则：恢复运行后就不再算停滞。
不会报告：再久以前已结束的训练，以及控制台日志已说明结束原因的训练（见 `crashed`、`out_of_memory`）。不知道计划
轮数或每轮时间时，无法与正常结束区分，列为未检查。复制日志只会让它显得更新，不会更旧。
数值含义：没有动静的分钟数。
如何处理：查看进程是否还在、在等什么（`py-spy dump`、`nvidia-smi`）。若已退出或卡死，结束它并从最新的检查点恢
复训练。
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from defib.health.endings import endings
from defib.health.rule import Finding, rule
from defib.words import Words, number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from defib.records import Run, Series

PACES = 3.0  # epochs; an evaluation or a slow disk takes one more, hardly two. Assumed
LEAST = 1800.0  # seconds; as long as the rule that was published: SageMaker's StalledTraining
GIVEN_UP = 7 * 86400.0  # seconds; assumed
HOUR, DAY = 3600.0, 86400.0  # seconds, by definition
MINUTES = Words(en="{count} minutes", zh="{count} 分钟")
HOURS = Words(en="{count} hours", zh="{count} 小时")
DAYS = Words(en="{count} days", zh="{count} 天")
NO_CLOCK = Words(en="it is not known when its files were last written", zh="不知道训练文件最后一次写入的时间")
NO_LENGTH = Words(
    en="the planned number of epochs is not known, and a run that has ended looks the same",
    zh="不知道计划训练的轮数，而已经结束的训练看起来是一样的",
)
NO_PACE = Words(en="it is not known how long an epoch takes", zh="不知道一轮需要多长时间")


def _blind(run: Run) -> Words | None:
    if run.observed_at is None or run.written_at is None:
        return NO_CLOCK
    if not isinstance(run.setting("max_epochs"), int | float) or _last(run) is None:
        return NO_LENGTH
    return None if run.seconds_per_epoch else NO_PACE


@rule(
    needs=(),
    blind=_blind,
    says=Words(
        en="nothing was written for {silent} after epoch {epoch} of {all}, where an epoch takes {pace} minutes: the run hangs "
        "or was stopped",
        zh="第 {epoch} 轮（共 {all} 轮）之后已有 {silent}没有任何写入，而一轮只需 {pace} 分钟：训练卡住或已被停止",
    ),
)
def stalled(run: Run) -> Iterator[Finding]:
    """Compare how long nothing was written with how long an epoch takes."""
    last, length, pace = _last(run), run.setting("max_epochs"), run.seconds_per_epoch
    if last is None or run.observed_at is None or run.written_at is None or pace is None:
        return
    silent = run.observed_at - run.written_at
    epoch = float(last.epoch[-1])
    explained = any(ending.cleared is None for ending in endings(run))
    if silent <= max(PACES * pace, LEAST) or epoch >= length or explained:
        return
    yield Finding(
        series=last,
        index=len(last) - 1,
        known=len(last) - 1,
        severity="watch" if silent <= GIVEN_UP else "note",
        size=silent / 60.0,
        facts=(run.fact(last, -1), run.setting_fact("max_epochs")),
        values={
            "silent": _long(silent),
            "epoch": number(epoch),
            "all": length,
            "pace": number(pace / 60.0, 2),
        },
    )


def _long(seconds: float) -> Words:
    """A time as one would say it."""
    for length, words in ((2 * DAY, DAYS), (2 * HOUR, HOURS)):
        if seconds >= length:
            return words.fill(count=f"{2 * seconds / length:.0f}")
    return MINUTES.fill(count=f"{seconds / 60.0:.0f}")


def _last(run: Run) -> Series | None:
    """The series that holds the last record of the run, when its epoch is known."""
    found = [one for one in run.series if len(one) and not np.isnan(one.epoch[-1])]
    return max(found, key=lambda one: float(one.record[-1]), default=None)
