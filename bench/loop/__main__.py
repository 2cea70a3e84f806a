"""The closed loop on six faults: `python -m bench.loop --kept build/bench/loop --seeds 610-614`.

Each case is trained until defib sees the collapse, is rescued unattended, and is compared with the same run left alone, with its best
checkpoint and a tenth of the rate, with its best checkpoint unchanged, and with its clean twin, for the same number of epochs,
failed attempts included. Healthy runs are watched in the same way. What is done is kept and not run again.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.loop.faults import EPOCHS, FAULTS, HEALTHY
from bench.loop.report import report
from bench.loop.train import SEEN
from defib import pipeline
from defib.demo.story import tenth
from defib.demo.trainings import Trainings
from defib.supervision import Bedside, Orders

if TYPE_CHECKING:
    from collections.abc import Callable

    from bench.loop.faults import Fault
    from defib.records import Case

ATTEMPTS = 3


def main() -> None:
    """Run what is not there yet, then print the tables."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--kept", type=Path, default=Path("build/bench/loop"))
    asked.add_argument(
        "--seeds",
        default="610-614",
        help="first-last; 100 to 104 chose the severities, 600 to 603 showed what had to be mended",
    )
    asked.add_argument("--only", nargs="*", help="names of faults, or of healthy kinds")
    asked.add_argument("--report", action="store_true", help="run nothing")
    given = asked.parse_args()
    first, last = map(int, given.seeds.split("-"))
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    os.environ["PYTHONPATH"] = os.pathsep.join(
        [str(Path.cwd()), os.environ.get("PYTHONPATH", "")]
    )  # for `bench`, in the trainings too
    found = []
    for seed in range(first, last + 1):
        for name in (*FAULTS, *HEALTHY):
            if given.only and name not in given.only:
                continue
            make = _case if name in FAULTS else _healthy
            one = _kept(given.kept, name, seed, make, run=not given.report)
            found += [] if one is None else [one]
    sys.stdout.write(report(found))


def _kept(
    kept: Path, name: str, seed: int, make: Callable[[Path, str, int], dict[str, Any]], *, run: bool
) -> dict[str, Any] | None:
    file, home = kept / f"{name}-{seed}.json", kept / f"{name}-{seed}"
    if not file.is_file():
        if not run:
            return None
        shutil.rmtree(home, ignore_errors=True)  # of a case that was interrupted
        home.mkdir(parents=True)
        sys.stderr.write(f"{name} {seed}\n")
        file.write_text(json.dumps(make(home, name, seed)) + "\n", encoding="utf-8")
    read: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return read


def _case(home: Path, name: str, seed: int) -> dict[str, Any]:
    """One fault with one seed."""
    fault = FAULTS[name]
    program = (sys.executable, "-m", "bench.loop.train", name)
    with Trainings(home, seed, program=program) as trainings:
        trainings.begin("alone", fault.recipe)
        case = trainings.collapsed("alone")
        seen = trainings.done("alone")
        found: dict[str, Any] = {"fault": name, "seed": seed, "seen": None, "restart": fault.restart}
        if case is not None:
            found |= _rescued(trainings, case, name, seen)
        trainings.finish()
        last = pipeline.diagnose(pipeline.open_run(trainings.folder("alone")))
        found |= {"verdict": last.verdict, "likely": [one.cause for one in last.causes if one.standing == "likely"]}
        arms = {"alone": 0, "unchanged": seen, "tenth": seen} if case is not None else {"alone": 0}
        for arm, first in arms.items():
            done = trainings.arm(arm, first)
            found[arm] = {"final": done.final, "best": done.best, "spent": first + len(done.scores)}
    found["twin"] = _twin(home, fault, seed)
    return found


def _rescued(trainings: Trainings, case: Case, name: str, seen: int) -> dict[str, Any]:
    """What defib makes of it, unattended; the two simple remedies run beside."""
    home = trainings.home
    (home / SEEN).write_text(str(seen), encoding="utf-8")
    case = pipeline.write(pipeline.rescue(case))
    assert case.plan is not None
    start, recipe = f"load_from={Path(case.run.path) / 'best'}", str(trainings.folder("alone") / "recipe.json")
    trainings.program = (*trainings.program, "--home", str(home))
    for arm, words in (("unchanged", ()), ("tenth", tenth(case))):
        trainings.begin(arm, recipe, start, "resume=false", *words)
    template = f"{{python}} -m bench.loop.train {name} {{config}} --home {home}"
    share = (EPOCHS - seen + 0.5) / seen  # the last epoch may still be saved
    orders = Orders(template=template, python=sys.executable, attempts=ATTEMPTS, share=share, pause=1.0)
    bedside = Bedside(case, orders)
    outcome = bedside.run()
    entries = bedside.journal.entries()
    tried = []
    for number, one in enumerate(entry for entry in entries if entry.kind == "start"):
        folder = Path(one.work_dir or "")
        trainings.look_after(f"attempt {number}", folder, one.process)
        tried.append(f"attempt {number}")
    trainings.finish()
    scores = [trainings.arm(one, 0) for one in tried]
    finals = [one.final for one in scores if one.scores]
    return {
        "seen": seen,
        "outcome": outcome,
        "causes": [one.cause for one in case.causes if one.standing == "likely"],
        "edits": [[edit.key, str(edit.old), str(edit.new)] for edit in case.plan.edits],
        "attempts": len(tried),
        "told": [entry.says.en for entry in entries],
        "kept": case.plan.start_from.value,
        "rescued": {
            "final": finals[-1] if finals else None,
            "best": max((one.best for one in scores if one.scores), default=None),
            "spent": seen + sum(len(one.scores) for one in scores),
        },
    }


def _twin(home: Path, fault: Fault, seed: int) -> dict[str, Any]:
    """The same recipe without the fault; the same words make the same twin, which is trained once."""
    words = fault.twin
    name = f"twin-{fault.recipe}-{'_'.join(words).replace('=', '-')}"

    def train(folder: Path, _: str, seed: int) -> dict[str, Any]:
        with Trainings(folder, seed) as trainings:
            trainings.begin("twin", fault.recipe, *words)
            trainings.finish()
            done = trainings.arm("twin", 0)
        return {"final": done.final, "best": done.best, "spent": len(done.scores)}

    found = _kept(home.parent, name, seed, train, run=True)
    assert found is not None
    return found


def _healthy(home: Path, name: str, seed: int) -> dict[str, Any]:
    """A run in which nothing is wrong, watched to its end."""
    recipe, words, _ = HEALTHY[name]
    with Trainings(home, seed, program=(sys.executable, "-m", "bench.loop.train", name)) as trainings:
        trainings.begin("alone", recipe, *words)
        case = trainings.collapsed("alone")
        seen = trainings.done("alone") if case is not None else None
        trainings.finish()
        done = trainings.arm("alone", 0)
        last = pipeline.diagnose(pipeline.open_run(trainings.folder("alone")))
    return {
        "healthy": name,
        "seed": seed,
        "seen": seen,
        "verdict": last.verdict,
        "says": last.says.en,
        "alone": {"final": done.final, "best": done.best, "spent": len(done.scores)},
    }


if __name__ == "__main__":
    main()
