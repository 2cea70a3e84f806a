"""A config with edits becomes the text of a new config: the same text, changed only where the edits stand."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from defib.configs.mmengine import parse
from defib.configs.trace import trace
from defib.errors import RewriteNotProved
from defib.records import Site
from defib.rewriting.emission import Emission
from defib.rewriting.heading import headed
from defib.rewriting.layout import Layout
from defib.rewriting.pieces import settled
from defib.rewriting.planning import Planner
from defib.rewriting.proof import prove
from defib.rewriting.refusals import NOT_THERE, OVERLAP, refused
from defib.rewriting.repointing import repoint
from defib.rewriting.splices import Overlap, Splices

if TYPE_CHECKING:
    from collections.abc import Sequence

    from defib.configs.cells import Listing, Table
    from defib.records import Config, Edit


def rewrite(config: Config, text: str, edits: Sequence[Edit], *, folder: Path | None = None) -> str:
    """The text of the new config. Comments and format are kept; nothing is executed and nothing is written.

    folder: where the new file will be, when that is not the original's folder; relative bases are pointed anew.

    Raises SiteNotEditable for a site that cannot be changed without changing something else, RewriteNotProved when
    the new text does not read back as planned, ConfigSyntax and ConfigTooLarge as `configs.mmengine.parse` does.
    """
    path = Path(config.path)
    traced = trace(path, text)
    layout = Layout(traced.source)
    splices = Splices(layout)

    def divisible(container: Table | Listing) -> bool:
        return container.span is not None and layout.bracketed(container.span) is not None

    try:
        pieces = settled(edits, config.tree)
    except KeyError as error:
        raise refused(path, 1, _site(edits, str(error.args[0])), NOT_THERE) from None
    try:
        Emission(splices).emit(Planner(traced, pieces, divisible).plan())
        if folder is not None:
            repoint(traced, folder, splices)
        changed = splices.made()
    except KeyError as error:
        raise refused(path, 1, _site(edits, str(error.args[0])), NOT_THERE) from None
    except Overlap:
        first = next((site for edit in edits for site in edit.sites), Site(path="?"))
        raise refused(path, 1, first, OVERLAP) from None
    new = headed(changed, path.name, splices.newline)
    _read_back(config, new, edits, folder)
    return new


def _read_back(config: Config, new: str, edits: Sequence[Edit], folder: Path | None) -> None:
    """Parse what was made and insist that it is what was planned, from the bases that it was planned with."""
    path = Path(config.path)
    there = path if folder is None else folder / path.name
    again = parse(there, new)
    prove(config, again, edits)
    if again.bases != config.bases:
        raise RewriteNotProved(path=there, sites="_base_")


def _site(edits: Sequence[Edit], path: str) -> Site:
    found = (site for edit in edits for site in edit.sites if site.path == path)
    return next(found, Site(path=path))
