"""The input of one branch is broken: it is back at guessing while its siblings go on.

A moved folder, a missing file that is replaced by zeros, another pipeline after a resume: one modality then sees nothing.
For: a branch alone falls to the level of guessing, or never leaves it, while another learns; a resume stands at that
moment; the console log tells of files that were not found or not read.
Against: the siblings fell with it.
Missing: ten inputs of that branch, drawn as the network gets them; the console log.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from defib.diagnosis.cause import Clue, cause
from defib.diagnosis.onset import NEAR
from defib.diagnosis.streams import best_scores, streams
from defib.records import Fact
from defib.words import Words, number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from defib.records import Checkup, Run, Series

GUESSING = 2.0  # times the score of guessing, up to which a branch knows nothing; assumed
KNOWS = 5.0  # times the score of guessing, from which a branch has learned; assumed
LEFT = 0.7  # share of its score before that a sibling keeps where it goes on; assumed
ROW = 2  # evaluations in a row at guessing; assumed
FILES = re.compile(
    r"FileNotFoundError|No such file or directory|[Ff]ailed to (?:open|read|decode)|cannot (?:open|read|identify)"
)
LONGEST = 160

BACK = Words(
    en="branch {branch} scores {now}% since epoch {epoch} and had reached {best}%; guessing gives {chance}%. {sibling} kept {kept}%",
    zh="{branch} 分支自第 {epoch} 轮起只有 {now}%，此前曾达到 {best}%（随机猜测为 {chance}%）；{sibling} 仍保有 {kept}%",
)
NEVER = Words(
    en="branch {branch} never got beyond {best}% in {count} evaluations; guessing gives {chance}%. {sibling} reached {kept}%",
    zh="{count} 次评估中 {branch} 分支最高只有 {best}%（随机猜测为 {chance}%）；{sibling} 达到 {kept}%",
)
ALONE_MEANS = Words(
    en="it sees nothing that it could tell the classes by; a fault of training would shake its siblings too",
    zh="它看不到任何可供区分类别的内容；若是训练本身的问题，其他分支也会受影响",
)
RESUMED = Words(en="the run was resumed at epoch {epoch}", zh="训练在第 {epoch} 轮恢复运行")
RESUMED_MEANS = Words(en="paths or pipelines may have changed with it", zh="路径或数据流程可能随之改变")
SAID = Words(en="the console log says: {text}", zh="控制台日志写道：{text}")
SAID_MEANS = Words(en="inputs could not be read", zh="有输入无法读取")
TOGETHER = Words(
    en="{sibling} went from {before}% to {after}% as branch {branch} fell",
    zh="{branch} 分支下跌时，{sibling} 也从 {before}% 变为 {after}%",
)
TOGETHER_MEANS = Words(en="what broke broke for all branches", zh="出问题的是所有分支")
PROBE = Words(
    en="ten inputs of branch {branch} as the network gets them, drawn: empty or equal ones would settle it",
    zh="把 {branch} 分支实际送入网络的十个输入画出来：若为空或完全相同，即可确认",
)
DETAIL = Words(en="the input of branch {branch} may be broken", zh="{branch} 分支的输入可能已损坏")


@cause(
    says=Words(en="the input of one branch may be broken", zh="某个分支的输入可能已损坏"),
    explains=("branch_collapse", "fusion_below_branch"),
    verdict="escalate",
)
def branch_input_broken(run: Run, checkup: Checkup) -> Iterator[Clue]:
    """Find a branch that is at guessing and was not, or never was above it, and look at its siblings."""
    if (
        not run.classes
        or not best_scores(run)
        or not any(one.rule in branch_input_broken.explains for one in checkup.symptoms)
    ):
        return
    chance = 100.0 / run.classes
    for series in streams(run):
        start = _at_guessing(series, chance)
        sibling = _best_sibling(run, series)
        if start is None or sibling is None:
            continue
        found = [*_alone(run, series, sibling, start, chance)]
        yield from found
        if not any(one.side == "for" for one in found):
            continue
        epoch = float(series.epoch[start])
        yield from _around(run, epoch, back=start > 0)
        yield Clue(side="missing", measured=PROBE.fill(branch=series.branch))


def _alone(run: Run, series: Series, sibling: Series, start: int, chance: float) -> Iterator[Clue]:
    epoch = float(series.epoch[start])
    facts = (run.fact(series, start), run.fact(series, -1))
    words = {"branch": series.branch, "sibling": sibling.branch, "chance": number(chance, 3)}
    detail = DETAIL.fill(branch=series.branch)
    if start == 0:
        top = float(np.nanmax(sibling.value))
        if top > KNOWS * chance:
            best = f"{float(np.nanmax(series.value)):.2f}"
            said = NEVER.fill(best=best, count=len(series), kept=f"{top:.2f}", **words)
            yield Clue(side="for", measured=said, means=ALONE_MEANS, facts=facts, detail=detail)
        return
    had = float(np.nanmax(series.value[:start]))
    earlier, later = sibling.value[sibling.epoch < epoch], sibling.value[sibling.epoch >= epoch]
    if had <= KNOWS * chance or not len(earlier) or not len(later):
        return
    before, after = float(earlier[-1]), float(np.nanmedian(later)) if np.isfinite(later).any() else float("nan")
    if after >= LEFT * before and before > KNOWS * chance:
        now = f"{float(np.nanmedian(series.value[start:])):.2f}"
        said = BACK.fill(now=now, epoch=number(epoch), best=f"{had:.2f}", kept=f"{after:.2f}", **words)
        yield Clue(side="for", measured=said, means=ALONE_MEANS, facts=facts, detail=detail)
    elif before > KNOWS * chance:
        shown = {"branch": series.branch, "sibling": sibling.branch, "before": f"{before:.2f}", "after": number(after)}
        yield Clue(
            side="against", strength="strong", measured=TOGETHER.fill(**shown), means=TOGETHER_MEANS, facts=facts
        )


def _around(run: Run, epoch: float, *, back: bool) -> Iterator[Clue]:
    """What else is known about that moment."""
    for one in run.segments[1:] if back else ():
        if one.start.epoch is not None and abs(one.start.epoch - epoch) <= NEAR:
            fact = Fact(metric="resumed", value=one.file, at=one.start)
            said = RESUMED.fill(epoch=number(one.start.epoch))
            yield Clue(side="for", measured=said, means=RESUMED_MEANS, facts=(fact,))
    said_so = next((one for one in run.events if FILES.search(one.text)), None)
    if said_so is not None:
        text = said_so.text[:LONGEST]
        fact = Fact(metric=said_so.kind, value=text, at=said_so.at, place=said_so.place)
        yield Clue(side="for", strength="strong", measured=SAID.fill(text=text), means=SAID_MEANS, facts=(fact,))


def _at_guessing(series: Series, chance: float) -> int | None:
    """The evaluation since which a branch has stayed at guessing; None when it is above."""
    low = series.value <= GUESSING * chance
    if len(low) < ROW or not bool(low[-ROW:].all()):
        return None
    above = np.flatnonzero(~low)
    return 0 if not len(above) else int(above[-1]) + 1


def _best_sibling(run: Run, series: Series) -> Series | None:
    others = [one for one in streams(run) if one.key != series.key and np.isfinite(one.value).any()]
    return max(others, key=lambda one: float(np.nanmax(one.value)), default=None)
