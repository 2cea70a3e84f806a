"""What defib can make again, kept in the user's cache folder so that it is made once."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


def folder() -> Path:
    """`$XDG_CACHE_HOME/defib`, or `~/.cache/defib`."""
    root = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(root) / "defib"


def kept(name: str, make: Callable[[], str]) -> str:
    """The text of a name, made where it is not kept yet.

    It stands behind its own SHA-256: a file that was cut short or changed is made again. Where nothing can be kept,
    the text is made each time.
    """
    path = folder() / name
    try:
        told, _, text = path.read_bytes().partition(b"\n")
    except OSError:
        told, text = b"", b""
    if told and told == _sum(text):
        return text.decode()
    made = make().encode()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=path.name, delete=False) as new:
            new.write(_sum(made) + b"\n" + made)
        Path(new.name).replace(path)
    except OSError:  # a home that cannot be written to, a full disk: nothing but time is lost
        pass
    return made.decode()


def _sum(text: bytes) -> bytes:
    return hashlib.sha256(text).hexdigest().encode()
