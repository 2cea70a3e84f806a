"""What a guard adds to a step: python -m bench.hooks.overhead --rivals build/bench/rivals/bin/python.

The environment of the rivals holds torch and the packages of `steps.RIVALS`; without one only our own ways are measured.
`make hooks` sets it up.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from statistics import median

import numpy as np
import typer

from bench.hooks.steps import BLOCK, RIVALS

ROOT = Path(__file__).parents[2]
OURS = ("plain", "again", "observe", "act")
DRAWS = 2000


def main(blocks: int = 60, rivals: Path | None = None) -> None:
    """Print the median step of each way, and how much longer it is than the plain one, with a bootstrap interval over blocks."""
    names = [*OURS, *(RIVALS if rivals is not None else ())]
    found = times(rivals or Path(sys.executable), blocks, names)
    plain = found["plain"]
    print("| way | median step, ms | longer than plain, % [95 %] |")
    print("| --- | --- | --- |")
    for name in names:
        low, high = interval(plain, found[name])
        more = 100 * (median(found[name]) / median(plain) - 1)
        print(f"| {name} | {1000 * median(found[name]):.2f} | {more:+.1f} [{low:+.1f}, {high:+.1f}] |")
    print(f"\n{len(plain)} steps each, in turns of {BLOCK}, one thread; `again` is the plain way once more.")


def times(python: Path, blocks: int, names: list[str]) -> dict[str, list[float]]:
    """Seconds of every step of each way, measured in another environment."""
    surroundings = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "OMP_NUM_THREADS": "1", "PYTHONWARNINGS": "ignore"}
    line = [str(python), str(ROOT / "bench/hooks/steps.py"), str(blocks), *names]
    done = subprocess.run(
        line, env=surroundings, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=True
    )
    told: dict[str, list[float]] = json.loads(done.stdout.splitlines()[-1])
    return told


def interval(plain: list[float], other: list[float]) -> tuple[float, float]:
    """Between which the difference of the medians lies, in per cent; whole blocks are drawn, since neighbours are alike."""
    one, two = (np.reshape(values, (-1, BLOCK)) for values in (plain, other))
    drawn = np.random.default_rng(0)
    found = []
    for _ in range(DRAWS):
        chosen = drawn.integers(len(one), size=len(one))
        found.append(100 * (np.median(two[chosen]) / np.median(one[chosen]) - 1))
    low, high = np.percentile(found, [2.5, 97.5])
    return float(low), float(high)


if __name__ == "__main__":
    typer.run(main)
