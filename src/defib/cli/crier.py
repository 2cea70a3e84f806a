"""The alerts of `watch`: what is new of each run goes to every channel, and is remembered once it has arrived."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import typer

from defib.alerting import Channels, Told, load, news, save
from defib.alerting.channels import addresses
from defib.alerting.refusals import NoSuchChannel
from defib.errors import CannotWrite

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from defib.records import Case
    from defib.watching.watcher import Look
    from defib.words import Language


class Crier:
    """Tells people of the runs that are watched."""

    def __init__(self, channels: Channels, language: Language) -> None:
        """channels: none of them is a silence that costs nothing."""
        self.channels, self.language = channels, language
        self._told: dict[Path, Told] = {}

    def tell(self, looks: Sequence[Look]) -> None:
        """Send what is new; what a channel did not take is tried again at the next look."""
        for look in looks:
            before = self._told.get(look.path) or load(look.path)
            messages, after = news(look.case if look.refused is None else None, before)
            failed = [one for message in messages for one in self.channels.send(message, _picture(look.case))]
            for one in failed:
                typer.echo(one.says.said(self.language), err=True)
            if failed and len(failed) >= len(messages) * len(self.channels):
                continue  # nobody has heard of it
            self._told[look.path] = after
            if after != before:
                self._remember(look.path, after)

    def _remember(self, path: Path, told: Told) -> None:
        try:
            save(path, told)
        except CannotWrite as error:  # the watch goes on; a new watcher may repeat a message
            typer.echo(error.words.said(self.language), err=True)


def crier(given: Sequence[str], file: Path | None, language: Language) -> Crier | None:
    """Who tells people; None where nobody is to be told.

    Raises NoSuchChannel, AlertsMissing, AlertsUnreadable.
    """
    found = addresses(given, file, os.environ)
    return Crier(Channels(found, language), language) if found else None


def trial(given: Sequence[str], file: Path | None, language: Language) -> int:
    """Send a trial message through every channel; 0 where all took it, 1 else.

    Raises NoSuchChannel, also where there is none at all, AlertsMissing, AlertsUnreadable.
    """
    from defib.cli.watching_phrases import SAYS

    found = addresses(given, file, os.environ)
    if not found:
        raise NoSuchChannel(number=1, schema="?")
    channels = Channels(found, language)
    failed = channels.trial()
    for one in failed:
        typer.echo(one.says.said(language), err=True)
    typer.echo(SAYS["trial"].fill(taken=len(channels) - len(failed), all=len(channels)).said(language))
    return 1 if failed else 0


def _picture(case: Case | None) -> bytes | None:
    """The scores of the run as a PNG, where it has any."""
    if case is None:
        return None
    from defib.reports.illustrated import first_png

    return first_png([case])
