"""`defib from-mmaction2`."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import typer

from defib.cli.trainer.needed import trainer as needs_trainer
from defib.cli.trainer.phrases import SAYS
from defib.words import same

if TYPE_CHECKING:
    from pathlib import Path

    from defib.action.mmaction2 import Translation
    from defib.words import Language

BROAD = 160
"""Columns of the table, also where the terminal is narrower: its keys are not cut."""
WIDE = 60
"""Characters of a value in the table."""


def translate(config: Path, output: Path | None, tongue: Language) -> int:
    """Write the recipe, or show it; with a table of what became what, and what was left over."""
    import msgspec

    from defib import configs
    from defib.action.errors.training import NotTranslated
    from defib.errors import NoSuchPath
    from defib.rewriting import overwrite

    with needs_trainer():
        from defib.action import mmaction2
        from defib.action.training.recipe import Recipe

    if not config.is_file():
        raise NoSuchPath(path=config)
    made = mmaction2.translate(configs.parse(config).tree, str(config))
    try:
        msgspec.convert(made.recipe, Recipe, strict=False)
    except msgspec.ValidationError as error:
        raise NotTranslated(path=config, reason=same(str(error))) from None
    text = _yaml(made, config)
    _told(made, config, tongue, shown=output is not None)
    if output is None:
        typer.echo(text)
        return 0
    overwrite(output, text, kept=[config])
    typer.echo(SAYS["recipe-written"].fill(path=output).said(tongue))
    return 0


def _yaml(made: Translation, config: Path) -> str:
    from ruamel.yaml import YAML

    written = io.StringIO()
    yaml = YAML()
    yaml.default_flow_style = None
    yaml.width = 120
    yaml.dump(made.recipe, written)
    return f"# Translated from {config.name}. Not run.\n{written.getvalue()}"


def _told(made: Translation, config: Path, tongue: Language, *, shown: bool) -> None:
    """shown: on standard output; beside a recipe that is itself shown there, on standard error."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(highlight=False, stderr=not shown, width=BROAD)
    console.print(SAYS["translated"].fill(count=len(made.rows), config=config).said(tongue), markup=False)
    table = Table(box=None, pad_edge=False)
    for key in ("config-key", "recipe-key", "value"):
        table.add_column(SAYS[key].said(tongue), no_wrap=True)
    for row in made.rows:
        table.add_row(Text(row.source), row.key, Text(str(row.value)[:WIDE]))
    console.print(table)
    for words in made.notes:
        console.print(words.said(tongue), markup=False)
    if not made.left:
        console.print(SAYS["nothing-left"].said(tongue), markup=False)
        return
    console.print(SAYS["left"].fill(count=len(made.left)).said(tongue), markup=False)
    for path, value in made.left:
        console.print(f"  {path} = {str(value)[:WIDE]}", markup=False)
