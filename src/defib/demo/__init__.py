"""The run that `defib demo` rescues: a real one, with its source named in runs/SOURCE.md."""

from __future__ import annotations

import shutil
from pathlib import Path

RUN = "mmaction2-lr-jump"


def fetch(folder: Path) -> Path:
    """Copy the real run into a folder, so that new files appear beside a copy and never inside the package.

    Returns the copy's path. What is there already is left as it is.

    Raises OSError when the folder cannot be written.
    """
    target = folder / RUN
    source = Path(__file__).parent / "runs" / RUN
    for file in sorted(source.rglob("*")):
        copy = target / file.relative_to(source)
        if file.is_file() and not copy.exists():
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, copy)
    return target
