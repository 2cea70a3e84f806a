"""`defib data prepare`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from defib.cli.trainer.bars import bar, cores
from defib.cli.trainer.needed import trainer as needs_trainer
from defib.cli.trainer.phrases import SAYS

if TYPE_CHECKING:
    from pathlib import Path

    from defib.words import Language

SHOWN = 10
"""Clips that could not be prepared, by name."""


def prepare(
    store: Path,
    videos: Path,
    annotations: Path,
    tongue: Language,
    *,
    exclude: Path | None,
    side: int,
    quality: int,
    jobs: int | None,
) -> int:
    """Write a store; 1 when some of its clips could not be read."""
    with needs_trainer():
        from defib.action.data import clips, leaving_out
        from defib.action.data import prepare as preparing

        with bar(SAYS["reading-poses"].said(tongue)) as progress:
            index = leaving_out.without(clips.index_of(annotations, progress=progress), exclude)
        settings = preparing.Settings(side=side, quality=quality)
        with bar(SAYS["preparing"].said(tongue)) as progress:
            report = preparing.prepare(
                index, clips.Videos(videos, index), store, settings=settings, jobs=jobs or cores(), progress=progress
            )
    size = (store / "pictures.bin").stat().st_size / 2**20
    typer.echo(SAYS["prepared"].fill(store=store, done=report.done, size=f"{size:.0f}").said(tongue))
    if not report.broken:
        return 0
    typer.echo(SAYS["broken"].fill(count=len(report.broken)).said(tongue))
    for name, why in list(report.broken.items())[:SHOWN]:
        typer.echo(f"  {name}: {why}")
    if len(report.broken) > SHOWN:
        typer.echo(SAYS["more"].fill(count=len(report.broken) - SHOWN).said(tongue))
    return 1
