"""What an explanation is: a function that weighs clues for and against, with no score to tune.

A strong clue against rules it out; a strong clue for and none against makes it likely; anything else is possible.
Without a single clue there is no opinion.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from defib.records import Cause, Checkup, Evidence, Fact, Run, Standing, Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from defib.words import Words

    Weigh = Callable[[Run, Checkup], Iterator["Clue"]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Clue:
    """One piece of evidence, or of evidence that is missing."""

    side: Literal["for", "against", "missing"]
    measured: Words
    """What was measured; for a missing clue, what would settle it."""
    means: Words | None = None
    """What it is taken to mean."""
    strength: Literal["strong", "weak"] = "weak"
    facts: tuple[Fact, ...] = ()
    detail: Words | None = None
    """What the cause is about in this run, e.g. the branch: replaces the cause's own sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """A named explanation of symptoms."""

    name: str
    doc: str
    says: Words
    explains: tuple[str, ...]
    """Rules whose symptoms it can explain; empty for a trap that does not explain a fall."""
    event: bool
    verdict: Verdict | None
    """The verdict that it asks for when it is likely, instead of `rescue`: no setting cures it."""
    weigh: Weigh

    def __call__(self, run: Run, checkup: Checkup) -> Cause | None:
        """Weigh this explanation for a run; None when nothing speaks for or against it."""
        clues = tuple(self.weigh(run, checkup))
        pro = tuple(_evidence(clue) for clue in clues if clue.side == "for")
        contra = tuple(_evidence(clue) for clue in clues if clue.side == "against")
        if not pro and not contra:
            return None
        present = {symptom.rule for symptom in checkup.symptoms}
        detail = next((clue.detail for clue in clues if clue.detail is not None), None)
        return Cause(
            cause=self.name,
            standing=standing(pro, contra),
            says=detail or self.says,
            explains=tuple(rule for rule in self.explains if rule in present),
            event=self.event and any(one.strength == "strong" for one in pro),
            verdict=self.verdict,
            for_=pro,
            against=contra,
            missing=tuple(clue.measured for clue in clues if clue.side == "missing"),
        )


def cause(
    *, says: Words, explains: tuple[str, ...] = (), event: bool = False, verdict: Verdict | None = None
) -> Callable[[Weigh], Explanation]:
    """Make an Explanation of a function; its name is the function's, its page is the module's docstring.

    says: the explanation as half a sentence.
    explains: names of rules.
    event: it is something that happened, not something that was there all along.
    verdict: `leave-running` for a fault of the validation, `escalate` for one of labels, data or code.
    """

    def make(weigh: Weigh) -> Explanation:
        doc = sys.modules[weigh.__module__].__doc__ or ""
        return Explanation(
            name=weigh.__name__, doc=doc, says=says, explains=explains, event=event, verdict=verdict, weigh=weigh
        )

    return make


def standing(pro: tuple[Evidence, ...], contra: tuple[Evidence, ...]) -> Standing:
    """How an explanation stands, from its evidence alone."""
    if any(one.strength == "strong" for one in contra) or not pro:
        return "ruled-out"
    if any(one.strength == "strong" for one in pro) and not contra:
        return "likely"
    return "possible"


def _evidence(clue: Clue) -> Evidence:
    return Evidence(strength=clue.strength, measured=clue.measured, means=clue.means or clue.measured, facts=clue.facts)
