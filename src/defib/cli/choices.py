"""The words that an option takes, for the help, for the shell and for the refusal of any other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from defib.errors import NoSuchChoice

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

LANGUAGES = ("zh", "en")
FORMATS = ("text", "md", "html", "json")
PROFILES = ("minimal", "conservative")
PAGES = ("text", "md")
"""The forms of a manual page."""


def choice(option: str, value: str | None, allowed: Iterable[str]) -> Any:  # noqa: ANN401 (one of `allowed`)
    """One of the allowed words, or None where none was given.

    Raises NoSuchChoice.
    """
    if value is None or value in allowed:
        return value
    raise NoSuchChoice(option=option, allowed=", ".join(allowed), value=value)


def among(words: Iterable[str]) -> dict[str, Any]:
    """How an option shows its words in the help, and what the shell completes them to."""
    words = tuple(words)
    return {"metavar": "|".join(words), "autocompletion": _matching(words)}


def _matching(words: tuple[str, ...]) -> Callable[[str], list[str]]:
    def matching(incomplete: str) -> list[str]:  # typer asks for this name and this annotation
        return [word for word in words if word.startswith(incomplete)]

    return matching
