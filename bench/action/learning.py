"""What the made-up recipes reach, over seeds: `python -m bench.action.learning --kept build/bench/learning`.

Each training is kept by its name and not run again. PCAN's heads stand beside plain ones on the same clips, and the
printed form of its calibration (similarities times the temperature) beside the dividing one.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

BRANCHES = ("rgb", "pose", "fused")
PCAN = (
    "model.coarse=true", "model.prototypes={fine_channels: 32, coarse_channels: 16}",
    "loss.components=[rgb, pose, rgb_coarse, pose_coarse]", "loss.weights=[1, 1, 0.5, 0.5]",
    "loss.tree=1", "loss.calibration=0.2", "loss.diversity=0.2",
)  # fmt: skip


class Case(NamedTuple):
    """A recipe, and what is changed in it."""

    name: str
    recipe: str
    changes: tuple[str, ...]
    seeds: int


CASES = (
    Case("synth_micro", "synth_micro", (), 10),
    Case("synth_micro, PCAN's heads", "synth_micro", PCAN, 5),
    Case("synth_micro, PCAN's heads, multiplying form", "synth_micro", (*PCAN, "loss.temperature_form=multiply"), 5),
    Case("synth_tiny", "synth_tiny", (), 10),
)


def main() -> None:
    """Train what is not there yet, then print the table."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--kept", type=Path, default=Path("build/bench/learning"))
    asked.add_argument("--only", default="", help="cases whose name begins so")
    asked.add_argument("--seeds", help="first-last, e.g. 10-19: seeds that no score was chosen on")
    given = asked.parse_args()
    given.kept.mkdir(parents=True, exist_ok=True)
    rows = []
    for case in CASES:
        if not case.name.startswith(given.only):
            continue
        first, last = map(int, given.seeds.split("-")) if given.seeds else (0, case.seeds - 1)
        found = [_trained(case, seed, given.kept) for seed in range(first, last + 1)]
        rows.append((case, found))
    sys.stdout.write(table(rows))


def table(rows: list[tuple[Case, list[dict[str, float]]]]) -> str:
    """Mean and standard deviation over seeds, the worst and the best seed, of the last epoch in per cent."""
    lines = [
        "| case | seeds | RGB | pose | fused | worst | best | fused above both |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for case, found in rows:
        cells = []
        for branch in BRANCHES:
            values = [one[branch] for one in found]
            spread = statistics.stdev(values) if len(values) > 1 else 0.0
            cells.append(f"{statistics.mean(values):.1f} ± {spread:.1f}")
        fused = [one["fused"] for one in found]
        above = sum(one["fused"] > max(one["rgb"], one["pose"]) for one in found)
        lines.append(
            f"| {case.name} | {len(found)} | {' | '.join(cells)} | {min(fused):.1f} | {max(fused):.1f} | {above} of {len(found)} |"
        )
    return "\n".join(lines) + "\n"


def _trained(case: Case, seed: int, kept: Path) -> dict[str, float]:
    """The last scores of one training, which is run where it has not been."""
    folder = kept / f"{case.name.replace(' ', '_').replace(',', '').replace(chr(39), '')}-{seed}"
    if not (folder / "done").is_file():
        data = []
        if case.recipe == "synth_tiny":
            made = kept / "synth_tiny"
            _run("data", "synth", str(made), "--size", "160x90")
            data = [f"data.videos={made}/videos", f"data.annotations={made}/annotations.pkl"]
        resume = "true" if (folder / "last").is_dir() else "false"
        _run("train", case.recipe, *case.changes, *data, f"seed={seed}", f"work_dir={folder}", f"resume={resume}")
        (folder / "done").touch()
    last: dict[str, float] = {}
    for line in (folder / "metrics.jsonl").read_text(encoding="utf-8").splitlines():
        read = json.loads(line)
        if read["kind"] == "val":
            last = {branch: read["values"][f"val/top1/{branch}"] for branch in BRANCHES}
    return last


def _run(*words: str) -> None:
    subprocess.run([sys.executable, "-m", "defib", *words], check=True, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    main()
