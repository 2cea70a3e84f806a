"""Every sentence of a hook is there in both languages, with the same places to fill."""

import ast
import string
from pathlib import Path

import pytest

from defib.hooks.tongue import said

HERE = Path(__file__).parent


def sentences():
    """(English, Chinese) of every pair of texts that a module holds."""
    for path in sorted(HERE.glob("*.py")):
        if path.name.startswith("test_"):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Tuple) and len(node.elts) == 2:
                pair = [one.value for one in node.elts if isinstance(one, ast.Constant) and isinstance(one.value, str)]
                if len(pair) == 2 and any("\u4e00" <= sign <= "\u9fff" for sign in pair[1]):
                    yield path.name, pair


def places(text):
    return sorted(name for _, name, _, _ in string.Formatter().parse(text) if name is not None)


def test_there_are_some():
    assert len(list(sentences())) > 20


@pytest.mark.parametrize(("file", "pair"), list(sentences()), ids=lambda value: value if isinstance(value, str) else "")
def test_both_say_the_same_things(file, pair):
    english, chinese = pair
    assert places(english) == places(chinese), file
    assert not any("\u4e00" <= sign <= "\u9fff" for sign in english)


@pytest.mark.parametrize(
    ("locale", "expected"),
    [
        ({"LANG": "zh_CN.UTF-8"}, "甲"),
        ({"LANG": "en_GB.UTF-8"}, "a"),
        ({}, "a"),
        ({"LC_ALL": "C", "LANG": "zh_CN.UTF-8"}, "a"),
    ],
)
def test_the_language_is_that_of_the_locale(monkeypatch, locale, expected):
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in locale.items():
        monkeypatch.setenv(name, value)
    assert said("a", "甲") == expected
