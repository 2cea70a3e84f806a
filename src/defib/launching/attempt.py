"""From a plan to what is started: the command with the run's interpreter in it, where, and with which environment."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from defib.launching.environment import cleaned
from defib.launching.interpreter import checked
from defib.launching.pointed import pointed
from defib.launching.refusals import NoCommand
from defib.launching.template import filled
from defib.records.plan import GPUS
from defib.words import Words

if TYPE_CHECKING:
    from defib.records import Plan, Run

NO_LINE = Words(en="the plan has no command", zh="方案中没有命令")
NO_GPUS = Words(en="the number of GPUs is not known: say it with --gpus N", zh="不知道 GPU 数：请用 --gpus N 给出")
TO_FILL_IN = Words(en="{word} has to be filled in", zh="需要填写 {word}")
NO_FOLDER = Words(
    en="the folder in which it runs was found neither in the log nor above the config: call defib in it",
    zh="在日志和配置的上级目录中都没有找到运行目录：请在该目录中运行 defib",
)
MARKS = ("tools/train.py", "tools/dist_train.sh")
"""What has to lie below the folder of the mm programs."""


class Attempt(NamedTuple):
    """What is started."""

    command: tuple[str, ...]
    cwd: Path
    environment: dict[str, str]
    """All of it."""
    added: dict[str, str]
    """What of it the plan asks for."""
    work_dir: Path | None
    """Where the restarted run logs, when that is known."""


def attempt(run: Run, plan: Plan, *, template: str | None = None, python: str | None = None) -> Attempt:
    """What a plan starts.

    template: the user's own command; without it the plan's.
    python: the user's own interpreter; without it the run's, as its log names it.

    Raises BadCommand, NoCommand, NoFramework.
    """
    chosen = python or run.launch.python
    start = next((edit.new for edit in plan.edits if edit.key == "load_from"), None) or plan.start_from.path
    values = {"config": plan.new_config, "work_dir": plan.work_dir, "start": start, "python": chosen or "python"}
    words = plan.command if template is None else filled(template, values)
    if template is not None and "{config}" not in template:
        words = pointed(words, run, plan, template)
    unknown = next((word for word in words if word.startswith("<") and word.endswith(">")), None)
    if not words or unknown is not None:
        reason = NO_LINE if unknown is None else NO_GPUS if unknown == GPUS else TO_FILL_IN.fill(word=unknown)
        raise NoCommand(path=run.path, reason=reason)
    cwd = Path(plan.cwd) if plan.cwd is not None else Path.cwd()
    if plan.cwd is None and any(mark in words for mark in MARKS) and not any((cwd / mark).is_file() for mark in MARKS):
        raise NoCommand(path=run.path, reason=NO_FOLDER)
    environment = cleaned(os.environ, chosen) | plan.environment
    if chosen is not None:
        chosen = checked(chosen, run.framework, cwd if cwd.is_dir() else Path.cwd(), environment)
    work_dir = None if plan.work_dir is None else cwd / plan.work_dir
    return Attempt(_with(words, chosen), cwd, environment, dict(plan.environment), work_dir)


def _with(words: tuple[str, ...], python: str | None) -> tuple[str, ...]:
    """The words with the run's interpreter where it is called by its usual name; torchrun and defib's trainer are modules of it."""
    if python is None:
        return words
    if words[0] == "torchrun":
        return (python, "-m", "torch.distributed.run", *words[1:])
    if words[0] in ("python", "python3"):
        return (python, *words[1:])
    return (python, "-m", "defib", *words[1:]) if words[0] == "defib" else words
