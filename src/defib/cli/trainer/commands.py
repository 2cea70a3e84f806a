"""The trainer's commands, in the language of the reader."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from defib.cli.trainer.phrases import EPILOGS, HELP, OPTIONS

if TYPE_CHECKING:
    from collections.abc import Callable

    from defib.words import Language

RECIPES = Path(__file__).parents[2] / "action" / "recipes"
PERSONS, LARGE, JPEG = 24, 320, 90


def add(app: typer.Typer, tongue: Language, polite: Callable[[Callable[..., int]], Callable[..., None]]) -> None:
    """Add the trainer's commands to the command line."""
    say = {name: words.said(tongue) for name, words in {**OPTIONS, **HELP, **EPILOGS}.items()}
    names = sorted(path.stem for path in RECIPES.glob("*.yaml"))
    say["recipe"] = OPTIONS["recipe"].fill(known=", ".join(names)).said(tongue)

    def listed(incomplete: str) -> list[str]:
        return [name for name in names if name.startswith(incomplete)]

    recipe_ = typer.Argument(metavar="RECIPE", help=say["recipe"], autocompletion=listed)
    changes_ = typer.Argument(None, metavar="[KEY=VALUE]...", help=say["changes"], show_default=False)

    def command(name: str, to: typer.Typer = app) -> Callable[[Callable[..., int]], Callable[..., None]]:
        """A command with its words and its manners."""

        def added(function: Callable[..., int]) -> Callable[..., None]:
            epilog = say[f"{name}-epilog"]
            return to.command(name, help=say[name], epilog=epilog)(polite(function))

        return added

    @command("train")
    def train(recipe: str = recipe_, changes: list[str] | None = changes_) -> int:
        from defib.cli.trainer.train import train as run

        return run(recipe, changes or [], tongue)
