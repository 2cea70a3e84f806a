"""The channels that people are told through: apprise knows some hundred and thirty of them."""

from __future__ import annotations

import importlib
import logging
import tempfile
import time
import warnings
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from defib.alerting.refusals import AlertsMissing, AlertsUnreadable, NoSuchChannel
from defib.words import Words, same

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from defib.alerting.news import Message
    from defib.words import Language

VARIABLE = "DEFIB_ALERTS"
TRIES = 3
PAUSES = (1.0, 4.0)
"""Seconds between two tries; assumed."""
COLOURS = {"opened": "failure", "changed": "failure", "cleared": "success", "stalled": "warning", "went on": "success"}
TRIAL = Words(en="defib: this is a trial", zh="defib：这是一条测试消息")
TRIAL_BODY = Words(
    en="Alerts of `defib watch` will come here: one when a run needs somebody, one when that is over.",
    zh="`defib watch` 的告警会发到这里：训练需要处理时一条，恢复正常时一条。",
)
FAILED = Words(
    en="{channel} did not take the message ({tries} tries); it is tried again at the next look",
    zh="{channel} 没有收下消息（已试 {tries} 次）；下次查看时再试",
)


class Failure(NamedTuple):
    """A channel that did not take a message."""

    channel: str
    """Its program and host, never its whole address."""
    says: Words


class Channels:
    """Where messages go."""

    def __init__(
        self, addresses: Sequence[str], language: Language, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        """addresses: apprise's.

        Raises NoSuchChannel, AlertsMissing.
        """
        apprise = _apprise()
        logging.getLogger("apprise").setLevel(logging.CRITICAL + 1)  # it writes addresses, secrets included
        self.language, self.sleep = language, sleep
        self._servers: list[Any] = []
        for number, address in enumerate(addresses, 1):
            with _quiet():
                server = apprise.Apprise.instantiate(address, suppress_exceptions=True)
            if not server:
                schema = address.partition("://")[0] if "://" in address else "?"
                raise NoSuchChannel(number=number, schema=schema if schema.isalnum() else "?")
            self._servers.append(server)

    def __len__(self) -> int:
        """How many there are."""
        return len(self._servers)

    def send(self, message: Message, picture: bytes | None = None) -> tuple[Failure, ...]:
        """Tell it through every channel; those that did not take it come back. One that fails keeps no other from being told.

        picture: a PNG, sent along where the channel takes files.
        """
        title, body = message.title.said(self.language), message.body.said(self.language)
        with tempfile.TemporaryDirectory() as folder:
            file = None
            if picture is not None:
                file = Path(folder) / "run.png"
                file.write_bytes(picture)
            failed = [one for one in self._servers if not self._sent(one, title, body, COLOURS[message.kind], file)]
        return tuple(Failure(named(one), FAILED.fill(channel=named(one), tries=TRIES)) for one in failed)

    def trial(self) -> tuple[Failure, ...]:
        """Send a message that says that it is a trial."""
        title, body = TRIAL.said(self.language), TRIAL_BODY.said(self.language)
        failed = [one for one in self._servers if not self._sent(one, title, body, "info", None)]
        return tuple(Failure(named(one), FAILED.fill(channel=named(one), tries=TRIES)) for one in failed)

    def _sent(self, server: Any, title: str, body: str, colour: str, file: Path | None) -> bool:  # noqa: ANN401 (apprise's)
        apprise = _apprise()
        with _quiet():
            attached = apprise.AppriseAttachment(str(file)) if file is not None and server.attachment_support else None
        for pause in (*PAUSES[: TRIES - 1], None):
            try:
                with _quiet():
                    taken = server.notify(
                        title=title, body=body, notify_type=colour, body_format="text", attach=attached
                    )
                if taken:
                    return True
            except Exception:  # noqa: BLE001, S110 (some hundred and thirty plugins; what they raise may hold the address)
                pass
            if pause is not None:
                self.sleep(pause)
        return False


@contextmanager
def _quiet() -> Iterator[None]:
    """It loads its plugins when they are first used, and some of them use what is deprecated."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        yield


def _apprise() -> Any:  # noqa: ANN401 (it ships no types)
    """The library, which is an extra; that it uses something deprecated is no news for the user.

    Raises AlertsMissing.
    """
    try:
        with _quiet():
            return importlib.import_module("apprise")
    except ModuleNotFoundError as error:
        raise AlertsMissing(module=error.name or "apprise") from None


def named(server: Any) -> str:  # noqa: ANN401 (apprise's)
    """A channel as it may be written down: its program, and its host where that is no secret."""
    program = str(server.service_name)
    host = getattr(server, "smtp_host", None) or (
        server.host if server.service_name in ("JSON", "XML", "Form") else None
    )
    return f"{program} ({host})" if host else program


def addresses(given: Sequence[str], file: Path | None, environment: Mapping[str, str]) -> tuple[str, ...]:
    """All addresses, each once: of the options, of a file, of the environment variable DEFIB_ALERTS.

    >>> addresses(["json://a"], None, {"DEFIB_ALERTS": "json://b json://a"})
    ('json://a', 'json://b')

    Raises AlertsUnreadable.
    """
    found = list(given)
    if file is not None:
        try:
            lines = file.read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise AlertsUnreadable(path=file, reason=same(getattr(error, "strerror", None) or str(error))) from None
        found += [line.strip() for line in lines if line.strip() and not line.strip().startswith("#")]
    found += environment.get(VARIABLE, "").split()
    return tuple(dict.fromkeys(found))
