"""Words of a command that set what Hydra, OmegaConf or mmengine call by a dotted name: `optim.lr=0.1`, `++a.b=1`."""

from __future__ import annotations

import re
from typing import NamedTuple

from defib.configs.cells import Leaf, Listing, Opaque

TAKERS = frozenset({"cfg_options", "options", "opts", "override", "overrides", "set", "multirun", "resolve"})
_WORD = re.compile(r"(?P<plus>\+{0,2})(?P<key>[A-Za-z_][\w-]*(?:[./@][\w-]+)*)=(?P<value>.*)", re.DOTALL)
_QUOTED = re.compile(r"""'([^']*)'|"([^"\\]*)\"""", re.DOTALL)
_LIST = re.compile(r"""(["']?)\[([^\[\]{}()'"\\$`]*)\]\1""")
_GRAMMAR = re.compile(r"""[,()\[\]{}='"\\]|\$\{""")


class Override(NamedTuple):
    """One such word."""

    key: str
    start: int
    """Where its value begins."""
    end: int
    written: str
    """The value as it is written."""
    prefix: str
    """What stands before the value inside the same quotes, with the quote; empty where the value stands alone."""
    sure: bool
    """Whether it can be nothing else, because its key is dotted or marked."""


def override(start: int, end: int, word: str) -> Override | None:
    """What a word of a command sets, or None for a word of another kind."""
    quoted = _QUOTED.fullmatch(word)
    inner = word[1:-1] if quoted else word
    match = _WORD.fullmatch(inner)
    if match is None:
        return None
    first = end - len(match["value"]) - bool(quoted)
    prefix = word[: len(word) - 1 - len(match["value"])] if quoted else ""
    sure = bool(match["plus"]) or "." in match["key"]
    return Override(match["key"], start if quoted else first, end, match["value"], prefix, sure)


def meant(found: Leaf | Listing | Opaque, written: str) -> Leaf | Listing | Opaque:
    """The value behind such a word: `null` is none, and what its grammar would take apart is not known."""
    if not isinstance(found, Leaf) or not isinstance(found.value, str) or found.span is None:
        return found
    if found.value == "null":
        return Leaf(None, found.span)
    if _GRAMMAR.search(found.value):
        return Opaque(written, found.span.line, found.span)
    return found


def elements(written: str) -> list[tuple[int, int, str]] | None:
    """Where the elements of `[0.9,0.95]` stand in it, or None for what is no plain list."""
    match = _LIST.fullmatch(written)
    if match is None:
        return None
    found: list[tuple[int, int, str]] = []
    at = match.start(2)
    for piece in match[2].split(",") if match[2].strip() else ():
        first = at + len(piece) - len(piece.lstrip())
        found.append((first, first + len(piece.strip()), piece.strip()))
        at += len(piece) + 1
    return None if any("=" in piece for _, _, piece in found) else found
