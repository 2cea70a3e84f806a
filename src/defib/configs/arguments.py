"""The settings on a command line that a shell script holds. The script is split into words and never run."""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING

from defib.configs.bounds import NESTING, bounded, too_deep
from defib.configs.cells import Leaf, Opaque, Table, listing, table
from defib.configs.document import TWICE, Document, Text
from defib.configs.scalars import plain_scalar
from defib.words import Words

if TYPE_CHECKING:
    from pathlib import Path

    from defib.configs.cells import Node

Word = tuple[int, int, str]  # where it begins and ends, and how it is written

_TOKEN = re.compile(
    r"(?P<blank>[ \t]+|\\\r?\n)|(?P<comment>#[^\r\n]*)|(?P<end>\r?\n|\r|[;&|()<>]+)"
    r"""|(?P<word>(?:[^\s\\'";&|()<>$`]|\\[^\r\n]|'[^']*'|"(?:[^"\\]|\\.)*"|\$\{[^}\s]*\}|\$\w*|`[^`]*`)+)""",
    re.DOTALL,
)
_ASSIGNMENT = re.compile(r"([A-Za-z_]\w*)=(.*)", re.DOTALL)
_USE = re.compile(r'"?\$(?:\{([A-Za-z_]\w*)\}|([A-Za-z_]\w*))"?')
_KEY = re.compile(r"--([A-Za-z][\w.-]*)(?:(=)(.*))?", re.DOTALL)
_NEGATIVE = re.compile(r"-\.?\d")
_OPENS, _CLOSES = frozenset({"if", "for", "while", "until", "case", "{"}), frozenset({"fi", "done", "esac", "}"})

NONE = Words(en="no line here starts a Python script with options", zh="这里没有以选项启动 Python 脚本的命令行")
MANY = Words(
    en="a second command starts a Python script here; keep one of them in a file of its own",
    zh="此处启动了第二个 Python 脚本；请把其中一个单独放在一个文件中",
)
BRANCH = Words(
    en="the command stands inside a condition, a loop or a function; put it in a file of its own",
    zh="该命令位于条件、循环或函数之中；请将其单独放在一个文件中",
)
STRANGE = Words(
    en="a quote is open, or the line holds what is not understood here", zh="引号未闭合，或此行含有无法解析的内容"
)


def read(path: Path, text: str) -> Document:
    """The cells of the one command in a shell script that starts a Python script.

    Raises ConfigSyntax, ConfigTooLarge.
    """
    source = Text(path, text)
    depth, known, twice = 0, dict[str, Word](), set[str]()
    command: list[Word] | None = None
    for words in _commands(source):
        first = words[0][2]
        depth += (first in _OPENS or words[-1][2] == "{") - (first in _CLOSES)
        assigned = [_ASSIGNMENT.fullmatch(word) for _, _, word in words[first == "export" :]]
        for match, (_, end, _) in zip(assigned, words[first == "export" :], strict=True):
            if match and all(assigned):
                twice |= {match[1]} & (known.keys() if depth == 0 else {match[1]})
                known[match[1]] = (end - len(match[2]), end, match[2])
        script = next((index for index, (_, _, word) in enumerate(words) if word.strip("'\"").endswith(".py")), None)
        if script is None or not any(word.startswith("--") for _, _, word in words[script + 1 :]):
            continue
        if depth > 0 or first in {"do", "then", "else"}:
            raise source.refusal(words[0][0], BRANCH)
        if command is not None:
            raise source.refusal(words[0][0], MANY)
        command = words[script + 1 :]
        known = {name: word for name, word in known.items() if name not in twice}
        settled = dict(known)
    if command is None:
        raise source.refusal(0, NONE)
    changed = {name for name in settled if known.get(name) != settled[name]} | twice
    reader = _Reader(source, {name: word for name, word in settled.items() if name not in changed})
    root = reader.options(command)
    bounded(path, root)
    return Document(source, root, tail=command[-1][1], options=reader.extents(command))


def _commands(source: Text) -> list[list[Word]]:
    found: list[list[Word]] = [[]]
    at = int(source.text.startswith("\ufeff"))
    while at < len(source.text):
        match = _TOKEN.match(source.text, at)
        if match is None or "<<" in (match["end"] or ""):
            raise source.refusal(at, STRANGE)
        if match["word"]:
            found[-1].append((match.start(), match.end(), match[0]))
        elif match["end"]:
            found.append([])
        at = match.end()
    return [words for words in found if words]


class _Reader:
    def __init__(self, source: Text, known: dict[str, Word]) -> None:
        self.source = source
        self.known = known

    def options(self, words: list[Word]) -> Table:
        """The options as a tree; a dotted name leads down."""
        values: dict[str, list[Node]] = {}
        name: str | None = None
        for start, end, word in words:
            key = _KEY.fullmatch(word)
            if key:
                name = key[1].replace("-", "_")
                if name in values:
                    raise self.source.refusal(start, TWICE.fill(key=word))
                values[name] = []
                if key[2]:
                    values[name].append(self._value(end - len(key[3]), end, key[3]))
                    name = None
            elif word.startswith("-") and not _NEGATIVE.match(word):
                name = None
            elif name is not None:
                values[name].append(self._value(start, end, word))
        return self._tree(values, words[0][0])

    def extents(self, words: list[Word]) -> dict[str, tuple[int, int]]:
        """What goes with each option: it and its values, and the blanks up to the next word or after the last one."""
        found: dict[str, tuple[int, int]] = {}
        starts = [at for at, (_, _, word) in enumerate(words) if word.startswith("-") and not _NEGATIVE.match(word)]
        for at, after in zip(starts, [*starts[1:], len(words)], strict=True):
            key = _KEY.fullmatch(words[at][2])
            if key and after < len(words):
                found[key[1].replace("-", "_")] = words[at][0], words[after][0]
            elif key and at > 0:
                found[key[1].replace("-", "_")] = words[at - 1][1], words[-1][1]
        return found

    def _tree(self, values: dict[str, list[Node]], at: int) -> Table:
        tree: dict[str, Node] = {}
        for dotted, found in values.items():
            *steps, last = dotted.split(".")
            if len(steps) >= NESTING:
                raise too_deep(self.source.path)
            below = tree
            for step in steps:
                inner = below.setdefault(step, table({}, span=None))
                if not isinstance(inner, Table):
                    raise self.source.refusal(at, TWICE.fill(key=dotted))
                below = inner.entries
            if last in below:
                raise self.source.refusal(at, TWICE.fill(key=dotted))
            several = listing(found, is_tuple=False, span=None) if found else Leaf(value=True)
            below[last] = found[0] if len(found) == 1 else several
        return table(tree, span=None)

    def _value(self, start: int, end: int, word: str) -> Node:
        span = self.source.span(start, end)
        use = _USE.fullmatch(word)
        if use:
            name = use[1] or use[2]
            bound = self.known.get(name)
            if bound is not None and "$" not in bound[2] and "`" not in bound[2]:
                uses = len(re.findall(rf"\$\{{?{name}\b", self.source.text))
                return Leaf(_meaning(bound[2]), self.source.span(bound[0], bound[1]) if uses == 1 else span)
        if ("$" in word or "`" in word) and not word.startswith("'"):
            return Opaque(word, span.line, span)
        return Leaf(_meaning(word), span)


def _meaning(word: str) -> bool | float | str | None:
    """The value of a word: a number, True or False where it reads so, else its text."""
    text = "".join(shlex.split(word))
    value = plain_scalar(text)
    if isinstance(value, bool):
        return value if text.lower() in {"true", "false"} else text
    return text if value is None or text.startswith(("0x", "0b")) else value
