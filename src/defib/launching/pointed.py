"""The command with which a run was started, as a person remembers it, pointed at what the plan wrote.

Nothing is appended: a flag that names the old config or the old folder gets the new one in its place, and one that would resume
goes, since it would restore the old schedule and override every edit.
"""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING

from defib.launching.refusals import BadCommand
from defib.words import Words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from defib.records import Plan, Run

FOLDERS = frozenset(
    {"--work-dir", "--work_dir", "--workdir", "--output-dir", "--output_dir", "--out-dir", "--save-dir"}
)
"""Flags whose value is the folder that a run writes into."""
RESUMING = frozenset(
    {"--resume", "--auto-resume", "--auto_resume", "--resume-from", "--resume_from", "--resume_from_checkpoint"}
)
RESUMED = frozenset({"auto", "latest", "last", "true", "True"})
"""Words behind a flag that resumes, beside checkpoints."""
CHECKPOINTS = frozenset({".pth", ".pt", ".ckpt", ".tar", ".bin", ".safetensors"})

NOT_REACHED = Words(
    en="neither {{config}} nor the run's own config {config} stands in it, so that the plan would not reach the training",
    zh="其中既没有 {{config}}，也没有训练自己的配置 {config}，方案不会对训练生效",
)


def pointed(words: Sequence[str], run: Run, plan: Plan, template: str) -> tuple[str, ...]:
    """The words with the plan's config and folder in the place of the run's.

    Raises BadCommand where the run's config is not among them.
    """
    if plan.new_config is None or run.config is None:
        return tuple(words)
    found = tuple(_pointed(words, run, plan))
    if not any(plan.new_config in word for word in found):
        raise BadCommand(command=template, reason=NOT_REACHED.fill(config=run.config.path))
    return found


def _pointed(words: Sequence[str], run: Run, plan: Plan) -> Iterator[str]:
    left = list(words)
    while left:
        word = left.pop(0)
        flag, equals, value = word.partition("=")
        if flag in RESUMING:
            if not equals and left and (left[0] in RESUMED or PurePath(left[0]).suffix in CHECKPOINTS):
                left.pop(0)
        elif flag in FOLDERS and plan.work_dir is not None and (equals or left):
            if not equals:
                left.pop(0)
            yield from (f"{flag}={plan.work_dir}",) if equals else (flag, plan.work_dir)
        elif equals and flag.startswith("-"):
            yield f"{flag}={_renamed(value, run, plan)}"
        else:
            yield _renamed(word, run, plan)


def _renamed(word: str, run: Run, plan: Plan) -> str:
    assert run.config is not None
    if _same(word, run.config.path) and plan.new_config is not None:
        return plan.new_config
    old = run.setting("work_dir") or run.launch.work_dir
    if isinstance(old, str) and plan.work_dir is not None and (_same(word, old) or _same(word, run.path)):
        return plan.work_dir
    return word


def _same(word: str, path: str) -> bool:
    """Whether a word means a path: as it is written, or as its last parts.

    >>> _same("configs/a.py", "/home/me/configs/a.py"), _same("./a.py", "/x/a.py"), _same("b.py", "/x/a.py"), _same("train", "/x/train")
    (True, True, False, False)
    """
    parts, whole = PurePath(word).parts, PurePath(path).parts
    named = len(parts) > 1 or PurePath(word).suffix != "" or word.startswith("./")
    return bool(parts) and (whole == parts or (named and whole[-len(parts) :] == parts))
