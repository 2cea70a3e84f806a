"""How long another process takes from start to end, and how much memory it holds at most."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

SECONDS = 600
"""After so long there is no answer; assumed."""

# The peak of a child is never below the size of the process that started it, on Linux. So a small one starts it.
_STARTER = """
import json, resource, subprocess, sys, time
begin = time.perf_counter()
try:
    done = subprocess.run(sys.argv[2:], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          timeout=float(sys.argv[1]))
    status, out = done.returncode, done.stdout
except subprocess.TimeoutExpired as late:
    status, out = None, late.stdout or b""
seconds = time.perf_counter() - begin
peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
print(json.dumps([status, seconds, peak, out.decode("utf-8", "replace")]))
"""


class Launched(NamedTuple):
    """What became of a process. `status` is None when it was stopped for taking too long."""

    status: int | None
    seconds: float
    peak: int
    """Bytes, all that it held at the moment it held most (`ru_maxrss`)."""
    out: str


def launched(
    command: Sequence[str], *, environment: Mapping[str, str] | None = None, folder: Path | None = None
) -> Launched:
    """Run a command to its end. Both of its outputs come back together."""
    starter = [sys.executable, "-I", "-S", "-c", _STARTER, str(SECONDS), *command]
    done = subprocess.run(starter, check=True, capture_output=True, env=environment, cwd=folder)
    status, seconds, peak, out = json.loads(done.stdout)
    return Launched(status, seconds, in_bytes(peak), out)


def in_bytes(peak: int) -> int:
    """What the system gives as `ru_maxrss`, in bytes: macOS counts bytes, all others KiB."""
    return peak if sys.platform == "darwin" else peak * 1024
