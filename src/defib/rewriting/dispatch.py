"""The rewriting that belongs to a config's way of writing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from defib.rewriting.rewrite import rewrite as in_python

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from defib.records import Config, Edit


def rewrite(config: Config, text: str, edits: Sequence[Edit], *, folder: Path | None = None) -> str:
    """The text of the new config. Comments and format are kept; nothing is executed and nothing is written.

    folder: where the new file will be, when that is not the original's folder.

    Raises SiteNotEditable for a site that cannot be changed without changing something else, RewriteNotProved when
    the new text does not read back as planned, ConfigSyntax and ConfigTooLarge as `configs.parse` does.
    """
    from defib.rewriting import data, toml_edits  # noqa: PLC0415 (loads readers that most runs do not need)

    made = {"mmengine": in_python, "toml": toml_edits.rewrite}.get(config.dialect, data.rewrite)
    return made(config, text, edits, folder=folder)
