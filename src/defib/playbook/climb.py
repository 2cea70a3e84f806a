"""One step up the ladder, from the best checkpoint of a run that has recovered: what was recovered with, and one change more."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from defib import settings
from defib.playbook.command import command
from defib.playbook.ladder import ladder
from defib.playbook.plan import load_from, with_weights
from defib.playbook.start import STARTS, rescue_dir, start_edits
from defib.records import Edit, Plan, Site, Start
from defib.settings import plain
from defib.words import Words, number

if TYPE_CHECKING:
    from defib.records import Checkpoint, LadderStep, Run

FROM = Words(
    en="{path} is the best checkpoint of the recovered run: {metric} {value}",
    zh="{path} 是已恢复训练的最佳检查点：{metric} {value}",
)


LENGTHS = ("end", "T_max", "milestones")
"""What a scheduler measures in epochs."""


def steps(run: Run, plan: Plan) -> tuple[LadderStep, ...]:
    """The steps of a plan's ladder that can be taken without a person: one number, at places that stand in the config.

    What a plan took out of a list is not put back, and a run whose schedule counts on its length is not made longer.
    """
    return tuple(step for step in plan.ladder if step.when == "stable" and _alone(run, plan, step))


def _alone(run: Run, plan: Plan, step: LadderStep) -> bool:
    if run.config is None or plain(step.new) is None or step.key not in run.settings:
        return False
    held = next((edit for edit in plan.edits if edit.key == step.key), None)
    if held is not None and any(site.action == "delete" or site.new != held.new for site in held.sites):
        return False
    return step.key != "max_epochs" or not _counted(run)


def _counted(run: Run) -> bool:
    """Whether something else in the config counts on the number of epochs."""
    assert run.config is not None
    tree = run.config.tree
    layout = settings.layout_of(run.config)
    held = layout is not None and layout.lengths is not None and any(True for _ in layout.lengths(tree))
    return held or any(name in step for _, step in settings.schedulers(tree) for name in LENGTHS)


def climb(  # noqa: PLR0913 (what a step depends on, by name)
    run: Run,
    plan: Plan,
    step: LadderStep,
    best: Checkpoint,
    value: float,
    *,
    new_config: str | None,
    folder: str | None,
    attempt: int,
) -> Plan:
    """The plan of one step.

    run: the run that was rescued, whose config is changed. plan: that with which it recovered. best: where to begin, its path
    absolute. value: of the deciding metric there. new_config, folder, attempt: as `plan` takes them.
    """
    seen = msgspec.structs.replace(run, checkpoints=(*run.checkpoints, best))
    says = FROM.fill(path=best.path, metric=plan.start_from.metric, value=number(value))
    begin = Start(metric=plan.start_from.metric, value=value, path=best.path, state="ready", says=says)
    weights = load_from(seen, begin, folder)
    work_dir = rescue_dir(run, attempt)
    changed = _with(run, tuple(edit for edit in plan.edits if edit.key not in STARTS), step)
    edits = changed + start_edits(run, weights, work_dir)
    line = command(run, new_config, work_dir)
    return msgspec.structs.replace(
        plan,
        start_from=with_weights(seen, begin, weights),
        edits=tuple(edit for edit in edits if edit.sites or edit.key in run.settings),
        command=line.words,
        environment=line.environment,
        ladder=ladder(run, changed),
        new_config=new_config,
        work_dir=work_dir,
        seconds=None,
        ends_at=None,
        forecast=None,
        baseline=None,
        diff=None,
        changed=(),
    )


def _with(run: Run, edits: tuple[Edit, ...], step: LadderStep) -> tuple[Edit, ...]:
    """The edits with one setting a step higher."""
    held = next((edit for edit in edits if edit.key == step.key), None)
    if held is not None:
        sites = tuple(msgspec.structs.replace(site, new=step.new) for site in held.sites)
        higher = msgspec.structs.replace(held, new=step.new, why=step.says, sites=sites)
        return tuple(higher if edit is held else edit for edit in edits)
    assert run.config is not None
    tree = run.config.tree
    sites = tuple(Site(path=path, old=settings.at(tree, path), new=step.new) for path in run.settings[step.key].paths)
    return (*edits, Edit(key=step.key, old=step.old, new=step.new, why=step.says, play="ladder", sites=sites))
