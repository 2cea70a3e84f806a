"""An attempt that ran out of memory says nothing about its plan: the same plan again, with a smaller batch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from defib import pipeline, reading
from defib.supervision.following import planned

if TYPE_CHECKING:
    from pathlib import Path

    from defib.records import Case, Cause, Plan, Run

CAUSE, KEY = "memory_ran_out", "batch_size"


def ran_out(case: Case, output: Path) -> Cause | None:
    """Why the attempt ended, where what it printed says that memory ran out; None where it does not.

    case: the run that is being rescued, with the plan of the attempt. output: what the attempt printed.
    """
    assert case.plan is not None
    run = case.run
    said = reading.printed(output)
    if not said:
        return None
    at = run.moment(run.records - 1)
    ended = tuple(msgspec.structs.replace(one, record=run.records, at=at) for one in said)
    tried = msgspec.structs.replace(run, events=ended, settings=_planned(run, case.plan))
    found = (one for one in pipeline.diagnose(tried).causes if one.cause == CAUSE)
    return next((one for one in found if one.standing == "likely"), None)


def smaller(case: Case, cause: Cause, number: int) -> Case | None:
    """The same plan with a smaller batch; None where it can not be made smaller with the step as it is.

    number: of the attempt that it would be.
    """
    assert case.plan is not None
    causes = (*(one for one in case.causes if one.cause != CAUSE), cause)
    found = planned(case, case.plan.profile, number, causes, set())
    if found is None or found.plan is None:
        return None
    return None if _batch(found.plan) in (None, _batch(case.plan)) else found


def _planned(run: Run, plan: Plan) -> dict[str, Any]:
    """The settings with which the attempt ran."""
    new = {edit.key: edit.new for edit in plan.edits}
    return {
        key: msgspec.structs.replace(one, value=new[key]) if key in new else one for key, one in run.settings.items()
    }


def _batch(plan: Plan) -> Any:  # noqa: ANN401 (any config value)
    return next((edit.new for edit in plan.edits if edit.key == KEY), None)
