"""What the commands do: pipeline calls in their order, an answer, an exit code."""

from __future__ import annotations

import dataclasses
import functools
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from defib import pipeline
from defib.cli import answering, attending
from defib.cli.choices import FORMATS, LANGUAGES, PROFILES, choice
from defib.cli.phrases import SAYS
from defib.demo import fetch
from defib.errors import DefibError, FinishedPlan, PredictionsOfManyRuns

if TYPE_CHECKING:
    from defib.records import Case
    from defib.words import Language

ACTION = 1
NEEDS_ACTION = ("rescue", "leave-running", "escalate")


@dataclass(frozen=True, slots=True)
class How:
    """How the answer is wanted.

    Raises NoSuchChoice for a language or a form that there is not.
    """

    tongue: Language
    lang: str | None = None
    form: str | None = None
    output: Path | None = None

    def __post_init__(self) -> None:
        """Refuse at once what could not be answered later."""
        choice("--lang", self.lang, LANGUAGES)
        choice("--format", self.form, FORMATS)

    def answer(self, cases: list[Case]) -> None:
        """Hand the answer over."""
        answering.answer(cases, self.tongue, form=self.form, output=self.output)


def diagnose(runs: list[str], asked: pipeline.Asked, how: How) -> int:
    """Judge one run or several; returns the exit code, the highest of several.

    Raises PredictionsOfManyRuns when predictions are given beside several runs.
    """
    names = answering.expanded(runs)
    if asked.predictions and len(names) > 1:
        raise PredictionsOfManyRuns(count=len(names))
    if len(names) == 1:
        cases, code = [judged(names[0], asked)], 0
    else:
        cases, code = _each(names, asked, how.tongue)
    how.answer(cases)
    return max([code, *(code_of(case) for case in cases)])


def rescue(  # the options of the command, by name
    run: str,
    asked: pipeline.Asked,
    how: How,
    *,
    profile: str | None,
    out: Path | None,
    wanted: attending.Wanted = attending.Wanted(),
) -> int:
    """Judge one run, plan its rescue and write it; start it and stay, when that is wanted; returns the exit code.

    Raises FinishedPlan when a saved plan is given together with options that would change it.
    """
    bundle = choice("--profile", profile, PROFILES)
    if wanted.carry_on:
        return attending.attend(attending.planned(run), wanted, how.tongue)
    case = judged(run, asked)
    if case.plan is None:
        number = 1 + attending.attempts(case.run.path) if wanted else 1
        plan = functools.partial(pipeline.rescue, profile=bundle or "minimal", out=out, attempt=number)
        case = plan(case)
        gpus = attending.gpus(case, wanted, how.tongue)
        if gpus is not None:
            case = plan(judged(run, dataclasses.replace(asked, gpus=gpus)))
    elif bundle or out or asked != pipeline.Asked():
        raise FinishedPlan(path=run)
    with answering.copying(how.tongue) as progress:
        case = pipeline.write(case, out=out, language=how.tongue, progress=progress)
    how.answer([case])
    wanted = attending.with_command(case, wanted, how.tongue)
    return attending.attend(case, wanted, how.tongue) if wanted else code_of(case)


def demo(out: Path, how: How) -> int:
    """Rescue the real run that comes with the package; returns 0, since nobody has to act on it."""
    typer.echo(SAYS["demo"].said(how.tongue))
    rescue(str(fetch(out)), pipeline.Asked(), how, profile=None, out=None)
    return 0


def judged(name: str, asked: pipeline.Asked) -> Case:
    """The Case of one run: a saved one as it stands, anything else judged now.

    Predictions can be brought to a saved Case later: then its run is judged again.

    Raises FinishedPlan when they are brought to a saved plan.
    """
    path = None if name == "-" else Path(name)
    saved = pipeline.open_case(path)
    if saved is not None and not asked.predictions:
        return saved
    if saved is not None:
        if saved.plan is not None:
            raise FinishedPlan(path=name)
        return pipeline.diagnose(pipeline.with_predictions(saved.run, asked.predictions))
    text = sys.stdin.read() if path is None else None
    return pipeline.diagnose(pipeline.open_run(path, asked, text=text))


def code_of(case: Case) -> int:
    """The exit code that a verdict stands for."""
    return ACTION if case.verdict in NEEDS_ACTION else 0


def _each(names: list[str], asked: pipeline.Asked, tongue: Language) -> tuple[list[Case], int]:
    """The Cases of several runs; what cannot be judged is said, and does not keep the others from an answer."""
    cases, code = list["Case"](), 0
    for name in names:
        try:
            cases.append(judged(name, asked))
        except DefibError as error:
            typer.echo(error.words.said(tongue), err=True)
            code = max(code, error.exit_code)
    return cases, code
