"""Starts what an attempt says: here, or as a job of a cluster."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from defib.errors import CannotWrite
from defib.launching import slurm
from defib.launching.local import start
from defib.launching.running import Here, Job
from defib.words import Words, same

if TYPE_CHECKING:
    from pathlib import Path

    from defib.launching.attempt import Attempt
    from defib.launching.running import Running
    from defib.records import Process

STARTED = Words(en="process {pid} started in {cwd}", zh="进程 {pid} 已在 {cwd} 启动")
SUBMITTED = Words(en="Slurm job {job} submitted ({name})", zh="已提交 Slurm 作业 {job}（{name}）")
FOUND = Words(
    en="Slurm job {job} is there already ({name}): it is looked after, and no second one is submitted",
    zh="Slurm 作业 {job} 已存在（{name}）：接着看护它，不再提交第二个",
)


class Begun(NamedTuple):
    """What was started."""

    running: Running
    process: Process | None
    job: str | None
    says: Words


def begin(what: Attempt, run: Path, number: int, death: int, output: Path, options: str | None) -> Begun:  # noqa: PLR0913, PLR0917
    """Start it; a job that is there already under the same name is taken over.

    run: the run that is rescued. number, death: of the attempt, and of its start. output: where it prints to.
    options: for sbatch; None starts a process of this machine.

    Raises NotStarted, NotSubmitted, BadCommand, CannotWrite.
    """
    if options is None:
        begun = start(what.command, what.cwd, what.environment, output)
        says = STARTED.fill(pid=begun.handle.pid, cwd=what.cwd)
        return Begun(Here(begun.process, begun.handle.poll), begun.process, None, says)
    name = slurm.name_of(run, number, death)
    there = slurm.found(name)
    if there is not None:
        return Begun(Job(there), None, there, FOUND.fill(job=there, name=name))
    file = output.with_suffix(".sh")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(slurm.script(what.command, what.cwd), encoding="utf-8")
    except OSError as error:
        raise CannotWrite(path=file, reason=same(error.strerror or str(error))) from None
    job = slurm.submit(file, name, options, what.environment, output)
    return Begun(Job(job), None, job, SUBMITTED.fill(job=job, name=name))
