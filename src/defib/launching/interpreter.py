"""The interpreter of the run: asked to import the run's framework before anything is started with it."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

from defib.launching.refusals import NoFramework
from defib.words import Words, same

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

MODULES = {
    "mmengine": "mmengine",
    "mmcv": "mmcv",
    "lightning": "lightning",
    "huggingface": "transformers",
    "ultralytics": "ultralytics",
    "detectron2": "detectron2",
    "pyslowfast": "slowfast",
    "timm": "timm",
    "keras": "keras",
}
"""Framework -> what it is imported as; nothing is asked of others."""
PATIENCE = 180.0
"""Seconds: some frameworks take their time on a network file system."""
NOT_FOUND = Words(en="there is no such program on the path", zh="路径中没有这个程序")
TOO_LONG = Words(en="it did not answer within {seconds} seconds", zh="{seconds} 秒内没有响应")


def checked(python: str, framework: str, cwd: Path, environment: Mapping[str, str]) -> str:
    """The interpreter's full path, when it can import the framework.

    Raises NoFramework.
    """
    found = shutil.which(python, path=environment.get("PATH"))
    if found is None:
        raise NoFramework(python=python, framework=framework, reason=NOT_FOUND)
    module = MODULES.get(framework)
    if module is None:
        return found
    try:
        done = subprocess.run(  # noqa: S603 (the run's own interpreter)
            [found, "-c", f"import {module}"],
            cwd=cwd,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=PATIENCE,
            check=False,
        )
    except subprocess.TimeoutExpired:
        reason = TOO_LONG.fill(seconds=f"{PATIENCE:.0f}")
        raise NoFramework(python=found, framework=module, reason=reason) from None
    except OSError as error:
        raise NoFramework(python=found, framework=module, reason=same(error.strerror or str(error))) from None
    if done.returncode:
        last = done.stderr.decode(errors="replace").strip().splitlines()[-1:] or [f"exit code {done.returncode}"]
        raise NoFramework(python=found, framework=module, reason=same(last[0]))
    return found
