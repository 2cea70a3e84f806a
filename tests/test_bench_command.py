"""The bench as it is called: every page in both languages, the same bytes again; doctors that break are told apart."""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import pytest
from scipy.stats import beta

sys.path.insert(0, str(Path(__file__).parent.parent))

from bench import judgement
from bench.corpus import Case, labelled
from bench.delay import record_of
from bench.doctors.__main__ import ask, digest
from bench.doctors.result import Result, compact, store, stored
from bench.doctors.roster import DOCTORS
from bench.families import FAMILIES, drawn
from bench.intervals import exact
from bench.scoring import GRAVE

from defib import reading

PAGES = {"judgement.md", "families.md", "doctors.md", "thresholds.md"}
BY_NAME = {one.name: one for one in FAMILIES}


@pytest.fixture
def logs(tmp_path):
    """A folder of labelled logs: a collapse, a healthy run, and a file that is none."""
    folder = tmp_path / "logs"
    rows = [["dir", "file", "label", "onset_unit", "onset", "path"]]
    for name in ("collapse_at_once", "weak_branch"):
        one = drawn(BY_NAME[name], 0, folder / "runs")
        place = one.path.parent.relative_to(folder).as_posix()
        rows.append([place, one.path.name, one.label, one.unit, one.onset, one.path.name])
    (folder / "other").mkdir()
    (folder / "other" / "x.txt").write_text("hello\n")
    rows.append(["other", "x.txt", "nan", "epoch", "1", "x.txt"])
    with (folder / "index.csv").open("w", newline="") as file:
        csv.writer(file).writerows(rows)
    return folder


def called(monkeypatch, logs, docs, *more):
    arguments = ["bench.judgement", "--logs", str(logs), "--docs", str(docs), "--jobs", "1", "--seeds", "1", *more]
    monkeypatch.setattr(sys, "argv", arguments)
    assert judgement.main() == 0


def written(docs):
    return {path.relative_to(docs).as_posix(): path.read_bytes() for path in sorted(docs.rglob("*.md"))}


def test_the_command_writes_every_page_in_both_languages_and_the_same_again(monkeypatch, logs, tmp_path, capsys):
    called(monkeypatch, logs, tmp_path / "one", "--kept", str(tmp_path / "kept"))
    said = capsys.readouterr().out
    called(monkeypatch, logs, tmp_path / "two", "--kept", str(tmp_path / "kept"))
    called(monkeypatch, logs, tmp_path / "three")
    pages = written(tmp_path / "one")
    assert set(pages) == {f"{folder}/{name}" for folder in ("evidence", "zh/evidence") for name in PAGES}
    assert pages == written(tmp_path / "two") == written(tmp_path / "three")
    assert "3 logs, 2 read" in said
    assert f"{len(FAMILIES)} logs" in said
    for folder in ("evidence", "zh/evidence"):
        assert "`other`" in pages[f"{folder}/judgement.md"].decode()
        assert f"/{len(FAMILIES)}" in pages[f"{folder}/doctors.md"].decode()
    assert str(tmp_path).encode() not in b"".join(pages.values())


def test_a_folder_without_an_index_is_no_bench(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(sys, "argv", ["bench.judgement", "--logs", str(tmp_path)])
    with pytest.raises(SystemExit):
        judgement.main()
    assert "no index.csv" in capsys.readouterr().err


@pytest.mark.parametrize(("hits", "of"), [(1, 7), (5, 13), (12, 13), (7, 300), (219, 220)])
def test_intervals_are_the_quantiles_of_the_beta_distribution(hits, of):
    low, high = beta.ppf(0.025, hits, of - hits + 1), beta.ppf(0.975, hits + 1, of - hits)
    assert exact(hits, of) == pytest.approx((low, high), abs=1e-9)


def test_every_onset_that_a_delay_is_counted_from_is_found_in_its_run(shared):
    placed = 0
    for case in labelled(shared / "logs"):
        if case.label in GRAVE:
            run = reading.read(case.path)
            record = record_of(run, case.path, case.unit, case.onset)
            assert record is not None, case.log
            assert record < run.records, case.log
            placed += 1
    assert placed


def environment(folder, python):
    place = folder / DOCTORS[0].name / "bin"
    place.mkdir(parents=True)
    (place / "python").write_text(f"#!/bin/sh\n{python}\n")
    (place / "python").chmod(0o755)
    return folder


@pytest.fixture
def questions(tmp_path):
    """Two logs to ask about, and one that defib itself could not read."""
    paths = [tmp_path / "a.csv", tmp_path / "b.csv", None]
    for path in paths[:2]:
        path.write_text(f"step,loss\n1,{path.stem == 'a':d}\n")
    return [(Case(name, tmp_path, "healthy"), path) for name, path in zip("abc", paths, strict=True)]


def test_a_doctor_that_breaks_is_asked_about_the_next_log_all_the_same(questions, tmp_path):
    # This Python has no such doctor: the driver answers every question with the error that it met.
    place = environment(tmp_path / "environments", f'exec "{sys.executable}" -I "$@"')
    found = list(ask(DOCTORS[0], "clean", questions, place, tmp_path))
    assert [(one.log, one.read, one.crashed) for one in found] == [
        ("a", False, "PackageNotFoundError"),
        ("b", False, "PackageNotFoundError"),
        ("c", False, ""),
    ]
    assert found[0].asked != found[1].asked
    assert found[2].asked == ""


def test_a_doctor_whose_process_is_gone_died_on_that_log(questions, tmp_path):
    place = environment(tmp_path / "environments", "exit 1")
    found = list(ask(DOCTORS[0], "native", questions, place, tmp_path))
    assert [(one.log, one.crashed) for one in found] == [("a", "died"), ("b", "died"), ("c", "")]


def test_the_last_answer_to_a_question_is_kept(tmp_path):
    file = tmp_path / "doctors.jsonl"
    first = Result("losslint", "0.4.1", "native", "b", read=False, level="", asked="1")
    again = first._replace(read=True, level="act", asked="2")
    other = first._replace(log="a")
    store(file, [first, other, again])
    compact(file)
    assert stored(file) == [other, again]


def test_another_file_is_another_question(tmp_path):
    path = tmp_path / "x.csv"
    path.write_text("a\n")
    before = digest(path)
    path.write_text("b\n")
    assert digest(path) != before
