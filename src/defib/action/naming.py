"""Taxonomies by their names, and the name of one of which a checkpoint or a config says no more than its sizes."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from defib.action import taxonomy as taxonomies
from defib.action.data.synth import classes as made_up

if TYPE_CHECKING:
    from defib.action.taxonomy import Taxonomy

GUESSED = (*taxonomies.KNOWN, "synth10")
"""Names that sizes alone can stand for: those without a file, and the one of the recipes with made-up people."""


def taxonomy_of(name: str) -> Taxonomy:
    """A taxonomy by its name, or from a file; `synth10` is the one of ten made-up classes. Raises TaxonomyRefused."""
    asked = re.fullmatch(r"synth([1-9]\d?)", name)
    if asked and int(asked[1]) <= len(made_up.ACTS):
        return made_up.taxonomy(int(asked[1]))
    made = taxonomies.KNOWN.get(name)
    return taxonomies.from_file(Path(name)) if made is None else made()


def named(classes: int, groups: int | None = None) -> str | None:
    """The first taxonomy of that many classes, and of that many groups where they are known; None when there is none.

    >>> named(60), named(60, 8), named(60, 5), named(52, 7), named(10)
    ('ntu60', 'ntu60_tree8', None, 'ma52', 'synth10')
    """
    for name in GUESSED:
        one = taxonomy_of(name)
        if len(one.fine) == classes and groups in (None, len(one.coarse)):
            return name
    return None
