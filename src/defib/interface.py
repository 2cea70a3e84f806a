"""The Python interface: five functions that do what the commands do, for a notebook or a script.

    open_run -> check -> diagnose -> plan -> rewrite

They read; none of them writes, but `plan` makes the folder that it is told to use. What they return are the records
of `defib.records`. `import defib` is enough: the names are loaded when they are first used.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from defib import health, pipeline
from defib.errors import NoConfigToRewrite

if TYPE_CHECKING:
    from collections.abc import Sequence
    from os import PathLike

    from defib.playbook.play import Profile
    from defib.records import Case, Checkup, Plan, Run


def open_run(  # noqa: PLR0913 (each is an option of the command line, by name)
    path: str | PathLike[str],
    *,
    metric: str | None = None,
    config: str | PathLike[str] | None = None,
    minutes_per_epoch: float | None = None,
    gpus: int | None = None,
    target: float | None = None,
    predictions: Sequence[str | PathLike[str]] = (),
) -> Run:
    """Read a run: its logs, its config, its checkpoints.

    path: a work directory, a log, a table or a saved Case.
    metric: the metric that decides, as its key (`val/top1/fused`) or as it was logged.
    config: the config, when it does not lie beside the log.
    minutes_per_epoch, gpus: what a bare table leaves out.
    target: the value of the deciding metric that is wanted, in its own unit (per cent for an accuracy).
    predictions: one file of scores, or that of an earlier checkpoint and that of a later one.

    Raises CannotJudge when nothing is readable, NoSuchPath, NoSuchMetric, ConfigRefused, TooManyPredictions,
    PredictionsRefused; all of them are `defib.DefibError`.
    """
    asked = pipeline.Asked(
        metric=metric,
        config=None if config is None else Path(config),
        minutes_per_epoch=minutes_per_epoch,
        gpus=gpus,
        target=target,
        predictions=tuple(Path(one) for one in predictions),
    )
    saved = pipeline.open_case(Path(path))
    if saved is not None and asked == pipeline.Asked():
        return saved.run
    return pipeline.open_run(Path(path), asked)


def check(run: Run) -> Checkup:
    """The symptoms of a run, and which rules could not look, and why."""
    return health.check(run)


def diagnose(run: Run) -> Case:
    """The run with its checkup, its causes and a verdict; `case.says` is the answer in one sentence."""
    return pipeline.diagnose(run)


def plan(case: Case, *, profile: Profile = "minimal", out: str | PathLike[str] | None = None) -> Plan | None:
    """What to do about a judged run; None when its verdict is not `rescue`.

    profile: `minimal` (what the likely causes ask for) or `conservative`.
    out: the folder where new files would go; it is made. Beside the original by default.
    """
    return pipeline.rescue(case, profile=profile, out=None if out is None else Path(out)).plan


def rewrite(plan: Plan) -> str:
    """The text of the new config, proved by reading it back. Nothing is written.

    Raises NoConfigToRewrite when the plan has no config to change, StalePlan when the config is not the one that the
    plan was made for, ConfigRefused when an edit cannot be made safely.
    """
    if plan.config is None or plan.new_config is None:
        raise NoConfigToRewrite(path=plan.config or plan.work_dir or "-")
    return pipeline.rewritten(plan)[1]
