"""Single changes, each in the style of what stands around it."""

from __future__ import annotations

import pytest

from defib.rewriting.test_rewrite import added, edit, gone, put, rewritten


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("3", 4.0, "4"),
        ("3", 4.5, "4.5"),
        ("1.0", 2, "2.0"),
        ("1e-3", 5e-05, "5e-05"),
        ("0.001", 5e-05, "0.00005"),
        ("'a'", "b", "'b'"),
        ('"a"', "b", '"b"'),
        ('"a"', 'b"c', "'b\"c'"),
        ("None", "b", "'b'"),
        ("None", "\0\n\u65e5", "'\\x00\\n\u65e5'"),
        ("1", 2.0**63, "9.223372036854776e+18"),
        ("True", False, "False"),
        ("-1", 1, "1"),
        ("(1, 2)", [1, 3], "(1, 3)"),
        ("(1, 2)", [3], "(3,)"),
        ("[1, 2]", (1, 2, 3), "[1, 2, 3]"),
        ("None", {"type": "A", "b": {"c.d": [1]}}, "dict(type='A', b={'c.d': [1]})"),
        ("dict(type='A', x=1)", {"type": "B"}, "dict(type='B')"),
        ("dict(type='A', x=1)", {"type": "A", "x": 2, "y": 3}, "dict(type='A', x=2, y=3)"),
        ("{'type': 'A', 'x': 1}", {"type": "A", "y": 3}, "{'y': 3, 'type': 'A'}"),
        ("1, 2", [1, 2, 3], "(1, 2, 3)"),
    ],
)
def test_writes_a_value_in_the_style_of_the_old_one(old, new, line, tmp_path):
    text = rewritten(tmp_path, f"a = {old}\n", edit("a", *put(new, "a")))
    assert text.splitlines()[1].partition("  #")[0].replace(", }", "}") == f"a = {line}"


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("a = dict(b=1)\n", "a = dict(b=1, n=5)"),
        ("a = dict(b=1, )\n", "a = dict(b=1, n=5, )"),
        ("a = dict()\n", "a = dict(n=5)"),
        ("a = {'b': 1}\n", "a = {'b': 1, 'n': 5}"),
        ('a = {"b": 1}\n', 'a = {"b": 1, "n": 5}'),
        ("a = dict(\n    b=1,  # one\n)\n", "a = dict(\n    b=1,  # one\n    n=5,  # defib: added (n)\n)"),
        ("a = dict(\n    b=1  # one\n)\n", "a = dict(\n    b=1,  # one\n    n=5,  # defib: added (n)\n)"),
        ("a = dict(\n    c=2,\n    b=1)\n", "a = dict(\n    c=2,\n    b=1,\n    n=5)"),
    ],
)
def test_adds_a_key_in_the_style_of_the_dict(text, result, tmp_path):
    assert result in rewritten(tmp_path, text, edit("n", *added(5, "a.n")))


def test_adds_what_is_missing_on_the_way_and_at_the_top(tmp_path):
    text = "a = dict(b=1)"
    new = rewritten(tmp_path, text, edit("n", *added(5, "a.c.d.n"), *added({"max_norm": 1}, "z.clip"), *added(2, "y")))
    assert "a = dict(b=1, c=dict(d=dict(n=5)))" in new
    assert new.endswith("z = dict(clip=dict(max_norm=1))  # defib: added (n)\ny = 2  # defib: added (n)\n")


def test_appends_to_a_list(tmp_path):
    assert "a = [1, dict(b=2)]" in rewritten(tmp_path, "a = [1]\n", edit("n", *added({"b": 2}, "a.1")))


@pytest.mark.parametrize(
    ("text", "paths", "result"),
    [
        ("a = [1, 2, 3]\n", ["a.1"], "a = [1, 3]"),
        ("a = [1, 2, 3]\n", ["a.0", "a.2"], "a = [2]"),
        ("a = [1, 2, 3]\n", ["a.1", "a.2"], "a = [1]"),
        ("a = [1, 2, 3, ]\n", ["a.0", "a.1", "a.2"], "a = [ ]"),
        ("a = [(1), (2)]\n", ["a.0"], "a = [(2)]"),
        ("a = (1, 2)\n", ["a.0"], "a = (2,)"),
        ("a = (1, 2)\n", ["a.1"], "a = (1,)"),
        ("a = (1,)\n", ["a.0"], "a = ()"),
        ("a = 1, 2\n", ["a.0"], "a = (2,)"),
        ("a = dict(b=1, c=2)\n", ["a.b"], "a = dict(c=2)"),
        ("a = {'b': 1, 'c': 2}\n", ["a.c"], "a = {'b': 1}"),
        ("a = [\n    1,\n    # two\n    2,\n    3]\n", ["a.1"], "a = [\n    1,\n    # defib: removed 2 (x)\n    3]"),
        ("a = [\n    1,  # one\n    2]\n", ["a.1"], "a = [\n    1,  # one\n    ]"),
        ("a = (\n    1,\n    2\n)\n", ["a.0"], "a = (\n    # defib: removed 1 (x)\n    2,\n)"),
        ("a = [1] + [2]\n", ["a.0"], "a = [2]"),
        ("a = 1\nb = 2  # two\n", ["a"], "# defib: removed a (x)\nb = 2  # two"),
        ("a = dict(b=[1, 2], c=[1, 2])\n", ["a.b.0", "a.c"], "a = dict(b=[2])"),
    ],
)
def test_removes_elements_and_keys_with_their_commas(text, paths, result, tmp_path):
    assert result in rewritten(tmp_path, text, edit("x", *gone(*paths)))
