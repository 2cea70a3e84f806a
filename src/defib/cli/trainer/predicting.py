"""`defib predict`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from defib.cli.trainer.needed import trainer as needs_trainer
from defib.cli.trainer.phrases import SAYS

if TYPE_CHECKING:
    from pathlib import Path

    from defib.words import Language


def predict(
    video: Path, pose: Path, checkpoint: Path, tongue: Language, *, recipe: str | None, top: int, clips: int
) -> int:
    """Say what is done in a video; returns the exit code."""
    with needs_trainer():
        from defib.action.training.evaluation import fused
        from defib.action.training.predicting import predicted
        from defib.action.training.restoring import restored

        network = restored(checkpoint, recipe)
        found = fused(predicted(network, video, pose, clips=clips))
        chances = {branch: chance.tolist() for branch, chance in found.items()}
    _told(video, chances, network.recognizer.taxonomy.fine, top, tongue)
    return 0


def _told(video: Path, chances: dict[str, list[float]], names: tuple[str, ...], top: int, tongue: Language) -> None:
    """The likeliest classes, and what each branch gives them."""
    from rich.console import Console
    from rich.table import Table

    fine = {
        branch: chance for branch, chance in chances.items() if not branch.endswith("_coarse") and ":" not in branch
    }
    decides = fine.get("fused_rectified", fine.get("fused", next(iter(fine.values()))))
    order = sorted(range(len(names)), key=lambda place: -decides[place])[:top]
    console = Console(highlight=False, soft_wrap=True)
    said = SAYS["predicted"].fill(video=video.name, name=names[order[0]], chance=f"{100 * decides[order[0]]:.1f}")
    console.print(said.said(tongue), markup=False)
    table = Table(box=None, pad_edge=False)
    table.add_column(SAYS["class"].said(tongue), no_wrap=True)
    for branch in fine:
        table.add_column(f"{branch} %", justify="right", no_wrap=True)
    for place in order:
        table.add_row(names[place], *(f"{100 * chance[place]:.1f}" for chance in fine.values()))
    console.print(table)
