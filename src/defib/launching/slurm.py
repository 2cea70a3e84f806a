"""A job of a Slurm cluster: submitted, asked after, cancelled, and found again by its name.

What the controller does not answer is not known: a job is gone only when the queue no longer has it and the accounting says how it
ended, or keeps no record. Slurm 20 and later; the programs are those of its package: sbatch, squeue, sacct, scancel.
"""

from __future__ import annotations

import hashlib
import shlex
import subprocess
from typing import TYPE_CHECKING

from defib.launching.refusals import BadCommand, NotSubmitted
from defib.launching.template import OPEN_QUOTE
from defib.words import Words, same

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

PATIENCE = 60.0
"""Seconds that one question may take; a busy controller answers within twenty. Assumed."""
OVER = frozenset(
    {
        "BOOT_FAIL", "CANCELLED", "COMPLETED", "DEADLINE", "FAILED", "NODE_FAIL", "OUT_OF_MEMORY", "PREEMPTED", "REVOKED", "TIMEOUT",
    }
)  # fmt: skip
"""States of a job that does not run any more (squeue's manual page, JOB STATE CODES); all others run, wait or come back."""
UNKNOWN_JOB = "Invalid job id"
NO_RECORDS = "accounting storage is disabled"
NO_NUMBER = Words(en="sbatch gave no job number, but {text!r}", zh="sbatch 没有给出作业号，而是 {text!r}")
TOO_LONG = Words(en="it did not answer within {seconds} seconds", zh="{seconds} 秒内没有响应")
NO_SBATCH = Words(
    en="there is no sbatch on the path: is this a login node of the cluster?",
    zh="路径中没有 sbatch：这是集群的登录节点吗？",
)


def name_of(run: Path, attempt: int, start: int) -> str:
    """The name of a job, by which it is found again: the same for the same start of the same attempt, and no other."""
    digest = hashlib.sha256(str(run).encode()).hexdigest()[:10]
    return f"defib-{digest}-{attempt}-{start}"


def script(command: tuple[str, ...], cwd: Path) -> str:
    r"""What the job runs: every word quoted, so that a path stays a path.

    >>> from pathlib import Path
    >>> print(script(("python", "my train.py"), Path("/a;b")))
    #!/bin/sh
    cd '/a;b' || exit 1
    exec python 'my train.py'
    <BLANKLINE>
    """
    return f"#!/bin/sh\ncd {shlex.quote(str(cwd))} || exit 1\nexec {shlex.join(command)}\n"


def submit(file: Path, name: str, options: str, environment: Mapping[str, str], output: Path) -> str:
    """Submit a script; gives the job's number. What it prints goes to the end of `output`.

    options: the user's words for sbatch, as a shell would split them.

    Raises BadCommand, NotSubmitted.
    """
    try:
        words = shlex.split(options)
    except ValueError:
        raise BadCommand(command=options, reason=OPEN_QUOTE) from None
    own = ["--parsable", f"--job-name={name}", f"--output={output}", "--open-mode=append"]
    done = _asked(["sbatch", *words, *own, str(file)], environment)
    if done is None:
        raise NotSubmitted(reason=TOO_LONG.fill(seconds=f"{PATIENCE:.0f}"))
    number = done.stdout.strip().partition(";")[0]
    if done.returncode:
        raise NotSubmitted(
            reason=same(done.stderr.strip().splitlines()[-1] if done.stderr.strip() else f"exit code {done.returncode}")
        )
    if not number.isdigit():
        raise NotSubmitted(reason=NO_NUMBER.fill(text=done.stdout.strip()))
    return number


def found(name: str) -> str | None:
    """The number of the job that has this name and is not over; None where there is none.

    Raises NotSubmitted where the queue does not answer: then another one must not be submitted.
    """
    done = _asked(["squeue", "--noheader", f"--name={name}", "--format=%A"])
    if done is None or done.returncode:
        reason = TOO_LONG.fill(seconds=f"{PATIENCE:.0f}") if done is None else same(done.stderr.strip() or "squeue")
        raise NotSubmitted(reason=reason)
    numbers = [one for one in done.stdout.split() if one.isdigit()]
    return numbers[0] if numbers else None


def runs(job: str) -> bool | None:
    """Whether a job runs, waits or will come back; False once it is over; None where nobody answers."""
    done = _asked(["squeue", "--noheader", f"--jobs={job}", "--format=%T"])
    if done is None:
        return None
    state = done.stdout.strip().partition("\n")[0].strip()
    if done.returncode == 0 and state:
        return state not in OVER
    if done.returncode and UNKNOWN_JOB not in done.stderr:
        return None
    kept = _asked(["sacct", "--noheader", "--allocations", "--parsable2", f"--jobs={job}", "--format=State"])
    if kept is None:
        return None
    state = kept.stdout.strip().partition("\n")[0].partition(" ")[0]  # `CANCELLED by 1000`
    if kept.returncode or not state:
        return False if kept.returncode and NO_RECORDS in kept.stderr else None
    return None if state not in OVER else False


def cancel(job: str) -> None:
    """Ask for the end of a job; one that is over is let be."""
    _asked(["scancel", job])


def _asked(words: list[str], environment: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str] | None:
    """What one of Slurm's programs says; None where it takes too long.

    Raises NotSubmitted where the program is not there.
    """
    try:
        return subprocess.run(  # noqa: S603 (Slurm's own programs, no shell)
            words,
            env=None if environment is None else dict(environment),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=PATIENCE,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return None
    except OSError as error:
        reason = NO_SBATCH if words[0] == "sbatch" else same(f"{words[0]}: {error.strerror or error}")
        raise NotSubmitted(reason=reason) from None
