import math

import pytest

from defib.reading.jsonlines import JsonLines, decoded, first_rows
from defib.reading.source import Source


def lines(text):
    found = JsonLines(Source("a.json", text=text))
    return list(found), found.notes()


def test_every_object_comes_with_its_line():
    assert lines('{"a": 1}\n\n{"a": 2}\n') == ([(1, {"a": 1}), (3, {"a": 2})], ())


def test_bare_nan_and_infinity_are_read_as_python_wrote_them():
    row = decoded(b'{"a": NaN, "b": -Infinity}')
    assert math.isnan(row["a"])
    assert row["b"] == -math.inf


def test_half_a_line_at_the_end_is_told_and_not_counted_as_broken():
    rows, (note,) = lines('{"a": 1}\n{"a": 2')
    assert len(rows) == 1
    assert "half" in note.en
    assert "一半" in note.zh


def test_a_whole_object_at_the_end_counts_without_its_newline():
    assert lines('{"a": 1}\n{"a": 2}')[0][-1] == (2, {"a": 2})


def test_conflict_markers_and_rubbish_are_told_apart():
    _, notes = lines('<<<<<<< HEAD\n{"a": 1}\n=======\n>>>>>>> main\nKilled\n')
    assert len(notes) == 2
    assert "3" in notes[0].en
    assert "5" in notes[1].en  # the line


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"[1]",
        b"3",
        b"null",
        b'"a"',
        b"NaN",
        b"[NaN]",
        b"\xff",
        b"{" * 10_000,
        b'{"a":' * 10_000,
        b"NaN" + b"[" * 100_000,
    ],
)
def test_what_is_no_object_is_no_row(line):
    assert decoded(line) is None


def test_only_the_first_lines_decide_about_a_format():
    assert len(first_rows(Source("a", text='{"a": 1}\n' * 500))) == 50
