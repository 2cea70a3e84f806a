"""The proof has to fail for every difference that nobody planned."""

from __future__ import annotations

from pathlib import Path

import pytest

from defib.configs.mmengine import parse
from defib.errors import RewriteNotProved
from defib.rewriting.proof import differences, expected, prove
from defib.rewriting.test_rewrite import added, edit, gone, put


def config(text):
    return parse(Path("c.py"), text)


def test_accepts_what_was_planned():
    prove(
        config("a = [1, 2, 3]\nb = 1\n"), config("a = (9.0, 3)\nb = 1.0\n"), [edit("x", *put(9, "a.0"), *gone("a.1"))]
    )


def test_does_not_mind_on_which_line_an_expression_stands():
    prove(config("a = f(1)\n"), config("\n\na = f(1)\n"), [])


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        ("a = 1\n", "a = 2\n", "a"),
        ("a = 1\n", "", "a"),
        ("", "a = 1\n", "a"),
        ("a = True\n", "a = 1\n", "a"),
        ("a = 0\n", "a = None\n", "a"),
        ("a = [1, 2]\n", "a = [1]\n", "a"),
        ("a = [1, dict(b='x')]\n", "a = [1, dict(b='y')]\n", "a.1.b"),
        ("a = f(1)\n", "a = f(2)\n", "a"),
        ("a = f(1)\n", "a = 1\n", "a"),
    ],
)
def test_refuses_what_nobody_planned_and_says_where(old, new, where):
    with pytest.raises(RewriteNotProved) as caught:
        prove(config(old), config(new), [])
    assert caught.value.values["sites"] == where


def test_refuses_an_edit_that_was_not_made():
    with pytest.raises(RewriteNotProved, match=r"a\.b"):
        prove(config("a = dict(b=1)\n"), config("a = dict(b=1)\n"), [edit("x", *put(2, "a.b"))])


def test_refuses_a_site_that_does_not_fit_the_old_config():
    with pytest.raises(RewriteNotProved, match=r"a\.b"):
        prove(config("a = 1\n"), config("a = 1\n"), [edit("x", *put(2, "a.b"))])


def test_reads_positions_as_those_of_the_original():
    sites = [*gone("a.0"), *put(9, "a.3"), *gone("a.2"), *added(7, "a.4"), *put({"b": 1}, "a.1")]
    tree = {"a": [1, 2, 3, 4]}
    assert expected(tree, [edit("x", *sites)]) == {"a": [{"b": 1}, 9, 7]}
    assert tree == {"a": [1, 2, 3, 4]}


def test_names_every_difference():
    assert differences({"a": {"b": [1, {"c": 2}]}, "d": 1}, {"a": {"b": [2, {"c": 3}]}, "e": 1}) == [
        "a.b.0",
        "a.b.1.c",
        "d",
        "e",
    ]
