"""What to try after a relapse: nothing twice, and the reasons that the relapsed attempt itself gives among the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

import msgspec

from defib import pipeline, playbook
from defib.words import Words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from defib.playbook.play import Profile
    from defib.records import Case, Cause, Plan

Essence = tuple[str | None, frozenset[tuple[str, str]]]
SICK = Words(en="an attempt from it relapsed", zh="从它开始的一次尝试再次崩溃")

OLDER = Words(en="an older start: the best may have been sick already", zh="更早的起点：最佳检查点可能当时已经不健康")
NEXT = Words(en="the next cause: {cause}", zh="下一个可能的原因：{cause}")
STRONGER = Words(en="the conservative plan", zh="保守方案")
STRONGER_OLDER = Words(en="the conservative plan from an older start", zh="从更早的起点开始的保守方案")


class Following(NamedTuple):
    """Something that was not tried yet."""

    case: Case
    says: Words


class _Way(NamedTuple):
    says: Words
    profile: Profile
    older: bool
    causes: tuple[Cause, ...]


def following(case: Case, relapsed: Case | None, tried: set[Essence], number: int) -> Following | None:
    """The next plan that differs from all that were tried; None where nothing is left.

    case: the run that is being rescued. relapsed: the last attempt, judged: what its log makes likely is treated from now on.
    tried: the essences of all plans so far. number: of the attempt that it would be.
    """
    causes = merged(case.causes, () if relapsed is None else relapsed.causes)
    for way in _ways(causes):
        found = planned(case, way.profile, number, way.causes, {start for start, _ in tried} if way.older else set())
        if found is not None and found.plan is not None and essence(found.plan) not in tried:
            return Following(found, way.says)
    return None


def _ways(causes: tuple[Cause, ...]) -> Iterator[_Way]:
    yield _Way(OLDER, "minimal", older=True, causes=causes)
    treated = {play.treats for play in playbook.all_plays().values()}
    for one in causes:
        if one.standing == "possible" and one.cause in treated:
            yield _Way(NEXT.fill(cause=one.says), "minimal", older=False, causes=standing(causes, one.cause, "likely"))
    yield _Way(STRONGER, "conservative", older=False, causes=causes)
    yield _Way(STRONGER_OLDER, "conservative", older=True, causes=causes)


def merged(causes: tuple[Cause, ...], later: tuple[Cause, ...]) -> tuple[Cause, ...]:
    """The causes of a run, with those that a relapsed attempt of it has made likely."""
    likely = [one for one in later if one.standing == "likely"]
    known = {one.cause for one in causes if one.standing == "likely"}
    new = {one.cause: one for one in likely if one.cause not in known}
    kept = [new.pop(one.cause, one) for one in causes]
    return (*kept, *new.values())


def standing(causes: tuple[Cause, ...], name: str, to: Literal["likely"]) -> tuple[Cause, ...]:
    """The same causes, one of them with another standing."""
    return tuple(msgspec.structs.replace(one, standing=to) if one.cause == name else one for one in causes)


def planned(
    case: Case, profile: Profile, number: int, causes: tuple[Cause, ...], avoided: set[str | None]
) -> Case | None:
    """A plan for another attempt; None where none of the checkpoints that are left can be its start.

    avoided: paths of starts that did not help.
    """
    run = case.run
    if avoided:
        seen = [
            msgspec.structs.replace(one, state="broken", problem=SICK)
            if one.path in avoided and one.state != "broken"
            else one
            for one in run.checkpoints
        ]
        run = msgspec.structs.replace(run, checkpoints=tuple(seen))
    judged = msgspec.structs.replace(pipeline.diagnose(run), causes=causes)
    found = pipeline.rescue(judged, profile=profile, attempt=number)
    if found.plan is None or (avoided and found.plan.start_from.state != "ready"):
        return None
    return found


def essence(plan: Plan) -> Essence:
    """Where a plan begins and what it changes."""
    return plan.start_from.path, frozenset(
        (edit.key, str(edit.new)) for edit in plan.edits if edit.key not in playbook.STARTS
    )
