"""One log, read and judged by defib; and all of them, on several cores, with what is done kept on disk."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import defib
from bench.delay import WITHIN, delay, record_of
from bench.naming import named
from defib import health, reading
from defib.errors import DefibError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bench.corpus import Case
    from defib.records import Run, Symptom

ORDER = ("act", "watch", "note")


class Act(NamedTuple):
    """One act, and how long after the labelled onset it was known."""

    rule: str
    series: str
    delay: int
    """In points of the series; negative where it came before."""


class Verdict(NamedTuple):
    """What defib said about one log."""

    log: str
    label: str
    name: str
    """`healthy`, `collapse`, ..., or `unreadable`."""
    act: bool
    watch: bool
    rules: tuple[str, ...]
    """`rule:severity`, with `-` behind what cleared and ` x3` behind what came three times."""
    problem: str = ""
    family: str = ""
    written: str = ""
    onset: str = ""
    """As the label states it, with its unit."""
    placed: bool = False
    """The labelled onset was found in the run."""
    acts: tuple[Act, ...] = ()
    """In the order in which they were known; only where the onset was found."""

    @property
    def stands(self) -> bool:
        """An act or a watch that is not over at the end of the log."""
        told = [rule.partition(" ")[0] for rule in self.rules]
        return any(rule.endswith((":act", ":watch")) for rule in told)

    @property
    def in_time(self) -> Act | None:
        """The first act within one point of the onset."""
        return next((one for one in self.acts if abs(one.delay) <= WITHIN), None)

    @property
    def early(self) -> tuple[Act, ...]:
        """Acts that came more than one point before the onset: false alarms, by the label."""
        return tuple(one for one in self.acts if one.delay < -WITHIN)

    @property
    def first(self) -> Act | None:
        """The first act that is not early."""
        return next((one for one in self.acts if one.delay >= -WITHIN), None)

    @property
    def answer(self) -> Act | None:
        """The act that a delay is counted from; none where acts had come too early and none came in time."""
        return self.in_time or (None if self.early else self.first)

    def worst(self) -> dict[str, str]:
        """Each rule that spoke, with the gravest that it said."""
        found: dict[str, str] = {}
        for told in self.rules:
            rule, _, rest = told.partition(":")
            severity = rest.partition(" ")[0].rstrip("-")
            found[rule] = min(found.get(rule, severity), severity, key=ORDER.index)
        return found


def judge(case: Case) -> Verdict:
    """Read and judge one log."""
    rest = {"family": case.family, "written": case.written, "onset": f"{case.unit} {case.onset}".strip()}
    try:
        run = reading.read(case.path)
        checkup = health.check(run)
    except DefibError as error:
        problem = error.words.en
        return Verdict(case.log, case.label, "unreadable", act=False, watch=False, rules=(), problem=problem, **rest)
    severities = {one.severity for one in checkup.symptoms}
    told = Counter(f"{one.rule}:{one.severity}{'-' if one.cleared else ''}" for one in checkup.symptoms)
    onset = record_of(run, case.path, case.unit, case.onset)
    return Verdict(
        case.log,
        case.label,
        named(checkup),
        act="act" in severities,
        watch="watch" in severities,
        rules=tuple(f"{rule} x{count}" if count > 1 else rule for rule, count in told.items()),
        placed=onset is not None,
        acts=() if onset is None else _acts(run, checkup.symptoms, onset),
        **rest,
    )


def _acts(run: Run, symptoms: Sequence[Symptom], onset: int) -> tuple[Act, ...]:
    found: list[Act] = []
    for one in sorted(symptoms, key=lambda one: one.record):
        late = delay(run, one, onset) if one.severity == "act" else None
        if late is not None:
            found.append(Act(one.rule, "/".join(filter(None, (one.metric, one.branch))), late))
    return tuple(found)


def judged_all(cases: Sequence[Case], jobs: int, kept: Path | None = None) -> Iterator[Verdict]:
    """Judge all cases, in their order.

    kept: a folder for what is done, so that a second call goes on where the first one was stopped. What is kept counts
    only for the very sources of defib and of the bench that made it, and for the very log and label.
    """
    file = None if kept is None else kept / f"{_sources()}.jsonl"
    done = {} if file is None else _kept(file)
    keys = {} if file is None else {case.log: _key(case) for case in cases}
    left = [case for case in cases if keys.get(case.log) not in done]
    with ProcessPoolExecutor(jobs) as pool:
        coming = pool.map(judge, left, chunksize=4)
        for case in cases:
            verdict = done.get(keys.get(case.log, ""))
            if verdict is None:
                verdict = next(coming)
                if file is not None:
                    file.parent.mkdir(parents=True, exist_ok=True)
                    with file.open("a", encoding="utf-8") as lines:
                        lines.write(json.dumps([keys[case.log], verdict]) + "\n")
            yield verdict


def _kept(file: Path) -> dict[str, Verdict]:
    lines = file.read_text(encoding="utf-8").split("\n")[:-1] if file.is_file() else []
    return {key: restored(values) for key, values in map(json.loads, lines)}


def _key(case: Case) -> str:
    """What a log and its label come to; a log may be a folder."""
    digest = hashlib.sha256(repr([case.log, case.label, case.unit, case.onset]).encode())
    for path in sorted(case.path.rglob("*")) if case.path.is_dir() else [case.path]:
        if path.is_file():
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def restored(values: list[Any]) -> Verdict:
    """A verdict from its JSON values."""
    fields = dict(zip(Verdict._fields, values, strict=True))
    fields |= {"rules": tuple(fields["rules"]), "acts": tuple(Act(*one) for one in fields["acts"])}
    return Verdict(**fields)


def _sources() -> str:
    """What the sources of defib and of the bench come to."""
    digest = hashlib.sha256()
    for root in (Path(defib.__file__).parent, Path(__file__).parent):
        for path in sorted(root.rglob("*.py")):
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
