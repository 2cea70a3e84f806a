"""The settings on a command line that a shell script holds. The script is split into words and never run."""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING

from defib.configs.bounds import NESTING, bounded, too_deep
from defib.configs.cells import Leaf, Opaque, Table, listing, table
from defib.configs.document import TWICE, Document, Text
from defib.configs.overrides import TAKERS, elements, meant, override
from defib.configs.scalars import plain_scalar
from defib.words import Words

if TYPE_CHECKING:
    from pathlib import Path

    from defib.configs.cells import Node
    from defib.configs.overrides import Override

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
_PYTHON = re.compile(r"python[\d.]*|torchrun|accelerate|deepspeed")
_MODULE = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*")
LAUNCHERS = ("torch.distributed.", "accelerate.commands.")
"""Modules that start another program."""
_OPENS, _CLOSES = frozenset({"if", "for", "while", "until", "case", "{"}), frozenset({"fi", "done", "esac", "}"})

NONE = Words(en="no line here starts a Python program with options", zh="这里没有以选项启动 Python 程序的命令行")
MANY = Words(
    en="a second command starts a Python program here; keep one of them in a file of its own",
    zh="此处启动了第二个 Python 程序；请把其中一个单独放在一个文件中",
)
BRANCH = Words(
    en="the command stands inside a condition, a loop or a function; put it in a file of its own",
    zh="该命令位于条件、循环或函数之中；请将其单独放在一个文件中",
)
STRANGE = Words(
    en="a quote is open, or the line holds what is not understood here", zh="引号未闭合，或此行含有无法解析的内容"
)


def read(path: Path, text: str) -> Document:
    """The cells of the one command in a shell script that starts a Python script or module.

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
        script = _program(words)
        after = [] if script is None else words[script + 1 :]
        if script is None or not any(one[2].startswith("--") or override(*one) for one in after):
            continue
        if depth > 0 or first in {"do", "then", "else"}:
            raise source.refusal(words[0][0], BRANCH)
        if command is not None:
            raise source.refusal(words[0][0], MANY)
        command, begins = after, words[script][1]
        known = {name: word for name, word in known.items() if name not in twice}
        settled = dict(known)
    if command is None:
        raise source.refusal(0, NONE)
    changed = {name for name in settled if known.get(name) != settled[name]} | twice
    reader = _Reader(source, {name: word for name, word in settled.items() if name not in changed})
    overs = _overriding(command)
    root = reader.options(command, overs)
    bounded(path, root)
    return Document(
        source,
        root,
        tail=command[-1][1],
        options=reader.extents(command, overs, begins),
        overrides=reader.overrides,
        last=reader.last,
    )


def _program(words: list[Word]) -> int | None:
    """Which word of a command names the Python program: a script, or what follows `-m` and is no launcher itself."""
    bare = [word.strip("'\"") for _, _, word in words]
    script = next((at for at, word in enumerate(bare) if word.endswith(".py")), None)
    if script is not None or not any(_PYTHON.fullmatch(word.rpartition("/")[2]) for word in bare):
        return script
    modules = (at + 1 for at, word in enumerate(bare[:-1]) if word == "-m")
    return next((at for at in modules if _MODULE.fullmatch(bare[at]) and not bare[at].startswith(LAUNCHERS)), None)


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
        self.overrides: dict[int, str] = {}
        self.flags: dict[str, int] = {}
        self.last: int | None = None

    def options(self, words: list[Word], overs: list[Override | None]) -> Table:
        """The options as a tree; a dotted name leads down, and so does that of an override."""
        values: dict[str, list[Node]] = {}
        name: str | None = None
        for word, over in zip(words, overs, strict=True):
            start, end, text = word
            key = None if over else _KEY.fullmatch(text)
            if over:
                self._new(values, over.key, word).append(self._overridden(over))
                self.last, name = end, None
            elif key:
                name = key[1].replace("-", "_")
                found = self._new(values, name, word)
                self.flags[name] = end
                if key[2]:
                    found.append(self._value(end - len(key[3]), end, key[3]))
                    name = None
            elif _dashed(text):
                name = None
            elif name is not None:
                values[name].append(self._value(start, end, text))
        return self._tree(values, words[0][0])

    def extents(self, words: list[Word], overs: list[Override | None], script: int) -> dict[str, tuple[int, int]]:
        """What goes with each option: it and its values, and the blanks before it.

        script: where the words begin. An option whose only values may be overrides has none, and neither has the only override behind such an option.
        """
        found: dict[str, tuple[int, int]] = {}
        starts = [at for at, (_, _, word) in enumerate(words) if overs[at] or _dashed(word)]
        for at, next_start in zip(starts, [*starts[1:], len(words)], strict=True):
            over, key = overs[at], _KEY.fullmatch(words[at][2])
            name = over.key if over else key[1].replace("-", "_") if key else None
            after = at + 1 if over else next_start
            follows = after < len(words) and overs[after] is not None
            naked = _bare(words[at][2]) if not over else at > 0 and _bare(words[at - 1][2])
            if name is None or (naked and after == at + 1 and (follows is not bool(over))):
                continue
            if len(starts) > 1:
                found[name] = words[at - 1][1] if at > 0 else script, words[after - 1][1]
        return found

    def _new(self, values: dict[str, list[Node]], name: str, word: Word) -> list[Node]:
        if name in values:
            raise self.source.refusal(word[0], TWICE.fill(key=word[2]))
        return values.setdefault(name, [])

    def _overridden(self, over: Override) -> Node:
        start, end, written = over.start, over.end, over.written
        inside = elements(written)
        if inside is not None:
            at = end - len(written) - bool(over.prefix)
            items = [self._value(at + first, at + last, piece) for first, last, piece in inside]
            self.overrides |= {at + first: "" for first, _, _ in inside}
            self.overrides[start] = over.prefix
            return listing(items, is_tuple=False, span=self.source.span(start, end))
        plain = f"{over.prefix[0]}{written}{over.prefix[0]}" if over.prefix else written
        found = self._value(start, end, plain)
        if isinstance(found, Leaf | Opaque) and found.span is not None:
            self.overrides[self.source.ends(found.span)[0]] = over.prefix
            return meant(found, written)
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
            below[last] = found[0] if len(found) == 1 else self._several(dotted, found)
        return table(tree, span=None)

    def _several(self, name: str, found: list[Node]) -> Node:
        """The value of an option that has none or many; one without values is a switch, and ends where its word does."""
        at = self.flags.get(name, 0)
        return listing(found, is_tuple=False, span=None) if found else Leaf(True, self.source.span(at, at))  # noqa: FBT003

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


def _overriding(words: list[Word]) -> list[Override | None]:
    """What each word overrides. The first one behind an option is the option's value, unless it cannot be."""
    found: list[Override | None] = []
    before = ""
    for word in words:
        over = override(*word)
        takes = before.lstrip("-").replace("-", "_") in TAKERS or before == "-m"
        found.append(over if over and (over.sure or takes or not _bare(before)) else None)
        before = word[2]
    return found


def _dashed(word: str) -> bool:
    return word.startswith("-") and not _NEGATIVE.match(word)


def _bare(word: str) -> bool:
    """Whether a word is an option that names no value itself."""
    return _dashed(word) and "=" not in word


def _meaning(word: str) -> bool | float | str | None:
    """The value of a word: a number, True or False where it reads so, else its text."""
    text = "".join(shlex.split(word))
    value = plain_scalar(text)
    if isinstance(value, bool):
        return value if text.lower() in {"true", "false"} else text
    return text if value is None or text.startswith(("0x", "0b")) else value
