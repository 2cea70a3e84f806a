"""TOML configs with edits, by a library that keeps comments, quotes and blank lines."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import tomlkit
from tomlkit.exceptions import TOMLKitError

from defib.configs.dialects import parse
from defib.configs.toml_lines import lines
from defib.errors import RewriteNotProved
from defib.records import Site
from defib.rewriting.data import read_back
from defib.rewriting.heading import headed_behind_mark
from defib.rewriting.literals import shaped
from defib.rewriting.pieces import settled
from defib.rewriting.refusals import NOT_THERE, THERE, refused

if TYPE_CHECKING:
    from collections.abc import Sequence

    from defib.records import Config, Edit


def rewrite(config: Config, text: str, edits: Sequence[Edit], *, folder: Path | None = None) -> str:  # noqa: ARG001 (TOML names no base files)
    """The text of the new config. Nothing is executed and nothing is written.

    Raises SiteNotEditable, RewriteNotProved, ConfigSyntax, ConfigTooLarge.
    """
    path = Path(config.path)
    parse(path, text)  # the strict and bounded reader goes first
    mark = "\ufeff" * text.startswith("\ufeff")
    try:
        document: Any = tomlkit.parse(text.removeprefix(mark))
        for piece in sorted(settled(edits, config.tree), key=lambda one: one.site.path, reverse=True):
            _apply(document, piece.site, path, text)
        new = tomlkit.dumps(document)
    except (TOMLKitError, ValueError, TypeError, RecursionError) as error:
        raise RewriteNotProved(path=path, sites=str(error)) from None
    except KeyError as error:
        site = Site(path=str(error.args[0]))
        raise refused(path, _line(text, site), site, NOT_THERE) from None
    new = headed_behind_mark(mark + new, path.name)
    read_back(config, path, new, edits)
    return new


def _apply(document: Any, site: Site, path: Path, text: str) -> None:  # noqa: ANN401 (the library's containers have no common type)
    *steps, last = site.path.split(".")
    below = document
    for step in steps:
        if isinstance(below, dict) and step not in below and site.action == "insert":
            below[step] = tomlkit.table()
        below = _step(below, step, site, path, text)
    if site.action == "insert":
        if not isinstance(below, dict) or last in below:
            raise refused(path, _line(text, site), site, THERE)
        below[last] = site.new
        return
    old = _step(below, last, site, path, text)
    key = int(last) if isinstance(below, list) else last
    if site.action == "delete":
        del below[key]
    else:
        below[key] = shaped(site.new, old)


def _step(below: Any, step: str, site: Site, path: Path, text: str) -> Any:  # noqa: ANN401
    if isinstance(below, list) and step.isdecimal() and int(step) < len(below):
        return below[int(step)]
    if isinstance(below, dict) and step in below:
        return below[step]
    raise refused(path, _line(text, site), site, NOT_THERE)


def _line(text: str, site: Site) -> int:
    """The line of a site, or of the nearest setting above it."""
    at, path = lines(text), site.path
    while path and path not in at:
        path = path.rpartition(".")[0]
    return at.get(path, 1)
