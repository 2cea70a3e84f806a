"""The published doctors that read files: their versions, what they are given, and what their words are taken to mean.

An answer is read by what the doctor itself calls grave. `act` is its gravest level (error, critical, FAIL, failed),
`watch` a warning, `note` anything else that it says about the run. It has read a log when it found at least one value
of a metric in it. Where a doctor has two levels, both are kept; nothing is re-interpreted by us.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from bench.doctors.clean import WITH_EVAL, WITH_VAL, Form

if TYPE_CHECKING:
    from collections.abc import Callable

    from bench.doctors.result import Level

ORDER: tuple[Level, ...] = ("act", "watch", "note", "")
LEVELS: dict[str, Level] = {
    **dict.fromkeys(("error", "critical", "fail", "failed"), "act"),
    **dict.fromkeys(("warning", "warn"), "watch"),
    **dict.fromkeys(("info", "note"), "note"),
}


class Reading(NamedTuple):
    """What one answer comes to."""

    read: bool
    level: Level = ""
    first: str = ""


class Doctor(NamedTuple):
    """One published doctor."""

    name: str
    version: str
    clean: Form
    called: str
    """How it is called, as its documentation says."""
    understood: Callable[[Any], tuple[bool, list[tuple[str, str]]]]
    """From its JSON: whether it read anything, and (severity, problem) of each finding."""


def _losslint(said: dict[str, Any]) -> tuple[bool, list[tuple[str, str]]]:
    read = any(run["points"] and run["series"] for run in said["runs"])
    return read, [(one["severity"], one["check"]) for one in said["findings"]]


def _runmedic(said: list[dict[str, Any]]) -> tuple[bool, list[tuple[str, str]]]:
    read = any(series["points"] for run in said for series in run["series"].values())
    return read, [(one["severity"], one["check"]) for run in said for one in run["findings"]]


def _trainproof(said: dict[str, Any]) -> tuple[bool, list[tuple[str, str]]]:
    reports = said.get("reports") or []
    found = [(one["level"], one["id"]) for report in reports for one in report["findings"] if one["level"] != "PASS"]
    ran = any(report.get("checks", {}).get("ran") for report in reports)
    return ran, found


def _listed(said: dict[str, Any]) -> tuple[bool, list[tuple[str, str]]]:
    clock = {"step", "epoch", "time", "timestamp"}
    return bool({*said["columns"]} - clock), [(one["severity"], one["id"]) for one in said["findings"]]


EPOKIO = {
    "diverged": "critical",  # "Training became unstable", "Training diverged"
    **dict.fromkeys(("overfit", "loss_up", "flat_score", "nan_recovered"), "warning"),
}
"""What its notes say has gone wrong; the others are advice on the next run, or say that it is none of these."""


def _epokio(said: dict[str, Any]) -> tuple[bool, list[tuple[str, str]]]:
    found = [(EPOKIO.get(one["id"], one["severity"]), one["id"]) for one in said["findings"]]
    return bool(said["columns"]), found


DOCTORS = (
    Doctor("losslint", "0.4.1", Form("log.csv", WITH_EVAL), "losslint check --format json FILE", _losslint),
    Doctor("runmedic", "0.1.1", Form("log.csv", WITH_VAL), "runmedic diagnose --json FILE", _runmedic),
    Doctor("trainproof", "0.22.0", Form("log.jsonl", WITH_EVAL), "trainproof doctor --json FILE", _trainproof),
    Doctor("epokio", "0.9.5", Form("log.csv", WITH_VAL), "epokio.scan.read_run, epokio.analysis.analyze", _epokio),
    Doctor("gradsnitch", "0.1.0", Form("log.csv", WITH_VAL), "gradsnitch.lint_csv(FILE)", _listed),
    Doctor("training-doctor", "0.1.0", Form("log.csv", WITH_EVAL), "Doctor().load(FILE); .analyze()", _listed),
)


def understood(doctor: Doctor, answer: dict[str, Any]) -> Reading:
    """What an answer of the driver comes to. No JSON, or a broken call, is a log that was not read."""
    try:
        read, found = doctor.understood(json.loads(answer["out"]))
    except (ValueError, KeyError, TypeError, AttributeError):
        return Reading(read=False)
    if not read:
        return Reading(read=False)
    told = sorted(
        ((LEVELS.get(word.lower(), "note"), first) for word, first in found), key=lambda one: ORDER.index(one[0])
    )
    return Reading(read=True, level=told[0][0], first=told[0][1]) if told else Reading(read=True)
