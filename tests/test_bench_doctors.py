"""What the published doctors print is taken for what they mean by it; none of them is needed here."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent.parent))

from bench.doctors.clean import WITH_EVAL, WITH_VAL, Form, rows_of, written
from bench.doctors.comparing import compared
from bench.doctors.driver import ARGUMENTS, LIBRARIES
from bench.doctors.result import Result, store, stored
from bench.doctors.roster import DOCTORS, understood
from bench.judging import Verdict

from defib.samples import run_of

BY_NAME = {doctor.name: doctor for doctor in DOCTORS}
# Shortened from what each printed about one diverging log (made up), a healthy one, and one that it could not read.
LOSSLINT = {
    "runs": [{"source": "x.csv", "points": 52, "series": ["loss", "lr"], "findings": 2}],
    "findings": [
        {"check": "stagnation", "severity": "info", "message": "train loss has plateaued"},
        {"check": "divergence", "severity": "error", "message": "train loss diverged"},
    ],
}
RUNMEDIC = [
    {
        "series": {"train_loss": {"points": 52}},
        "findings": [{"check": "loss_spikes", "severity": "warning"}, {"check": "divergence", "severity": "critical"}],
    }
]
TRAINPROOF = {
    "reports": [{"findings": [{"id": "TP-DIVERGE", "level": "FAIL"}], "checks": {"ran": ["divergence"], "skipped": {}}}]
}
PASSED = {"reports": [{"findings": [{"id": "TP-PASS", "level": "PASS"}], "checks": {"ran": ["lr"], "skipped": {}}}]}
EMPTY = {
    "reports": [{"findings": [{"id": "TP-PASS", "level": "PASS"}], "checks": {"ran": [], "skipped": {"lr": "no"}}}]
}


def said(doctor, answer):
    text = answer if isinstance(answer, str) else json.dumps(answer)
    return tuple(understood(BY_NAME[doctor], {"rc": 0, "out": text, "error": ""}))


@pytest.mark.parametrize(
    ("doctor", "answer", "found"),
    [
        ("losslint", LOSSLINT, (True, "act", "divergence")),
        ("losslint", {**LOSSLINT, "findings": []}, (True, "", "")),
        ("losslint", {**LOSSLINT, "findings": LOSSLINT["findings"][:1]}, (True, "note", "stagnation")),
        ("losslint", {"runs": [{"points": 0, "series": []}], "findings": []}, (False, "", "")),
        ("losslint", "error: Extra data: line 2 column 1 (char 9096)", (False, "", "")),
        ("runmedic", RUNMEDIC, (True, "act", "divergence")),
        ("runmedic", [], (False, "", "")),
        ("trainproof", TRAINPROOF, (True, "act", "TP-DIVERGE")),
        ("trainproof", PASSED, (True, "", "")),
        ("trainproof", EMPTY, (False, "", "")),
        ("trainproof", {"reports": [], "error": "cannot parse"}, (False, "", "")),
        ("epokio", {"columns": ["epoch"], "findings": [{"id": "still_improving", "severity": "note"}]}, (True, "note", "still_improving")),
        ("epokio", {"columns": ["epoch"], "findings": [{"id": "overfit", "severity": "note"}]}, (True, "watch", "overfit")),
        ("epokio", {"columns": ["epoch"], "findings": [{"id": "state: failed", "severity": "failed"}]}, (True, "act", "state: failed")),
        ("epokio", {"columns": [], "findings": []}, (False, "", "")),
        ("gradsnitch", {"columns": ["step", "loss"], "findings": [{"id": "GS005", "severity": "warning"}]}, (True, "watch", "GS005")),
        ("gradsnitch", {"columns": ["step"], "findings": []}, (False, "", "")),
        ("training-doctor", {"columns": ["loss"], "findings": [{"id": "Overfitting detected", "severity": "critical"}]}, (True, "act", "Overfitting detected")),
        ("training-doctor", "", (False, "", "")),
    ],
)  # fmt: skip
def test_the_gravest_that_a_doctor_says_is_kept_in_its_own_word(doctor, answer, found):
    assert said(doctor, answer) == found


def test_every_doctor_has_a_way_to_be_called():
    assert {doctor.name for doctor in DOCTORS} == {*ARGUMENTS, *LIBRARIES}


def test_the_clean_table_has_the_documented_columns_and_empty_cells(tmp_path):
    log = tmp_path / "history.csv"
    log.write_text("epoch,train_loss,val_loss,val_acc\n1,1.5,1.6,0.2\n2,1.2,,\n3,1.0,1.1,0.5\n")
    table = written(log, Form("log.csv", WITH_EVAL), tmp_path / "clean").read_text().splitlines()
    assert table == ["step,loss,eval_loss,eval_accuracy", "1,1.5,1.6,0.2", "2,1.2,,", "3,1,1.1,0.5"]
    lines = written(log, Form("log.jsonl", WITH_VAL), tmp_path / "clean").read_text().splitlines()
    assert [json.loads(line) for line in lines][1] == {"step": 2, "train_loss": 1.2}


def test_branches_of_the_score_have_columns_of_their_own():
    rows = rows_of(run_of({"train/loss": [1.0, 0.9], "val/top1/pose": [10.0, 20.0], "val/top1/fused": [30.0, 40.0]}))
    assert {"val_acc", "val_acc_pose"} <= {name for row in rows for name in row}
    assert [row["val_acc"] for row in rows] == [0.3, 0.4]


def test_results_are_kept_and_a_half_written_line_is_left_out(tmp_path):
    file = tmp_path / "results" / "doctors.jsonl"
    found = [Result("losslint", "0.4.1", "native", "a", read=True, level="act", first="nan_inf")]
    store(file, found)
    with file.open("a") as lines:
        lines.write('["losslint", "0.4.1", "cl')
    assert stored(file) == found
    assert stored(tmp_path / "none") == []


def verdict(log, label, name, *, act=False, watch=False):
    return Verdict(log, label, name, act=act, watch=watch, rules=())


def test_everybody_is_counted_in_the_same_way():
    verdicts = [verdict("a", "collapse", "collapse", act=True), verdict("b", "healthy", "spike", watch=True)]
    doctor = DOCTORS[0]
    results = [
        Result(doctor.name, doctor.version, "native", "a", read=False, level=""),
        Result(doctor.name, doctor.version, "native", "b", read=True, level="act", first="divergence"),
    ]
    page = "\n".join(compared(verdicts, [], results, "en"))
    assert "| **defib** | the file | 2/2 | 0 | 1/1 | 1/1 | 0/0 | 0/1 | 1/1 |" in page
    assert f"| {doctor.name} {doctor.version} | the file | 1/2 | 0 | 0/1 | 0/1 | 0/0 | 1/1 | 1/1 |" in page
    assert f"{doctor.version} | clean table" not in page


def test_a_doctor_of_another_version_is_not_counted():
    verdicts = [verdict("a", "collapse", "collapse", act=True)]
    results = [Result(DOCTORS[0].name, "0.0", "native", "a", read=True, level="act", first="x")]
    assert "0.0" not in "\n".join(compared(verdicts, [], results, "en"))


def test_without_results_the_page_says_that_nobody_was_asked():
    assert "not asked" in "\n".join(compared([], [], [], "en"))
    assert "尚未提问" in "\n".join(compared([], [], [], "zh"))
