"""What makes a family of a function, and how one of its runs becomes a file."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from bench.families.log import Family, Tale, Writer
from defib.words import Words

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Draw = Callable[[np.random.Generator], Tale]


class Drawn(NamedTuple):
    """One run of a family, written down."""

    name: str
    """`family/seed`."""
    path: Path
    label: str
    unit: str
    onset: str
    """As in the labelled logs' `index.csv`: in the file's own counting; empty where nothing is wrong."""
    writer: str


def family(label: str, *written: Writer, sick: bool, zh: str) -> Callable[[Draw], Family]:
    """Make a Family of a function: its name is the function's, its story the docstring, in Chinese `zh`."""

    def make(draw: Draw) -> Family:
        story = Words(en=" ".join((draw.__doc__ or "").split()), zh=zh)
        return Family(name=draw.__name__, label=label, sick=sick, written=written, draw=draw, story=story)

    return make


def drawn(one: Family, seed: int, folder: Path) -> Drawn:
    """Draw the run of a seed and write its file below `folder`. The same seed gives the same bytes."""
    writer = one.written[seed % len(one.written)]
    tale = one.draw(np.random.default_rng([seed, zlib.crc32(one.name.encode())]))
    unit, onset = ("", "") if tale.onset is None else writer.onset(tale.log, tale.onset)
    path = folder / one.name / str(seed) / writer.file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(writer.text(tale.log), encoding="utf-8")
    return Drawn(f"{one.name}/{seed}", path, one.label, unit, onset, writer.name)
