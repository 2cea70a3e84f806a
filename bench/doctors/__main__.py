"""Published log doctors on the logs that defib is scored on.

Call: python -m bench.doctors install DIR            one environment for each of them, from PyPI, at pinned versions
      python -m bench.doctors run DIR --logs LOGS    ask them; results are added to bench/results/doctors.jsonl

What has been asked is not asked again, so that a run that was stopped goes on where it was. A question is a doctor at its
version and the bytes that it is given: where defib reads a log otherwise than before, its clean table is another one.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import track

from bench.corpus import Case, generated, labelled
from bench.doctors.clean import written
from bench.doctors.result import FORMS, RESULTS, Form, Result, compact, store, stored
from bench.doctors.roster import DOCTORS, Doctor, understood
from defib.errors import DefibError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    Question = tuple[Case, Path | None]

SEEDS = 5
"""Runs of each family that the doctors are asked about: a question takes them longer than defib."""


def install(folder: Path) -> None:
    """Make the environments. Nothing of them is imported here."""
    for doctor in DOCTORS:
        place = folder / doctor.name
        if not (place / "bin" / "python").exists():
            subprocess.run([sys.executable, "-m", "venv", str(place)], check=True)
        pip = [str(place / "bin" / "python"), "-m", "pip", "--disable-pip-version-check", "-q", "install"]
        subprocess.run([*pip, f"{doctor.name}=={doctor.version}"], check=True)


def requests(doctor: Doctor, form: Form, cases: Sequence[Case], folder: Path) -> Iterator[Question]:
    """What to ask: each log as it is, or in its clean form; None where defib itself cannot read it."""
    for case in cases:
        place = folder / doctor.name / case.log
        if form == "native":
            copy = place / case.found
            copy.parent.mkdir(parents=True, exist_ok=True)
            yield case, Path(shutil.copy(case.path, copy))
            continue
        try:
            yield case, written(case.path, doctor.clean, place)
        except DefibError:
            yield case, None


def ask(doctor: Doctor, form: Form, waiting: Sequence[Question], environments: Path, home: Path) -> Iterator[Result]:
    """Ask one doctor about logs; a driver that dies is started again behind the log that killed it."""
    while waiting:
        asked = 0
        for (case, path), answer in zip(waiting, _answers(doctor, waiting, environments, home), strict=False):
            asked += 1
            found = understood(doctor, answer)
            yield Result(
                doctor.name, doctor.version, form, case.log, *found, str(answer.get("error", "")), digest(path)
            )
        if asked < len(waiting):
            case, path = waiting[asked]
            asked += 1
            yield Result(
                doctor.name, doctor.version, form, case.log, read=False, level="", crashed="died", asked=digest(path)
            )
        waiting = waiting[asked:]


def digest(path: Path | None) -> str:
    """What the bytes of a question come to; nothing where there was nothing to ask."""
    return "" if path is None else hashlib.sha256(path.read_bytes()).hexdigest()[:12]


def _answers(
    doctor: Doctor, waiting: Sequence[Question], environments: Path, home: Path
) -> Iterator[dict[str, object]]:
    python = environments / doctor.name / "bin" / "python"
    driver = Path(__file__).parent / "driver.py"
    surroundings = {"HOME": str(home), "PATH": os.environ.get("PATH", ""), "PYTHONUTF8": "1"}
    lines = "".join(
        json.dumps({"id": case.log, "path": str(path)}) + "\n" for case, path in waiting if path is not None
    )
    questions = home / "questions.jsonl"
    questions.write_text(lines, encoding="utf-8")
    with (
        questions.open(encoding="utf-8") as asked,
        subprocess.Popen(
            [str(python), str(driver), doctor.name],
            stdin=asked,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=surroundings,
            text=True,
        ) as process,
    ):
        for _, path in waiting:
            line = "{}" if path is None else process.stdout.readline() if process.stdout else ""
            if not line:
                return
            yield {"out": "", **json.loads(line)}


def run(environments: Path, logs: Path, seeds: int) -> None:
    """Ask every doctor that is installed about every log, in both forms, that it has not been asked about."""
    with tempfile.TemporaryDirectory() as folder:
        cases = [*labelled(logs), *generated(Path(folder), seeds)]
        done = {(*one.question, one.asked) for one in stored(RESULTS)}
        for doctor in DOCTORS:
            if not (environments / doctor.name / "bin" / "python").exists():
                print(f"{doctor.name}: not installed, not asked")
                continue
            for form in FORMS:
                with tempfile.TemporaryDirectory() as home:
                    questions = requests(doctor, form, cases, Path(home))
                    left = [
                        (case, path)
                        for case, path in questions
                        if (doctor.name, doctor.version, form, case.log, digest(path)) not in done
                    ]
                    coming = ask(doctor, form, left, environments, Path(home))
                    what = f"{doctor.name}, {form}"
                    store(RESULTS, track(coming, what, total=len(left), console=Console(stderr=True), transient=True))
    compact(RESULTS)


def main() -> int:
    """Install the doctors, or ask them."""
    parser = argparse.ArgumentParser(prog="python -m bench.doctors", description=__doc__)
    parser.add_argument("what", choices=["install", "run"])
    parser.add_argument("environments", type=Path, help="folder of their environments")
    parser.add_argument("--logs", type=Path, help="folder with index.csv and the logs")
    parser.add_argument("--seeds", type=int, default=SEEDS, help="runs of each family; 0 for none")
    given = parser.parse_args()
    if given.what == "install":
        install(given.environments)
    elif given.logs is None or not (given.logs / "index.csv").is_file():
        parser.error("--logs must name a folder with index.csv")
    else:
        run(given.environments, given.logs, given.seeds)
    return 0


if __name__ == "__main__":
    sys.exit(main())
