"""What people are shown of a rewrite."""

from __future__ import annotations

from pathlib import Path

from defib.configs.mmengine import parse
from defib.rewriting.difference import changed_lines, unified
from defib.rewriting.rewrite import rewrite
from defib.rewriting.test_rewrite import WRITTEN, edit, gone, put


def made(text, *edits):
    return rewrite(parse(Path("c.py"), text), text, edits)


def test_names_the_edit_of_every_changed_line():
    edits = [edit("resume", *put(False, "resume")), edit("warmup", *gone("param_scheduler.0"))]
    new = made(WRITTEN, *edits)
    found = changed_lines(WRITTEN, new, edits)
    assert [(line.keys, line.line) for line in found] == [(("warmup",), 45), (("resume",), 60)]
    assert [new.splitlines()[line.line - 1] for line in found] == [line.new for line in found]


def test_names_the_edit_of_a_line_that_has_no_room_for_a_comment():
    text = f"a = dict(b='{'x' * 110}', c=1)\n"
    edits = [edit("see", *put(2, "a.c"))]
    found = changed_lines(text, made(text, *edits), edits)
    assert [line.keys for line in found] == [("see",)]
    assert found[0].new.endswith("c=2)")


def test_a_comment_without_room_stands_above_its_line():
    text = f"a = dict(b='{'x' * 110}',\n         d='{'y' * 100}', c=1)\n"
    new = made(text, edit("see", *put(2, "a.c"))).splitlines()
    assert new[2] == "         # defib: 1 -> 2 (see)"
    assert new[3].endswith("c=2)")


def test_finds_nothing_where_nothing_changed():
    assert changed_lines(WRITTEN, WRITTEN, []) == ()
    assert unified(WRITTEN, WRITTEN, "a", "b") == ""


def test_shows_a_missing_line_break_at_the_end():
    assert "\\ No newline at end of file" in unified("a = 1", "a = 2\n", "a", "b")
