"""The `name value` pairs of a line of text, however they are written: `loss: 0.5`, `Acc@1 71.2 (70.9)`, `lr=1e-3`."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from defib.understanding import split_of, understand

if TYPE_CHECKING:
    from collections.abc import Iterator

    from defib.metrics import Meaning

LONGEST = 4000  # characters of a line that are looked at; assumed: programs write shorter ones
MOST = 200  # pairs of a line

_PLAIN = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?"
_VALUE = re.compile(
    rf"(?<![\w.@\-])(?P<value>{_PLAIN}|[-+]?(?:nan|inf)(?!\w))(?!\.?\d)(?!,\d\d\d(?!\d))(?P<unit>[a-z_]\w*)?"
    r"(?P<percent>\s?%)?(?:\s?/\s?(?P<of>\d+)(?!\w))?(?!\s{0,6}[:=])"
    rf"(?:\s{{0,6}}\(\s{{0,6}}(?P<mean>{_PLAIN}|nan|inf)\s{{0,6}}(?P<share>%)?\s{{0,6}}\))?",
    re.IGNORECASE | re.ASCII,
)
_ASIDE = re.compile(r"\s?\([A-Za-z %]{1,20}\)$")  # `F1 (macro)`
_BREAKS = re.compile(r"[|,;\t()\[\]{}<>]|\s-\s|\s{2,}|:\s|=>|->|--+")
# What stands in a name but reads like a number of its own.
_JOINED = (
    (re.compile(r"@?\[?(?:IoU=)?0?\.50?:0?\.95\]?"), "@5095"),
    (re.compile(r"\b(top)[ \-_](?=[15]\b)", re.IGNORECASE), r"\1"),
    (re.compile(r"\btensor\("), ""),
)
_WORD = re.compile(r"(?<![\w/.\-])[^\W\d_]+(?![\w/\-])")
_BEST = re.compile(r"\bbest|最佳|最好|最优", re.IGNORECASE)
_ORDINARY = frozenset(
    {"return", "error", "err", "cost", "objective", "exact", "em", "ce", "ap", "ar", "hd", "der", "snr", "map"}
)
"""Measures that are words of other sentences too: they count only before a colon or an equals sign."""
_FILLING = frozenset(
    [
        *(
            "with",
            "the",
            "of",
            "at",
            "on",
            "is",
            "and",
            "are",
            "was",
            "finished",
            "done",
            "got",
            "network",
            "model",
            "images",
        ),
        *(
            "result",
            "results",
            "epoch",
            "iter",
            "step",
            "set",
            "data",
            "dataset",
            "info",
            "log",
            "in",
            "for",
            "end",
            "轮",
            "步",
        ),
    ]
)


class Pair(NamedTuple):
    """One pair."""

    name: str
    value: float
    mean: float | None
    """The average so far, where it stands behind the value in brackets."""
    percent: bool
    split: str
    """The split that the line said last before it, or an empty text."""
    said: bool
    """A colon or an equals sign stands between name and value."""


def pairs(line: str) -> Iterator[Pair]:
    """The pairs of a line from left to right; those behind the word `best` are no values of this moment.

    >>> [(one.name, one.value, one.split) for one in pairs("Epoch 12 | Train Loss: 0.41 | Val Acc: 83.2%")]
    [('Epoch', 12.0, ''), ('Train Loss', 0.41, 'train'), ('Val Acc', 83.2, 'val')]
    >>> [(one.name, one.value) for one in pairs("Test set: Average loss: 0.05, Accuracy: 9837/10000 (98%)")]
    [('Average loss', 0.05), ('Accuracy', 98.37)]
    """
    text = line[:LONGEST]
    for pattern, word in _JOINED:
        text = pattern.sub(word, text)
    at, split, found = 0, "", 0
    for match in _VALUE.finditer(text):
        before, at = text[at : match.start()], match.end()
        if _BEST.search(before):
            if not found:
                return
            continue
        split = _split_of(before) or split
        name, said = _name(before)
        if not said and name.lower() in _ORDINARY:
            continue
        if not name or match["unit"] is not None:  # seconds, megabytes, samples a second
            continue
        value, percent = float(match["value"]), match["percent"] is not None
        if match["of"] is not None:
            if match["share"] is None or not float(match["of"]):
                continue  # so many of so many is progress
            value, percent = 100.0 * value / float(match["of"]), True
        found += 1
        mean = None if match["mean"] is None or match["of"] is not None else float(match["mean"])
        yield Pair(name, value, mean, percent, split, said)
        if found == MOST:
            return


@lru_cache(maxsize=4096)
def meaning_of(name: str, split: str) -> tuple[str, Meaning] | None:
    """(the name as far as it is one, its meaning); words that only lead up to a name are passed over.

    >>> meaning_of("finished with loss", "train")[0], meaning_of("contents", "train")
    ('loss', None)
    """
    words = name.split()
    for begin in range(min(len(words), 6)):
        meaning = understand(" ".join(words[begin:]), split)
        part = meaning is not None and meaning.measure.name == "loss_part"
        if meaning is not None and not (part and _FILLING & set(words[begin:])):
            return " ".join(words[begin:]), meaning
        if words[begin].lower() not in _FILLING and not split_of(words[begin]):
            return None
    return None


@lru_cache(maxsize=4096)
def _split_of(text: str) -> str:
    """The split that stands there as a word of its own: `Val Acc` speaks of what follows, `val_acc` of itself."""
    found = [split_of(word) for word in _WORD.findall(text[-100:])]
    return next((split for split in reversed(found) if split), "")


@lru_cache(maxsize=4096)
def _name(before: str) -> tuple[str, bool]:
    text = before.rstrip(" \t\"'")
    bare = text.rstrip(":= \t\"'")
    bare = _ASIDE.sub("", bare)
    name = _BREAKS.split(bare[-200:])[-1].strip(" \t\"'*#.:=")
    return (name if any(letter.isalpha() for letter in name) else ""), bare != text
