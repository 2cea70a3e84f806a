"""What there is to tell of a run, given what was told of it before. A pure function: a watcher that begins anew repeats nothing."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING, Literal, NamedTuple

from defib.records import Record
from defib.words import Words, number

if TYPE_CHECKING:
    from defib.records import Case

LOUD = ("rescue", "leave-running", "escalate")
"""Verdicts for which somebody has to act; a mere `watch` wakes nobody."""
Kind = Literal["opened", "changed", "cleared", "stalled", "went on"]

TITLES: dict[Kind, Words] = {
    "opened": Words(en="{run}: {verdict}", zh="{run}：{verdict}"),
    "changed": Words(en="{run}: now {verdict}", zh="{run}：现在为{verdict}"),
    "cleared": Words(en="{run}: over", zh="{run}：已恢复正常"),
    "stalled": Words(en="{run}: nothing is written any more", zh="{run}：不再有任何写入"),
    "went on": Words(en="{run}: goes on", zh="{run}：已继续"),
}
VERDICTS = {
    "rescue": Words(en="needs a rescue", zh="需要修复"),
    "leave-running": Words(en="leave it running, the fault is in the validation", zh="继续训练，问题出在验证环节"),
    "escalate": Words(en="a person has to look", zh="需要人工检查"),
}
TO_DO = Words(en="{says}\n\nWhat to type: defib rescue {path}", zh="{says}\n\n处理命令：defib rescue {path}")
TO_READ = Words(en="{says}\n\nMore: defib diagnose {path}", zh="{says}\n\n详情：defib diagnose {path}")
OVER = Words(en="The incident since {since} is over. {says}", zh="自{since}开始的问题已结束。{says}")
EPOCH = Words(en="epoch {at}", zh="第 {at} 轮")
EARLIER = Words(en="the last message", zh="上一条消息")


class Told(Record, frozen=True, kw_only=True):
    """What people know of a run."""

    verdict: str | None = None
    """The loud verdict that was told last and is not over; null for none."""
    since: float | None = None
    """Epoch at which that incident began, where it is known."""
    stalled: bool = False


class Message(NamedTuple):
    """Something to tell."""

    kind: Kind
    title: Words
    body: Words


def news(case: Case | None, told: Told) -> tuple[tuple[Message, ...], Told]:
    """What to tell now, and what people know once it is told.

    case: None where the run can not be judged now: that is no news of the run itself.
    """
    if case is None:
        return (), told
    found: list[Message] = []
    stalled = next((one for one in case.checkup.symptoms if one.rule == "stalled" and one.severity != "note"), None)
    if stalled is not None and not told.stalled:
        found.append(_message("stalled", case, TO_READ.fill(says=stalled.says, path=case.run.path)))
    if stalled is None and told.stalled:
        found.append(_message("went on", case, case.says))
    incident = case.checkup.incident
    since = None if incident is None else incident.onset.epoch
    loud = case.verdict if case.verdict in LOUD else None
    if loud is not None and loud != told.verdict:
        kind: Kind = "opened" if told.verdict is None else "changed"
        words = (TO_DO if loud == "rescue" else TO_READ).fill(says=case.says, path=case.run.path)
        found.append(_message(kind, case, words))
    elif loud is not None and told.since is not None and since is not None and since > told.since and _new(case, told):
        found.append(_message("opened", case, TO_DO.fill(says=case.says, path=case.run.path)))
    elif loud is None and told.verdict is not None:
        began = EARLIER if told.since is None else EPOCH.fill(at=number(told.since))
        found.append(_message("cleared", case, OVER.fill(since=began, says=case.says)))
        return tuple(found), Told(stalled=stalled is not None)
    return tuple(found), Told(verdict=loud, since=since if loud else None, stalled=stalled is not None)


def _new(case: Case, told: Told) -> bool:
    """Whether the best of the run came after the incident that was told: then another one has begun."""
    incident = case.checkup.incident
    best = None if incident is None else incident.best.at.epoch
    return best is not None and told.since is not None and best >= told.since


def _message(kind: Kind, case: Case, body: Words) -> Message:
    run = PurePath(case.run.path).name or case.run.path
    verdict = VERDICTS.get(case.verdict, Words(en=case.verdict, zh=case.verdict))
    return Message(kind, TITLES[kind].fill(run=run, verdict=verdict), body)
