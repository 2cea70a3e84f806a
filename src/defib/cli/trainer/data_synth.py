"""`defib data synth`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

import typer

from defib.action.errors.training import BadValue
from defib.cli.trainer.bars import bar, cores
from defib.cli.trainer.needed import trainer as needs_trainer
from defib.cli.trainer.phrases import COMMAND_LINE, SAYS
from defib.words import Words

if TYPE_CHECKING:
    from pathlib import Path

    from defib.words import Language

SIZE = Words(
    en="expected even numbers from 64x64 to 1920x1080, e.g. 320x180, found {found}",
    zh="应为 64x64 到 1920x1080 之间的偶数，例如 320x180，实际为 {found}",
)
LEAST, WIDEST, HIGHEST = 64, 1920, 1080


class Asked(NamedTuple):
    """The options of the command."""

    classes: int
    persons: int
    repeats: int
    size: str
    seed: int


def synth(folder: Path, asked: Asked, tongue: Language, *, jobs: int | None) -> int:
    """Write made-up people; returns the exit code."""
    width, height = _size(asked.size)
    with needs_trainer():
        from defib.action.data.synth import dataset

        settings = dataset.Settings(asked.classes, asked.persons, asked.repeats, width, height, asked.seed)
        with bar(SAYS["filming"].said(tongue)) as progress:
            splits = dataset.write(folder, settings, jobs=jobs or cores(), progress=progress)
    words = SAYS["made"].fill(
        folder=folder,
        clips=splits["xsub_train"] + splits["xsub_val"],
        classes=asked.classes,
        persons=asked.persons,
        train=splits["xsub_train"],
        val=splits["xsub_val"],
    )
    typer.echo(words.said(tongue))
    return 0


def _size(given: str) -> tuple[int, int]:
    found = re.fullmatch(r"(\d{2,4})x(\d{2,4})", given)
    width, height = (int(found[1]), int(found[2])) if found else (0, 0)
    if not (LEAST <= width <= WIDEST and LEAST <= height <= HIGHEST) or width % 2 or height % 2:
        raise BadValue(path=COMMAND_LINE, key="--size", reason=SIZE.fill(found=given))
    return width, height
