"""`defib merge`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from defib.cli.trainer.needed import trainer as needs_trainer
from defib.cli.trainer.phrases import SAYS

if TYPE_CHECKING:
    from pathlib import Path

    from defib.action.model.merge import Row
    from defib.words import Language


def merge(rgb: Path, pose: Path, output: Path, taxonomy: str | None, tongue: Language) -> int:
    """Write the joint network of two streams, and show what every tensor came from; returns the exit code."""
    with needs_trainer():
        import safetensors.torch

        from defib.action.model import Recognizer
        from defib.action.model import merge as merging
        from defib.action.naming import taxonomy_of
        from defib.action.training import checkpoints
        from defib.rewriting import overwrite

        rgb, pose = (checkpoints.weights_file(one) if one.is_dir() else one for one in (rgb, pose))
        streams = merging.opened(rgb, pose)
        recognizer = Recognizer(merging.sizes(streams), taxonomy_of(taxonomy or merging.taxonomy_for(streams)))
        rows = merging.merge(recognizer, streams)
        overwrite(output, safetensors.torch.save(recognizer.state_dict()), kept=[rgb, pose])
    _told(rows, tongue)
    _say(rows, rgb, pose, output, tongue)
    return 0


def _told(rows: list[Row], tongue: Language) -> None:
    """The table of shapes, without BatchNorm's own tensors, which follow their convolution."""
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    for key in ("tensor", "shape", "source", "zeros"):
        table.add_column(SAYS[key].said(tongue), no_wrap=True)
    for row in rows:
        if ".bn." not in row.name:
            table.add_row(row.name, "x".join(map(str, row.shape)), row.source, str(row.padded or ""))
    Console(highlight=False, soft_wrap=True, width=120).print(table)


def _say(rows: list[Row], rgb: Path, pose: Path, output: Path, tongue: Language) -> None:
    import typer

    count = {source: sum(row.source == source for row in rows) for source in ("rgb", "pose", "new")}
    words = SAYS["merged"].fill(
        path=output,
        rgb=count["rgb"],
        rgb_path=rgb,
        pose=count["pose"],
        pose_path=pose,
        padded=sum(row.padded > 0 for row in rows),
        new=count["new"],
    )
    typer.echo(words.said(tongue))
