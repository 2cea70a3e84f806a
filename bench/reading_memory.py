"""How much memory reading and judging one log takes, told by a process that does nothing else.

Call: python -m bench.reading_memory FILE. It prints one number: bytes by which the process grew, at its largest, beyond
what it held when everything was imported and nothing was read (both `ru_maxrss`).
"""

from __future__ import annotations

import resource
import sys
from pathlib import Path

from bench.launched import in_bytes
from defib import diagnosis, health, pipeline, reading


def _held() -> int:
    return in_bytes(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)


def main(path: Path) -> None:
    """Read and judge one log."""
    reading.all_formats()
    health.all_rules()
    diagnosis.all_causes()
    before = _held()
    pipeline.diagnose(pipeline.open_run(path))
    print(_held() - before)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
