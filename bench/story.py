"""The story of the demo over seeds: `python -m bench.story --kept build/bench/story --seeds 300-304`.

`synth_micro_aggressive` is trained until it collapses by itself, defib sees it, plans, restarts and stays; beside it the run
left alone, the best checkpoint with a tenth of the rate, and the clean twin, for the same number of epochs. What does not
collapse is counted, and so is what ends level. Each seed is kept by its number and not run again.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
from pathlib import Path

from bench.markdown import row
from defib.demo.story import EPOCHS, NAMES, live

TIE = 6.3
"""Points: the standard error of a difference of two scores of 60 % on 120 held-out clips each. By definition."""


def main() -> None:
    """Run the seeds that are not there yet, then print the table."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--kept", type=Path, default=Path("build/bench/story"))
    asked.add_argument(
        "--seeds",
        default="300-304",
        help="first-last; 100 to 104 chose the ramp, 200 and below were looked at while building",
    )
    given = asked.parse_args()
    first, last = map(int, given.seeds.split("-"))
    sys.stdout.write(report([_told(seed, given.kept) for seed in range(first, last + 1)]))


def _told(seed: int, kept: Path) -> dict[str, object]:
    file = kept / f"{seed}.json"
    if not file.is_file():
        home = kept / str(seed)
        home.mkdir(parents=True, exist_ok=True)
        story = live(home, seed, lambda words: sys.stderr.write(f"{seed}: {words.en}\n"))
        found = {
            "seed": seed,
            "seen": story.seen,
            "outcome": story.outcome,
            "arms": {
                arm.name: {"final": arm.final, "best": arm.best, "spent": arm.first + len(arm.scores)}
                for arm in story.arms
            },
        }
        file.write_text(json.dumps(found) + "\n", encoding="utf-8")
    read: dict[str, object] = json.loads(file.read_text(encoding="utf-8"))
    return read


def report(found: list[dict[str, object]]) -> str:
    """What each arm ended at, seed by seed and over all that collapsed."""
    collapsed = [one for one in found if one["seen"] is not None]
    names = ("alone", "tenth", "rescued", "twin")
    rows = [
        [str(one["seed"]), "-" if one["seen"] is None else str(one["seen"]), str(one["outcome"] or "-")]
        + [_final(one, name) for name in names]
        for one in found
    ]
    finals = {name: [float(one["arms"][name]["final"]) for one in collapsed] for name in names}  # type: ignore[index]
    if collapsed:
        rows.append(["mean ± deviation", "", "", *(_spread(finals[name]) for name in names)])
    heads = ["seed", "seen after epoch", "outcome", *(NAMES[name].en for name in names)]
    ahead = sum(one - other > TIE for one, other in zip(finals["rescued"], finals["tenth"], strict=True))
    level = sum(abs(one - other) <= TIE for one, other in zip(finals["rescued"], finals["tenth"], strict=True))
    text = f"Final held-out accuracy in per cent after {EPOCHS} epochs in all, never the best of a run.\n\n"
    text += "\n".join(row(cells) for cells in (heads, ["---"] * len(heads), *rows))
    text += f"\n\n{len(collapsed)} of {len(found)} collapsed; of these the rescue ended ahead of lr / 10 in {ahead}, level (within {TIE} points) in {level}.\n"
    return text


def _final(one: dict[str, object], name: str) -> str:
    arms = one["arms"]
    assert isinstance(arms, dict)
    return f"{arms[name]['final']:.1f}" if name in arms else "-"


def _spread(values: list[float]) -> str:
    return f"{statistics.mean(values):.1f} ± {statistics.stdev(values):.1f}" if len(values) > 1 else f"{values[0]:.1f}"


if __name__ == "__main__":
    main()
