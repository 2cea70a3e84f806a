"""A process of this machine, in a session of its own: it outlives the terminal and the supervisor."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING, NamedTuple

import psutil

from defib.launching.processes import identity
from defib.launching.refusals import NotStarted
from defib.words import same

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from defib.records import Process


class Child(subprocess.Popen[bytes]):
    """A process that may outlive us: nobody has to be warned of it."""

    def __del__(self) -> None:
        """Forget it; the system takes care of what is left."""


class Started(NamedTuple):
    """A process that was started here."""

    process: Process | None
    """None when it was gone before it could be looked at."""
    handle: Child
    """Of use to the supervisor that started it alone: it reaps the child and knows its exit code."""


def start(command: tuple[str, ...], cwd: Path, environment: Mapping[str, str], output: Path) -> Started:
    """Start a command; what it prints goes to the end of `output`.

    environment: all of it, not what is added.

    Raises NotStarted.
    """
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        with output.open("ab") as file:
            handle = Child(
                command,
                cwd=cwd,
                env=dict(environment),
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
    except (OSError, ValueError) as error:  # ValueError: a zero byte in a word
        reason = same(getattr(error, "strerror", None) or str(error))
        raise NotStarted(command=command[0], cwd=cwd, reason=reason) from None
    try:
        return Started(identity(handle.pid), handle)
    except psutil.NoSuchProcess:
        return Started(None, handle)
