"""The records that defib's rooms hand to each other. Read this folder first.

    logs, config -> Run -> Checkup (Symptoms) -> Causes -> Plan (Edits) ; all of them together are one Case

    facts.py    moments, places and measured values      checkup.py  what is wrong, and what could not be looked at
    series.py   one metric over the run                  cause.py    why, with evidence on both sides
    left.py     starts, events, checkpoints, config      plan.py     what to do about it
    run.py      all of it in one frame                   case.py     one run, judged; saving and reading
    journal.py  what was done about it, line by line
    predictions.py   what the scores of a checkpoint on held-out samples say

Every record is frozen, and every one can be saved as JSON and read again (`to_json`, `from_json`), so that each
command can start from what the previous one left. Names and types here are defib's JSON interface: they are extended,
never changed. Sentences are `Words`, an object with the keys `en` and `zh`.

Units: accuracies are in per cent (66.7, not 0.667), epochs count from 1, a step is an optimiser step counted from the
start of the run. Unknown is `null`, never zero. In the columns of a series `null` stands for NaN, and the strings
"inf" and "-inf" for infinities, which JSON does not have.
"""

from defib.records.case import FORMAT, Case, from_json, to_json
from defib.records.cause import Cause, Evidence, Standing, Verdict
from defib.records.checkup import Checkup, HistoryRow, Incident, Severity, Symptom, Unseen
from defib.records.facts import Fact, Place, Point, Record
from defib.records.journal import Entry, EntryKind, Outcome, Process
from defib.records.left import (
    Checkpoint,
    Config,
    Earlier,
    Event,
    Expectation,
    Launch,
    Reference,
    Segment,
    Setting,
    Tracked,
)
from defib.records.plan import (
    Baseline,
    ChangedLine,
    Edit,
    Forecast,
    HandEdit,
    LadderStep,
    Plan,
    Risk,
    Site,
    Start,
    Target,
    WatchRule,
)
from defib.records.predictions import Branch, ClassScore, Exchanged, Fusion, Pair, Predictions, Relabelled
from defib.records.run import Run
from defib.records.series import COLUMNS, Column, Series, columns

__all__ = [
    "COLUMNS",
    "FORMAT",
    "Baseline",
    "Branch",
    "Case",
    "Cause",
    "ChangedLine",
    "Checkpoint",
    "Checkup",
    "ClassScore",
    "Column",
    "Config",
    "Earlier",
    "Edit",
    "Entry",
    "EntryKind",
    "Event",
    "Evidence",
    "Exchanged",
    "Expectation",
    "Fact",
    "Forecast",
    "Fusion",
    "HandEdit",
    "HistoryRow",
    "Incident",
    "LadderStep",
    "Launch",
    "Outcome",
    "Pair",
    "Place",
    "Plan",
    "Point",
    "Predictions",
    "Process",
    "Record",
    "Reference",
    "Relabelled",
    "Risk",
    "Run",
    "Segment",
    "Series",
    "Setting",
    "Severity",
    "Site",
    "Standing",
    "Start",
    "Symptom",
    "Target",
    "Tracked",
    "Unseen",
    "Verdict",
    "WatchRule",
    "columns",
    "from_json",
    "to_json",
]
