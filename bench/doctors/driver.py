"""Runs one published doctor on many logs. It is started by the doctor's own Python and uses the standard library alone.

Call: PYTHON driver.py DOCTOR < requests > answers. A request is a JSON line {"id", "path"}; an answer is the JSON line
{"id", "rc", "out", "error"}: its exit status, what the doctor printed, and the kind of an error that it did not catch.
A command-line tool is called through its own entry point with the arguments that its documentation names; a library is
called as its documentation shows.
"""

from __future__ import annotations

import contextlib
import importlib.metadata
import io
import json
import signal
import sys
from pathlib import Path

SECONDS = 60
"""For one log; assumed. A doctor that needs longer has not answered."""

ARGUMENTS = {
    "losslint": ["check", "--format", "json"],
    "runmedic": ["diagnose", "--json"],
    "trainproof": ["doctor", "--json"],
}


def gradsnitch(path: str) -> None:
    """As its documentation shows for a finished run; the columns that it understood are added."""
    import gradsnitch as doctor  # noqa: PLC0415 (only there in its own environment)
    import pandas  # noqa: ICN001, PLC0415

    found = [{"id": one.code, "severity": one.severity} for one in doctor.lint_csv(path)]
    table = doctor.normalize(pandas.read_csv(path))
    print(
        json.dumps({"columns": [str(name) for name in table.columns if table[name].notna().any()], "findings": found})
    )


def training_doctor(path: str) -> None:
    """As its documentation shows for existing logs; the names that it loaded are added."""
    from training_doctor import Doctor  # noqa: PLC0415 (only there in its own environment)

    doctor = Doctor()
    doctor.load(path)
    found = [{"id": one.problem, "severity": one.severity.name.lower()} for one in doctor.analyze()]
    print(json.dumps({"columns": sorted(map(str, doctor.store.get_metrics())), "findings": found}))


def epokio(path: str) -> None:
    """What its list says of the state of a run, and what its page says in words: the two that it alerts with."""
    from epokio.analysis import analyze  # noqa: PLC0415 (only there in its own environment)
    from epokio.scan import read_run  # noqa: PLC0415

    folder = Path(path).parent
    if folder.name == "vis_data":  # it takes the folder above for the run
        folder = folder.parent
    run, page = read_run(folder), analyze(folder)
    found = [{"id": str(kind.get("kind")), "severity": "note"} for kind in (page.kinds if page else [])]
    if run is not None and run.state == "failed":
        found.insert(0, {"id": "state: failed", "severity": "failed"})
    print(json.dumps({"columns": [] if run is None and page is None else ["epoch"], "findings": found}))


LIBRARIES = {"gradsnitch": gradsnitch, "training-doctor": training_doctor, "epokio": epokio}


def _entry(doctor: str) -> object:
    found = importlib.metadata.distribution(doctor).entry_points
    return next(one for one in found if one.group == "console_scripts" and one.name == doctor).load()


def _late(_signal: int, _frame: object) -> None:
    message = f"no answer in {SECONDS} seconds"
    raise TimeoutError(message)


def answer(doctor: str, path: str) -> dict[str, object]:
    """What the doctor says about one log."""
    out, status, broken = io.StringIO(), 0, ""
    signal.signal(signal.SIGALRM, _late)
    signal.alarm(SECONDS)
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(io.StringIO()):
            if doctor in LIBRARIES:
                LIBRARIES[doctor](path)
            else:
                sys.argv = [doctor, *ARGUMENTS[doctor], path]
                status = _entry(doctor)() or 0
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException as error:  # noqa: BLE001 (whatever breaks in a doctor is its answer)
        status, broken = -1, type(error).__name__
    finally:
        signal.alarm(0)
    return {"rc": status, "out": out.getvalue(), "error": broken}


def main(doctor: str) -> None:
    """Answer requests until there are no more."""
    answers = sys.stdout
    for line in sys.stdin:
        request = json.loads(line)
        answers.write(json.dumps({"id": request["id"], **answer(doctor, request["path"])}) + "\n")
        answers.flush()


if __name__ == "__main__":
    main(sys.argv[1])
