"""`defib data check`: a table on the terminal, and a page with clips to look at."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import typer

from defib.action.errors.training import BadValue
from defib.cli.trainer.bars import bar, cores
from defib.cli.trainer.needed import trainer as needs_trainer
from defib.cli.trainer.phrases import COMMAND_LINE, SAYS
from defib.words import Words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

    from defib.action.data.clips import Videos
    from defib.action.data.findings import Checked
    from defib.action.data.index import Index
    from defib.action.taxonomy import Taxonomy
    from defib.words import Language

SAMPLES = 12
"""Clips on the page."""
NOTHING_ASKED = Words(
    en="expected a recipe, or --annotations with or without --videos",
    zh="应给出配方，或用 --annotations（可加 --videos）指明数据",
)
MADE_UP = Words(
    en="the clips of kind micro are drawn, not read: there is nothing to check",
    zh="micro 类型的片段是现场绘制的，不是读取的：没有可检查的内容",
)
LEVELS = ("stop", "spoil", "note")


class Asked(NamedTuple):
    """Which data."""

    recipe: str | None
    changes: tuple[str, ...]
    videos: Path | None
    annotations: Path | None
    taxonomy: str
    exclude: Path | None = None


class _Data(NamedTuple):
    clips: Index
    taxonomy: Taxonomy
    splits: tuple[str, str] | None
    videos: Videos | None
    frames: Callable[..., Any] | None
    source: str
    exclude: str | None


def check(asked: Asked, tongue: Language, *, quick: bool, output: Path | None, jobs: int | None) -> int:
    """Look at everything; 1 when something should be mended before training."""
    with needs_trainer():
        from defib.action.data import check as checking

        data = _opened(asked, tongue)
        with bar(SAYS["decoding"].said(tongue)) as progress:
            found = checking.check(
                data.clips,
                data.taxonomy,
                data.splits,
                data.videos,
                quick=quick,
                jobs=jobs or cores(),
                progress=progress,
            )
        _told(found, data, tongue)
        if output is not None:
            _page(output, found, data, tongue)
    return int(any(finding.level != "note" for finding in found.findings))


def _opened(asked: Asked, tongue: Language) -> _Data:
    import msgspec

    from defib.action.data import clips, leaving_out
    from defib.action.data.config import MicroData, StoreData
    from defib.action.naming import taxonomy_of
    from defib.action.training import recipe as recipes

    with bar(SAYS["reading-poses"].said(tongue)) as progress:
        if asked.recipe is not None:
            recipe = recipes.read(asked.recipe, asked.changes)
            data, taxonomy = recipe.data, taxonomy_of(recipe.taxonomy)
            if isinstance(data, MicroData):
                raise BadValue(path=asked.recipe, key="data.kind", reason=MADE_UP)
            if asked.exclude is not None:
                data = msgspec.structs.replace(data, exclude=str(asked.exclude))
            index, frames = clips.opened(data, progress)
            videos = None if isinstance(data, StoreData) else clips.Videos(Path(data.videos), index)
            splits = data.train_split, data.val_split
            return _Data(index, taxonomy, splits, videos, frames, clips.source(data), data.exclude)
        if asked.annotations is None:
            raise BadValue(path=COMMAND_LINE, key="--annotations", reason=NOTHING_ASKED)
        index = leaving_out.without(clips.index_of(asked.annotations, progress), asked.exclude)
        found = None if asked.videos is None else clips.Videos(asked.videos, index)
        exclude = None if asked.exclude is None else str(asked.exclude)
        return _Data(index, taxonomy_of(asked.taxonomy), None, found, found, str(asked.annotations), exclude)


def _told(found: Checked, data: _Data, tongue: Language) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(highlight=False)
    for words in _looked_at(found, data):
        console.print(words.said(tongue), markup=False)
    if not found.findings:
        console.print(SAYS["all-well"].said(tongue), markup=False)
        return
    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for finding in found.findings:
        examples = f" [{', '.join(finding.examples)}]" if finding.examples else ""
        table.add_row(SAYS[f"level-{finding.level}"].said(tongue), Text(finding.says.said(tongue) + examples))
    console.print(table)


def _looked_at(found: Checked, data: _Data) -> Iterator[Words]:
    videos = SAYS["videos-decoded"].fill(count=found.videos) if found.videos else SAYS["videos-not"]
    yield SAYS["checked"].fill(
        source=data.source, clips=found.clips, taxonomy=data.taxonomy.name, videos=videos, sampled=found.sampled
    )
    if data.exclude is not None:
        yield SAYS["left-out"].fill(path=data.exclude)


def _page(path: Path, found: Checked, data: _Data, tongue: Language) -> None:
    """A page in one file: the findings, the classes, and a strip of frames of some clips."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    from defib.rewriting import overwrite

    made = Environment(
        loader=PackageLoader("defib.cli.trainer", "."), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    text = made.get_template("check.html.j2").render(
        language="zh-CN" if tongue == "zh" else "en",
        say={key: words.said(tongue) for key, words in SAYS.items()},
        summary=" ".join(words.said(tongue) for words in _looked_at(found, data)),
        findings=[
            (finding.level, SAYS[f"level-{finding.level}"].said(tongue), finding.says.said(tongue), finding.examples)
            for finding in found.findings
        ],
        samples=_samples(data),
        classes=_classes(data),
    )
    overwrite(path, text, kept=[])
    typer.echo(SAYS["page"].fill(path=path).said(tongue))


def _samples(data: _Data) -> list[tuple[str, str, str]]:
    """Name, class and picture of some clips, of as many classes as there is place for."""
    from defib.action.data import contact
    from defib.action.errors import DataRefused

    if data.frames is None:
        return []
    label = data.clips.clips["label"].tolist()
    first = {one: at for at, one in reversed(list(enumerate(label)))}
    step = max(1, len(first) // SAMPLES)
    found = []
    for one in sorted(first)[::step][:SAMPLES]:
        try:
            picture = contact.strip(data.clips, data.frames, first[one])
        except DataRefused:  # it is among the findings
            continue
        known = data.taxonomy.fine[one] if 0 <= one < len(data.taxonomy.fine) else "?"
        found.append((data.clips.name(first[one]), f"{one}: {known}", base64.b64encode(picture).decode()))
    return found


def _classes(data: _Data) -> list[tuple[str, list[int]]]:
    """How many clips each class has in each split; the first row names the splits."""
    import numpy as np

    names = list(data.clips.splits)
    label = data.clips.clips["label"]
    count = len(data.taxonomy.fine)
    columns = []
    for name in names:
        mine = label[data.clips.split(name)]
        columns.append(np.bincount(mine[(mine >= 0) & (mine < count)], minlength=count))
    rows: list[tuple[str, list[Any]]] = [("", list(names))]
    rows += [(f"{at}: {name}", [int(column[at]) for column in columns]) for at, name in enumerate(data.taxonomy.fine)]
    return rows
