"""The config that a framework leaves beside its logs, by the name that it gives it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

NAMES: dict[str, tuple[str, ...]] = {
    "ultralytics": ("args.yaml",),
    "timm": ("args.yaml",),
    "lightning": ("config.yaml", "hparams.yaml"),
    "detectron2": ("config.yaml",),
    "defib": ("recipe.json",),
}
"""Names of what each program writes, the one that it can be started with first."""
HYDRA = ".hydra/config.yaml"
"""Written by Hydra whatever the program is; in a hidden folder, so that no listing shows it."""


def left_beside(folder: Path, framework: str, logs: Iterable[str]) -> Path | None:
    """The config that a framework wrote into the folder of one of its logs, or None.

    logs: paths relative to `folder`. Lightning's CLI and Hydra write theirs into the folder of the run, which is the
    log's own or the one above it.
    """
    homes = list(dict.fromkeys([*((folder / log).parent for log in logs), folder]))
    for name in NAMES.get(framework, ()):
        for home in homes:
            if _file(home / name):
                return home / name
    return next((home / HYDRA for home in homes if _file(home / HYDRA)), None)


def _file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:
        return False
