"""Lines that look alike are read another way; it must come to the same, whatever stands between them."""

import json
import math

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as some

from defib.reading import jsonlines, read
from defib.reading.alike import Alike
from defib.reading.jsonlines import Few, JsonLines
from defib.reading.source import Source
from defib.records import COLUMNS

MANY = settings(max_examples=300, deadline=None, derandomize=True, database=None)

PLAIN = '{"lr": 0.5, "loss": 2.25, "grad_norm": 7, "epoch": 1, "step": %d}'
ODD = [
    PLAIN,
    '{"lr": 0.5, "loss": NaN, "grad_norm": 7, "epoch": 1, "step": %d}',
    '{"lr": 0.5, "loss":NaN,"grad_norm":NaN, "epoch": 1, "step": %d}',
    '{"lr": 0.5, "loss": -Infinity, "grad_norm": Infinity, "epoch": 1, "step": %d}',
    '{"lr": 0.5, "loss": NaN, "loss": 1.5, "grad_norm": 7, "epoch": 1, "step": %d}',
    '{"lr": 0.5, "loss": -1.2345678901234567e308, "grad_norm": NaN, "epoch": 1, "step": %d}',
    '{"lr": 0.5, "loss": 1e400, "grad_norm": 7, "epoch": 1, "step": %d}',
    '{"lr": 0.5, "loss": -0, "grad_norm": -0.0, "epoch": 1, "step": %d}',
    '{"lr": 0.5, "loss": 9007199254740993, "grad_norm": 1e16, "epoch": 1, "step": %d}',
    '{"lr": 0.5, "loss": 9007199254740992, "grad_norm": -9007199254740992, "epoch": 1, "step": %d}',
    '{"lr": 0.5, "loss": 340282366920938463463374607431768211456, "grad_norm": 7, "epoch": 1, "step": %d}',
    '{"lr": 0.5, "loss": true, "grad_norm": false, "epoch": 1, "step": %d}',
    '{"lr": 0.5, "loss": null, "grad_norm": 7, "epoch": null, "step": %d}',
    '{"lr": 0.5, "loss": "2.25", "grad_norm": "a: NaN, b", "epoch": 1, "step": %d}',
    '{"lr": 0.5, "loss": [1, 2], "grad_norm": {"a": NaN}, "epoch": 1, "step": %d}',
    '{"lr": 0.5, "loss": 2.25, "epoch": 1, "step": %d}',
    '{"lr": 0.5, "loss": 2.25, "grad_norm": 7, "extra": 1, "epoch": 1, "step": %d}',
    '{"lr": 0.5, "loss": 2.25, "epoch": 1, "grad_norm": 7, "step": %d}',
    '{"lr": 0.5, "lr": 0.75, "loss": 2.25, "grad_norm": 7, "epoch": 1, "step": %d}',
    '{"l\\u0072": 0.5, "loss": 2.25, "grad_norm": 7, "epoch": 1, "step": %d}',
    '{"lr": 0.5, "loss": 2.25, "grad_norm": 7, "epoch": 1, "step": -%d}',
    '{"lr": 0.5, "loss": 2.25, "grad_norm": 7, "epoch": -1, "step": %d.5}',
    '{"lr": 0.5, "loss": 2.25, "grad_norm": 7, "epoch": 1, "step": %d} {"lr": 0.5, "loss": 1}',
    '{"lr": 0.5, "loss": 2.25, "grad_norm": 7, "epoch": 1,\n"step": %d}',
    '{"lr": 0.5, "loss": 2.25, "grad_norm": 7, "epoch": 1, "step": %d}\r',
    ' {"lr": 0.5, "loss": 2.25, "grad_norm": 7, "epoch": 1, "step": %d}  ',
    '{"lr": 0.5, "loss": 2.25, "grad_norm": 7, "epoch": 1, "step": %d',
    '{"acc/top1": 0.5, "step": 1}',
    '{"lr": 0.5}',
    '{"lr',
    "{}",
    "[1]",
    "",
    "<<<<<<< HEAD",
    "Killed",
]
LOGS = some.lists(some.tuples(some.sampled_from(ODD), some.integers(1, 12)), min_size=1, max_size=12)


def text_of(runs, end):
    lines = [line for line, times in runs for _ in range(times)]
    return "\n".join(line % number if "%d" in line else line for number, line in enumerate(lines, start=1)) + end


def plain(value):
    """A value as a ledger sees it: a number, and nothing else counts."""
    if type(value) is float or (type(value) is int and abs(value) <= 2**53):
        return repr(float(value))
    return ""


def seen(row):
    return sorted((name, plain(value)) for name, value in row.items())  # the order within a line is no information


def one_by_one(self):
    yield from (Few([row]) for row in JsonLines.__iter__(self))


@pytest.fixture
def small_blocks(monkeypatch):
    """A few lines a block, so that what was learned from one is used on the next."""
    monkeypatch.setattr(jsonlines, "BLOCK", 700)


def through_both_ways(text):
    source = Source("a.json", text=text)
    single, together = JsonLines(source), JsonLines(source)
    rows = [(number, seen(row)) for number, row in single]
    found, at_once = [], 0
    for group in together.groups():
        if isinstance(group, Alike):
            found += [(number, seen(row)) for number, row in zip(group.lines, group.rows(), strict=True)]
            at_once += len(group.lines)
        else:
            found += [(number, seen(row)) for number, row in group.rows]
    assert found == rows
    assert together.notes() == single.notes()
    return at_once


def run_as_told(text):
    run = read(None, text=text)
    shown = [
        (one.key, one.raw, one.scale, *(str(getattr(one, name).tolist()) for name in COLUMNS)) for one in run.series
    ]
    return shown, run.records, run.segments, run.not_understood, run.notes, run.seconds_per_epoch


@pytest.mark.usefixtures("small_blocks")
@MANY
@given(runs=LOGS, end=some.sampled_from(["", "\n", "\r\n", "\n\n"]))
@example(runs=[(PLAIN, 40), (ODD[1], 40), (PLAIN, 1)], end="\n")
def test_groups_of_lines_hold_what_the_lines_hold(runs, end):
    through_both_ways(text_of(runs, end))


@pytest.mark.usefixtures("small_blocks")
@MANY
@given(runs=LOGS, end=some.sampled_from(["", "\n"]))
def test_a_run_is_the_same_whichever_way_its_lines_are_read(runs, end):
    text = text_of([(PLAIN, 12), *runs, ('{"acc/top1": 0.5, "step": 1}', 1), (PLAIN, 12)], end)
    quick = run_as_told(text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(JsonLines, "groups", one_by_one)
        assert run_as_told(text) == quick


@pytest.mark.usefixtures("small_blocks")
@pytest.mark.parametrize("line", ODD, ids=range(len(ODD)))
def test_one_odd_line_in_a_long_log_changes_no_other(line):
    at_once = through_both_ways(text_of([(PLAIN, 60), (line, 1), (PLAIN, 60)], "\n"))
    assert at_once > 60, "the quick way was not taken, so nothing was tested"


@pytest.mark.usefixtures("small_blocks")
def test_lines_with_nan_are_read_at_once_too():
    text = text_of([(PLAIN, 20), (ODD[1], 100)], "\n")
    assert through_both_ways(text) > 100
    values = read(None, text=text).get("train/loss").value.tolist()
    assert values[:20] == [2.25] * 20
    assert len(values) == 120
    assert all(math.isnan(value) for value in values[20:])


@pytest.mark.usefixtures("small_blocks")
def test_evaluations_between_short_epochs_keep_their_place():
    text = ""
    for epoch in range(1, 8):
        text += "".join(
            json.dumps({"lr": 0.1, "loss": 1.0, "epoch": epoch, "step": 9 * epoch - 9 + at}) + "\n"
            for at in range(1, 10)
        )
        text += json.dumps({"acc/top1": epoch / 10, "step": epoch}) + "\n"
    val = read(None, text=text).get("val/top1")
    assert val.epoch.tolist() == [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0]
    assert val.step.tolist() == [9.0, 18.0, 27.0, 36.0, 45.0, 54.0, 63.0]
    assert val.record.tolist() == [9.0, 19.0, 29.0, 39.0, 49.0, 59.0, 69.0]
    assert val.line.tolist() == [10.0, 20.0, 30.0, 40.0, 50.0, 60.0, 70.0]


def test_lines_are_counted_across_blocks_of_any_size(monkeypatch):
    text = '{"a": 1}\n\nrubbish\n{"a": 2}\n' * 10 + '{"a": "' + "x" * 500 + '"}\n{"a": 3}'
    wanted = [(number, row["a"]) for number, row in JsonLines(Source("a", text=text))]
    for size in (1, 7, 40, 10_000):
        monkeypatch.setattr(jsonlines, "BLOCK", size)
        assert [(number, row["a"]) for number, row in JsonLines(Source("a", text=text))] == wanted
    assert wanted[-1] == (42, 3)


def test_a_log_that_goes_on_changing_its_names_is_read_all_the_same(monkeypatch):
    monkeypatch.setattr(jsonlines, "BLOCK", 700)
    text = "".join(f'{{"lr": 1.5, "x{number // 10}": 2.0, "step": {number}}}\n' for number in range(1500))
    through_both_ways(text)
