"""`defib test`: held-out scores of one checkpoint, or of several together."""

from __future__ import annotations

import io
import math
from typing import TYPE_CHECKING

import typer

from defib.action.errors.training import BadValue
from defib.cli.trainer.bars import bar
from defib.cli.trainer.needed import trainer as needs_trainer
from defib.cli.trainer.phrases import COMMAND_LINE, SAYS
from defib.words import Words

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from defib.action.taxonomy import Taxonomy
    from defib.action.training.evaluation import Scores
    from defib.action.training.restoring import Restored
    from defib.words import Language

NORMAL = 1.96
"""Standard errors of a 95 % interval."""
WEIGHTS = Words(
    en="expected {count} numbers from 0 with a sum above 0, one a checkpoint, found {found}",
    zh="应为 {count} 个非负数（每个检查点一个，总和大于 0），实际为 {found}",
)
MEASURES = ("top1", "top5", "mean_class")


def test(
    runs: Sequence[Path],
    tongue: Language,
    *,
    recipe: str | None,
    clips: int | None,
    flip: bool,
    weights: str | None,
    dump: Path | None,
    changes: Sequence[str],
) -> int:
    """Measure, show, perhaps keep every score; returns the exit code."""
    shares = _weights(weights, len(runs))
    with needs_trainer():
        from accelerate import PartialState

        from defib.action.training.restoring import restored
        from defib.action.training.testing import scored, together

        networks = [restored(path, recipe, changes) for path in runs]
        found = []
        for network in networks:
            with bar(SAYS["testing"].fill(path=network.path.parent).said(tongue)) as progress:
                found.append(scored(network, clips=clips, flip=flip, progress=progress))
        scores = together(found, shares, [str(path) for path in runs])
        main = PartialState().is_main_process
    if main:
        _told(networks, scores, tongue)
        if dump is not None:
            _dumped(dump, scores, tongue)
    return 0


def _weights(given: str | None, count: int) -> list[float]:
    if given is None:
        return [1.0] * count
    try:
        found = [float(one) for one in given.split(",")]
    except ValueError:
        found = []
    if len(found) != count or not all(math.isfinite(one) and one >= 0 for one in found) or sum(found) == 0:
        raise BadValue(path=COMMAND_LINE, key="--weights", reason=WEIGHTS.fill(count=count, found=given))
    return found


def _told(networks: Sequence[Restored], scores: Scores, tongue: Language) -> None:
    """What was measured, as a table; with the interval that so few clips leave open."""
    from rich.console import Console
    from rich.table import Table

    from defib.action.training.evaluation import measured

    taxonomy: Taxonomy = networks[0].recognizer.taxonomy
    values, count = measured(scores, taxonomy, "test"), len(scores.names)
    console = Console(highlight=False, soft_wrap=True)
    for network in networks:
        if network.filled is not None:
            filled = network.filled
            words = SAYS["filled"].fill(path=filled.path, loaded=len(filled.loaded), wanted=filled.wanted)
            console.print(words.said(tongue), markup=False)
    console.print(
        SAYS["tested"].fill(clips=count, networks=len(networks), classes=taxonomy.name).said(tongue), markup=False
    )
    table = Table(box=None, pad_edge=False)
    table.add_column(SAYS["branch"].said(tongue), no_wrap=True)
    for measure in ("top1", "interval", "top5", "mean_class"):
        table.add_column(SAYS[measure].said(tongue), justify="right", no_wrap=True)
    for branch in dict.fromkeys(name.split("/", 2)[2] for name in values):
        cells = [values.get(f"test/{measure}/{branch}") for measure in MEASURES]
        share = (cells[0] or 0.0) / 100
        wide = 100 * NORMAL * math.sqrt(share * (1 - share) / count)
        text = ["-" if cell is None else f"{cell:.2f}" for cell in cells]
        table.add_row(branch, text[0], f"± {wide:.1f}", *text[1:])
    console.print(table)


def _dumped(path: Path, scores: Scores, tongue: Language) -> None:
    """Every score, as `defib diagnose --predictions` reads it."""
    import numpy as np

    from defib.rewriting import overwrite

    packed = io.BytesIO()
    arrays = {f"scores_{branch}": chance.numpy() for branch, chance in scores.chances.items()}
    np.savez_compressed(packed, label=scores.label.numpy(), name=np.array(scores.names), **arrays)  # type: ignore[arg-type]
    overwrite(path, packed.getvalue(), kept=[])
    typer.echo(SAYS["dumped"].fill(path=path).said(tongue))
