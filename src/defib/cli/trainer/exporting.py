"""`defib export`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from defib.cli.trainer.needed import trainer as needs_trainer
from defib.cli.trainer.phrases import SAYS

if TYPE_CHECKING:
    from pathlib import Path

    from defib.words import Language


def export(checkpoint: Path, output: Path, recipe: str | None, tongue: Language) -> int:
    """Write a checkpoint as ONNX and compare; returns the exit code."""
    with needs_trainer():
        import onnxscript  # noqa: F401 (asked for before a minute is spent)

        from defib.action.training import exporting
        from defib.action.training.restoring import restored

        found = exporting.export(restored(checkpoint, recipe), output)
    inputs = ", ".join(f"{name} {['N', *shape]}".replace("'", "") for name, shape in found.inputs.items())
    words = SAYS["exported"].fill(
        path=output, inputs=inputs, outputs=", ".join(found.outputs), difference=f"{found.difference:.1e}"
    )
    typer.echo(words.said(tongue))
    return 0
