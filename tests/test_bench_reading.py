"""The bench of reading measures what it says, on a log short enough for a test; how long it takes is no test."""

from __future__ import annotations

import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from bench import reading_log
from bench.launched import Launched, launched
from bench.reading import report, told
from bench.reading_rivals import RIVALS, Rival, asked

from defib import reading


def made_up(folder: Path, records: int = 2000) -> Path:
    log = folder / "20260101_000000" / "vis_data" / "scalars.json"
    log.parent.mkdir(parents=True)
    reading_log.scalars(log, records, seed=1)
    return log


def test_the_made_up_log_is_one_that_defib_reads(tmp_path):
    run = reading.read(made_up(tmp_path).parent.parent.parent)
    assert (run.framework, run.records, run.deciding) == ("mmengine", 2000, "val/top1/fused")
    assert len(run.get("train/loss").value) == 1998
    assert not run.notes


def test_the_report_gives_both_ratios_and_names_who_was_not_asked(tmp_path):
    lines = list(report(made_up(tmp_path), 2000, 1, None))
    assert re.fullmatch(r"path to verdict, times the decode: [\d.]+ \(goal 3: (kept|MISSED)\)", lines[2])
    assert re.fullmatch(r"memory beyond the imports at its peak, times the file: .*", lines[3])
    assert "x defib's time" in lines[5]
    for rival in RIVALS:
        assert f"  {rival.name:20} skipped: not installed" in lines


def test_a_doctor_that_printed_no_values_has_not_read_the_log():
    call = Launched(status=0, seconds=1.0, peak=10, out="no metrics found\n")
    assert (
        told("one", call, reads="points", size=5, own=2.0).split("did not")[1] == " read it (exit 0): no metrics found"
    )
    call = Launched(status=None, seconds=600.0, peak=10, out="points")
    assert "no answer within 600 s" in told("one", call, reads="points", size=5, own=2.0)
    call = Launched(status=1, seconds=1.0, peak=10, out="12 points")
    assert "0.50 x defib's time    2.00 x the file" in told("one", call, reads="points", size=5, own=2.0)


def test_a_doctor_gets_the_same_bytes_by_the_ending_that_it_knows(tmp_path):
    log = made_up(tmp_path, 1000)
    rival = Rival("one", lambda _, path: ["wc", "-l", str(path.with_suffix(".jsonl"))], "1000")
    call = asked(rival, tmp_path, log, tmp_path)
    assert call.out.split()[0] == "1000"


def test_the_memory_of_a_process_is_its_own_and_no_other(tmp_path):
    held = "x = bytearray(200 * 2**20); print(len(x))"
    call = launched([sys.executable, "-c", held], folder=tmp_path)
    assert call.status == 0
    assert 200 * 2**20 < call.peak < 300 * 2**20
