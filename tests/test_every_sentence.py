"""Every sentence of the package exists in both languages and says the same things in both."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import defib
from defib import errors
from defib.action import errors as action_errors
from defib.cli import manual
from defib.words import Words

if TYPE_CHECKING:
    from collections.abc import Iterator

PACKAGE = Path(defib.__file__).parent
SOURCES = sorted(
    path for path in PACKAGE.rglob("*.py") if not path.name.startswith("test_") and "runs" not in path.parts
)
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def written(path: Path) -> Iterator[tuple[int, str, str]]:
    """(line, English, Chinese) of every `Words(en=..., zh=...)` in a file whose two texts are written out there."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) == "Words":
            given = {argument.arg: argument.value for argument in node.keywords}
            given |= dict(zip(("en", "zh"), node.args, strict=False))
            texts = [template(given[name]) for name in ("en", "zh") if name in given]
            match texts:
                case [str(english), str(chinese)]:
                    yield node.lineno, english, chinese


def template(node: ast.expr) -> str | None:
    """The text of a literal; an f-string's expressions become placeholders. None for anything else."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else placeholder(part) for part in node.values)
    return None


def placeholder(part: ast.expr) -> str:
    """`{says.en}` and `{says.zh}` are the same placeholder."""
    return "{" + re.sub(r"\W+", "_", re.sub(r"\.(en|zh)\b", "", ast.unparse(part))).lower() + "}"


SENTENCES = [
    pytest.param(english, chinese, id=f"{path.relative_to(PACKAGE)}:{line}")
    for path in SOURCES
    for line, english, chinese in written(path)
]


@pytest.mark.parametrize(("english", "chinese"), SENTENCES)
def test_both_languages_have_the_same_placeholders(english: str, chinese: str):
    here, there = Words(en=english, zh=chinese).placeholders()
    assert here == there


@pytest.mark.parametrize(("english", "chinese"), SENTENCES)
def test_every_sentence_is_translated(english: str, chinese: str):
    assert "TODO" not in english + chinese, "left over from scripts/new"
    assert english.strip() or not english, "blank; a remark for Chinese readers alone has no English at all"
    assert chinese.strip()
    assert not CHINESE.search(english), "Chinese in the English text"
    bare = re.sub(r"\{[^}]*\}|`[^`]*`", "", english)
    prose = re.findall(r"[a-z]{4,}", bare)
    assert CHINESE.search(chinese) or english.strip() == chinese.strip() or not prose, (
        "English left standing in the Chinese text"
    )


def test_sentences_are_found_at_all():
    assert len(SENTENCES) > len(descendants(errors.DefibError))


def descendants(kind: type[errors.DefibError]) -> list[type[errors.DefibError]]:
    return [below for child in kind.__subclasses__() for below in (child, *descendants(child))]


ERRORS = descendants(errors.DefibError)
LEAVES = [kind for kind in ERRORS if not kind.__subclasses__()]


@pytest.mark.parametrize("kind", LEAVES, ids=lambda kind: kind.__name__)
def test_every_error_says_something_of_its_own_in_both_languages(kind: type[errors.DefibError]):
    assert "says" in vars(kind)
    english, chinese = kind.says.placeholders()
    assert english == chinese
    assert english, "an error names what it is about"
    filled = kind(**dict.fromkeys(english, "something"))
    assert "something" in filled.words.en
    assert "something" in filled.words.zh
    assert str(filled) == filled.words.en


@pytest.mark.parametrize("kind", ERRORS, ids=lambda kind: kind.__name__)
def test_every_error_has_a_page_and_an_exit_code(kind: type[errors.DefibError]):
    assert kind.__doc__
    assert "__doc__" in vars(kind)
    assert kind.exit_code in {1, 2, 3, 4, 70}


def test_no_two_errors_share_a_slug():
    slugs = [kind.slug() for kind in ERRORS]
    assert len(slugs) == len(set(slugs))
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", slug) for slug in slugs)


def test_the_tree_drawn_at_the_top_of_the_file_is_the_tree():
    pages = "\n".join(module.__doc__ for module in (errors, action_errors, *manual.ELSEWHERE))
    drawn = re.findall(r"^.*?(?:\|--|`--) (\w+)", pages, flags=re.MULTILINE)
    assert set(drawn) == {kind.__name__ for kind in ERRORS}
