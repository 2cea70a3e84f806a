"""Poses of 57,000 made-up clips at NTU60's sizes: how long opening takes, and what four workers hold: python -m bench.action.opening.

Beside it the way of mmaction2: the whole pickle in every process. Proportional set sizes, so that shared pages count once.
"""

from __future__ import annotations

import multiprocessing
import pickle
import statistics
import tempfile
import time
from pathlib import Path

import numpy as np
import typer

from defib.action.data import index
from defib.action.data.pickles import Annotation, Annotations

CLIPS, WORKERS, OPENINGS = 57_000, 4, 5
MEAN_FRAMES, PAIRS = 84, 0.2
"""Of NTU60: frames of a clip, share of clips with two people."""
LOOKED_AT = 2000
"""Clips that each worker reads."""


def main() -> None:
    """Print the seconds and the MiB of each way."""
    chance = np.random.default_rng(0)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        made = [_clip(at, chance) for at in range(CLIPS)]
        index.write(folder / "index", Annotations(made, {"xsub_train": [one.name for one in made]}))
        whole = {"split": {}, "annotations": [one._asdict() for one in made]}
        (folder / "whole.pkl").write_bytes(pickle.dumps(whole, 4))
        del made, whole
        for name, opened in (("index", _index), ("pickle", _pickle)):
            times = [_alone(opened, folder) for _ in range(OPENINGS)]
            one, four = _memory(opened, folder, 1), _memory(opened, folder, WORKERS)
            print(
                f"{name}: opens in {statistics.median(times):.2f} s; one worker {one:.0f} MiB, "
                f"{WORKERS} together {four:.0f} MiB ({four / one:.2f} times)"
            )


def _clip(at: int, chance: np.random.Generator) -> Annotation:
    frames, people = int(np.clip(chance.normal(MEAN_FRAMES, 30), 20, 300)), 1 + int(chance.random() < PAIRS)
    points = chance.random((people, frames, 17, 2), np.float32).astype(np.float16)
    scores = np.ones((people, frames, 17), np.float16)
    return Annotation(f"clip{at:06d}", at % 60, frames, (1080, 1920), points, scores)


def _index(folder):  # noqa: ANN001, ANN202
    found = index.read(folder / "index")
    return lambda at: found.poses(at).points.sum()


def _pickle(folder):  # noqa: ANN001, ANN202
    found = pickle.loads((folder / "whole.pkl").read_bytes())["annotations"]  # noqa: S301 (made above)
    return lambda at: found[at]["points"].sum()


def _alone(opened, folder) -> float:  # noqa: ANN001
    begin = time.perf_counter()
    opened(folder)
    return time.perf_counter() - begin


def _memory(opened, folder, workers) -> float:  # noqa: ANN001
    """MiB that processes hold together beyond what they held before opening."""
    context = multiprocessing.get_context("spawn")
    ready, go, gone = context.Barrier(workers + 1), context.Barrier(workers + 1), context.Queue()
    processes = [
        context.Process(target=_worker, args=(opened, folder, ready, go, gone, seed)) for seed in range(workers)
    ]
    for one in processes:
        one.start()
    ready.wait()
    held = sum(gone.get() for _ in processes)
    go.wait()
    for one in processes:
        one.join()
    return held


def _worker(opened, folder, ready, go, gone, seed) -> None:  # noqa: ANN001, PLR0913, PLR0917
    before = _held()
    read = opened(folder)
    for at in np.random.default_rng(seed).integers(0, CLIPS, LOOKED_AT):
        read(int(at))
    ready.wait()  # all have read
    held = _held() - before
    gone.put(held)
    go.wait()  # nobody leaves before all have measured


def _held() -> float:
    for line in Path("/proc/self/smaps_rollup").read_text(encoding="ascii").splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1024
    return 0.0


if __name__ == "__main__":
    typer.run(main)
