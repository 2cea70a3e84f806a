"""Why it is wrong, with the evidence on both sides."""

from __future__ import annotations

from typing import Literal

from defib.records.facts import Fact, Record
from defib.words import Words

Standing = Literal["likely", "possible", "ruled-out"]
Verdict = Literal["healthy", "watch", "rescue", "leave-running", "escalate"]


class Evidence(Record, frozen=True, kw_only=True):
    """What was measured, and separately what it is taken to mean."""

    strength: Literal["strong", "weak"]
    measured: Words
    means: Words
    facts: tuple[Fact, ...] = ()


class Cause(Record, frozen=True, kw_only=True, rename={"for_": "for"}):
    """One explanation, with the evidence on both sides and what is missing."""

    cause: str
    standing: Standing
    says: Words
    explains: tuple[str, ...] = ()
    """Rules whose symptoms it would explain in this run; empty for a trap that harmed nothing yet."""
    event: bool = False
    """It is something that happened at the onset, not something that was there all along."""
    verdict: Verdict | None = None
    """The verdict that it asks for when it is likely, because no setting cures it; null for all others."""
    for_: tuple[Evidence, ...] = ()
    against: tuple[Evidence, ...] = ()
    missing: tuple[Words, ...] = ()
