"""The text of a config, as it will be edited."""

from __future__ import annotations

from typing import TYPE_CHECKING

from defib.configs.bounds import decoded, read

if TYPE_CHECKING:
    from pathlib import Path


def text_of(path: Path) -> str:
    """The decoded text of a config file, line ends untouched.

    Raises ConfigTooLarge or ConfigSyntax for what no config is, OSError when the file cannot be read.
    """
    return decoded(path, read(path))
