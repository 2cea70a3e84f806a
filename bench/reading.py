"""How fast a long log is read and judged, and how much memory that takes.

Call: python -m bench.reading [--records N] [--runs N] [--doctors DIR] [--keep DIR].

The log is made up (bench/reading_log.py). In one process, alternating: an untyped msgspec decode of each of its lines,
the lines already in memory and cut; and `pipeline.open_run` with `pipeline.diagnose`, from the path to the verdict. The
memory is that of a process which does nothing else (bench/reading_memory.py). Then whole processes, start and imports
included, each on the same bytes: `defib diagnose`, and the published log doctors of DIR, which are skipped where they
are not installed (python -m bench.doctors install DIR).
"""

from __future__ import annotations

import argparse
import gc
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from bench import reading_log
from bench.launched import Launched, launched
from bench.reading_rivals import RIVALS, asked, installed, version
from defib import pipeline

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

MOST_TIME = 3.0
"""Times the decode that path to verdict may take: the goal, not a measurement."""
MOST_MEMORY = 3.0
"""Times the file that the process may grow by: the goal, not a measurement."""
SEED = 1
LONG = 60.0  # seconds; a process that takes longer is not asked again


class Pair(NamedTuple):
    """One round: seconds for the decode, and for path to verdict."""

    decode: float
    verdict: float


def ratio(rounds: Sequence[Pair]) -> float:
    """The median of the rounds' own ratios: both of a round were measured in the same minute.

    >>> ratio([Pair(1.0, 2.0), Pair(2.0, 10.0), Pair(1.0, 3.0)])
    3.0
    """
    return median(one.verdict / one.decode for one in rounds)


def judged(value: float, most: float) -> str:
    """A ratio, and whether it keeps within the goal.

    >>> judged(2.5, 3.0), judged(3.25, 3.0)
    ('2.50 (goal 3: kept)', '3.25 (goal 3: MISSED)')
    """
    return f"{value:.2f} (goal {most:g}: {'kept' if value <= most else 'MISSED'})"


def rounds_of(log: Path, runs: int) -> list[Pair]:
    """Decode and judge, by turns."""
    found = []
    for _ in range(runs):
        lines = log.read_bytes().splitlines()
        decode = _seconds(lambda lines=lines: _decoded(lines))
        del lines  # what the one holds must not slow the other
        found.append(Pair(decode, _seconds(lambda: pipeline.diagnose(pipeline.open_run(log)))))
    return found


def _decoded(lines: Sequence[bytes]) -> None:
    decode = msgspec.json.Decoder().decode
    for line in lines:
        decode(line)


def _seconds(work: Callable[[], object]) -> float:
    gc.collect()
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def repeated(ask: Callable[[], Launched], runs: int) -> Launched:
    """The call of median length, of several, or the first when it takes long or does not end."""
    first = ask()
    if first.status is None or first.seconds > LONG:
        return first
    calls = sorted([first, *(ask() for _ in range(runs - 1))], key=lambda one: one.seconds)
    return calls[len(calls) // 2]


def told(name: str, call: Launched, *, reads: str, size: int, own: float) -> str:
    """One line of the comparison. reads: what the output holds only where values were read."""
    if call.status is None:
        return f"  {name:20} no answer within {call.seconds:.0f} s"
    if reads not in call.out:
        last = (call.out.strip().splitlines() or ["nothing"])[-1]
        return f"  {name:20} did not read it (exit {call.status}): {last[:80]}"
    return (
        f"  {name:20} {call.seconds / own:5.2f} x defib's time   {call.peak / size:5.2f} x the file at its peak   "
        f"({call.seconds:.1f} s, {call.peak / 2**20:.0f} MiB)"
    )


def compared(log: Path, environments: Path | None, runs: int) -> Iterator[str]:
    """What defib and every doctor that is installed take, each as a whole process on the same bytes."""
    size = log.stat().st_size
    source = Path(pipeline.__file__).parent.parent
    own = repeated(
        lambda: launched([sys.executable, "-m", "defib", "diagnose", str(log), "--lang", "en"], folder=source), runs
    )
    yield told("defib diagnose", own, reads="Symptoms", size=size, own=own.seconds)
    for rival, place in installed(environments):
        if place is None:
            yield f"  {rival.name:20} skipped: not installed"
            continue
        with tempfile.TemporaryDirectory() as home:
            call = repeated(lambda rival=rival, place=place, home=home: asked(rival, place, log, Path(home)), runs)
        name = f"{rival.name} {version(place, rival.name)}"
        yield told(name, call, reads=rival.reads, size=size, own=own.seconds)


def report(log: Path, records: int, runs: int, environments: Path | None) -> Iterator[str]:
    """Everything that is measured, line by line as it is known."""
    size = log.stat().st_size
    yield f"{records} records of a made-up mmengine log (seed {SEED}), {size / 2**20:.0f} MiB; medians of {runs} runs"
    rounds = rounds_of(log, runs)
    decode, verdict = (median(getattr(one, name) for one in rounds) for name in Pair._fields)
    yield f"untyped decode of each line: {decode:.2f} s; path to verdict: {verdict:.2f} s"
    yield f"path to verdict, times the decode: {judged(ratio(rounds), MOST_TIME)}"
    repository = Path(__file__).parent.parent
    grown = [
        int(launched([sys.executable, "-m", "bench.reading_memory", str(log)], folder=repository).out.split()[-1])
        for _ in range(runs)
    ]
    yield f"memory beyond the imports at its peak, times the file: {judged(median(grown) / size, MOST_MEMORY)}"
    yield f"whole processes on the same bytes (defib and {len(RIVALS)} published log doctors):"
    yield from compared(log, environments, runs)


def main() -> int:
    """Make the log, measure, and print what was measured."""
    parser = argparse.ArgumentParser(prog="python -m bench.reading", description=__doc__)
    parser.add_argument("--records", type=int, default=1_000_000, help="records of the log (1,000,000)")
    parser.add_argument("--runs", type=int, default=3, help="runs of everything, of which the median counts (3)")
    parser.add_argument("--doctors", type=Path, help="folder with the environments of published log doctors")
    parser.add_argument("--keep", type=Path, help="make the log here, and use it again the next time")
    given = parser.parse_args()
    if given.records < reading_log.EPOCH or given.runs < 1:
        parser.error(f"at least {reading_log.EPOCH} records (one epoch) and one run")
    with tempfile.TemporaryDirectory() as scratch:
        folder = (given.keep or Path(scratch)) / f"made-up-{given.records}-{SEED}" / "20260101_000000" / "vis_data"
        log = folder / "scalars.json"
        if not log.exists():
            folder.mkdir(parents=True, exist_ok=True)
            unfinished = log.with_suffix(".part")
            reading_log.scalars(unfinished, given.records, SEED)
            unfinished.rename(log)
        for line in report(log, given.records, given.runs, given.doctors):
            print(line, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
