"""What a rule is: a function that looks at a Run and yields what it found, never why.

A rule sees a Run that may still be growing. It must not change its mind: what it says about the first k records it
also says about the first n > k, and noise is judged from what came before the onset. `tests/test_shared_promises.py`
holds every rule to that.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from defib.health.scores import score
from defib.naming import branch_of, metric_name
from defib.records import Event, Fact, Point, Run, Series, Severity, Symptom
from defib.words import Words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Find = Callable[[Run], Iterator["Finding | Saw"]]
    Blind = Callable[[Run], Words | None]

NOT_LOGGED = Words(en="{metric} was not logged", zh="没有记录 {metric}")
NO_DECIDING = Words(en="no validation metric was logged", zh="没有记录任何验证指标")
NO_SCORE = Words(
    en="it is not known in which direction the metric that decides is better, or it is a loss that begins below zero",
    zh="不知道决定性指标是越高越好还是越低越好，或者它是从零以下开始的损失",
)


NOTHING_FINITE = Words(en="the metric that decides has not one finite value", zh="决定性指标没有任何有效数值")


def no_score(run: Run) -> Words | None:
    """Why a rule about scores cannot look: the deciding metric has no direction, or was never a number."""
    series = run.get(run.deciding)
    if series is None:
        return None
    if not np.isfinite(series.value).any():
        return NOTHING_FINITE
    return NO_SCORE if score(run, series) is None else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing a rule saw in a series."""

    series: Series
    index: int
    """Position of the onset in the series."""
    known: int
    """Position in the series at which it could first be known."""
    severity: Severity
    size: float | None = None
    noise: float | None = None
    cleared: int | None = None
    """Position at which it was over."""
    facts: tuple[Fact, ...] = ()
    values: dict[str, object] = field(default_factory=dict)
    """What goes into the rule's sentence."""
    says: Words | None = None
    """Another sentence than the rule's own, already filled."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Saw:
    """One thing a rule read in a message of the console log. There is no series: the run may have logged no number."""

    event: Event
    severity: Severity
    cleared: Point | None = None
    """When it was over."""
    says: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A named look at a run."""

    name: str
    doc: str
    needs: tuple[str, ...]
    """Metrics (any branch) without which the rule cannot look; `deciding` is the metric that decides."""
    says: Words
    fall: bool
    """Its symptoms open an incident."""
    find: Find
    blind: Blind | None

    def __call__(self, run: Run) -> tuple[Symptom, ...]:
        """All symptoms of this kind; empty when there are none, or when the rule cannot look."""
        if self.unseen(run) is not None:
            return ()
        return tuple(
            self._read(found) if isinstance(found, Saw) else self._symptom(run, found) for found in self.find(run)
        )

    def unseen(self, run: Run) -> Words | None:
        """Why the rule cannot look at this run, or None when it can."""
        for need in self.needs:
            if need == "deciding":
                if run.get(run.deciding) is None:
                    return NO_DECIDING
            elif not run.branches(need):
                return NOT_LOGGED.fill(metric=need)
        return None if self.blind is None else self.blind(run)

    def _symptom(self, run: Run, finding: Finding) -> Symptom:
        series = finding.series
        onset = run.point(series, finding.index)
        values = {"metric": metric_name(run, series.key), "branch": branch_of(run, series.key), **finding.values}
        return Symptom(
            rule=self.name,
            metric=series.metric,
            branch=series.branch,
            severity=finding.severity,
            onset=onset,
            record=int(series.record[finding.known]),
            cleared=None if finding.cleared is None else run.point(series, finding.cleared),
            size=finding.size,
            noise=finding.noise,
            fall=self.fall,
            says=finding.says or self.says.fill(**values),
            facts=finding.facts,
        )

    def _read(self, saw: Saw) -> Symptom:
        """A symptom that stands on a message; its metric is the kind of the message.

        A message that came after n records was known with the last of them, n - 1; -1 is before the first.
        """
        event = saw.event
        return Symptom(
            rule=self.name,
            metric=event.kind,
            severity=saw.severity,
            onset=event.at,
            record=event.record - 1,
            cleared=saw.cleared,
            fall=self.fall,
            says=saw.says,
            facts=(event_fact(event),),
        )


def event_fact(event: Event) -> Fact:
    """A message of the console log as evidence."""
    return Fact(metric=event.kind, value=event.text, at=event.at, place=event.place)


def rule(
    *,
    needs: tuple[str, ...],
    says: Words,
    fall: bool = False,
    blind: Blind | None = None,
) -> Callable[[Find], Rule]:
    """Make a Rule of a function; its name is the function's, its page is the module's docstring.

    needs: what must have been logged.
    says: one sentence; `{metric}` and `{branch}` are filled in for every rule.
    fall: whether something that worked has stopped working.
    blind: a further reason why the rule cannot look at a run, or None.
    """

    def make(find: Find) -> Rule:
        module = sys.modules[find.__module__]
        return Rule(
            name=find.__name__, doc=module.__doc__ or "", needs=needs, says=says, fall=fall, find=find, blind=blind
        )

    return make
