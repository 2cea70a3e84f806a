"""The start of a plan may have been cut off, replaced or deleted since the plan was made: it is looked at again before it is used."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from defib import playbook, reading
from defib.supervision.following import planned

if TYPE_CHECKING:
    from defib.records import Case, Checkpoint


def lost(case: Case) -> Checkpoint | None:
    """The start as it is on disk now, where it can not be read any more; None where it can, or was never seen."""
    assert case.plan is not None
    start = case.plan.start_from
    chosen = playbook.chosen_checkpoint(case.run, start)
    if chosen is None:
        return None
    found = reading.inspect(Path(case.run.path) / chosen.path if start.weights is None else Path(start.weights))
    return None if found.state == "ready" else msgspec.structs.replace(chosen, state="broken", problem=found.problem)


def without(case: Case, start: Checkpoint, number: int) -> Case | None:
    """The same plan from what is left; None where nothing is.

    number: of the attempt that it would be.
    """
    assert case.plan is not None
    profile = case.plan.profile
    left = tuple(start if one.path == start.path else one for one in case.run.checkpoints)
    case = msgspec.structs.replace(case, run=msgspec.structs.replace(case.run, checkpoints=left))
    return planned(case, profile, number, case.causes, {start.path})
