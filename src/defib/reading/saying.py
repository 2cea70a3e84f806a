"""What the lines of an mm console log say in words: checkpoints loaded, saved and removed, failures, how it was started."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Saying:
    """One line, understood. `fact`: it says how the run was started, rather than something that happened."""

    kind: str
    text: str
    fact: bool = False
    step: int | None = None
    epoch: float | None = None


BEST = re.compile(
    r"The best checkpoint with (?P<value>\S+) (?P<raw>.+) at (?P<at>\d{1,15}) (?P<unit>epoch|iter) "
    r"is saved to (?P<file>.+?)\.?$"
)
REMOVED = re.compile(r"The previous best checkpoint (?P<file>.+) is removed")

LONGEST = 2_000  # characters; a checkpoint's path fits, and the patterns below are slow on long lines

_EVENTS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("loaded", re.compile(r"Load checkpoint from (?P<file>.+)")),
    ("resumed", re.compile(r"resumed epoch: (?P<epoch>\d{1,12}), iter: (?P<step>\d{1,15})")),
    ("saved", re.compile(r"Saving checkpoint at (?P<at>\d{1,15}) (?P<unit>epoch|iter)")),
    ("best", BEST),
    ("removed", REMOVED),
    ("not-matched", re.compile(r"The model and loaded state dict do not match exactly")),
    ("not-matched", re.compile(r"(?:unexpected key|missing keys) in source state_dict: ")),
    ("out-of-memory", re.compile(r"CUDA out of memory|OutOfMemoryError")),
    ("traceback", re.compile(r"Traceback \(most recent call last\)")),
    # apex, mmcv, DeepSpeed and fairseq: "Gradient overflow.  Skipping step", "Check overflow, downscale loss scale to"
    ("overflow", re.compile(r"(?i)overflow\b.{0,80}(?:scale|skip)")),
    (
        "optimizer-lost",
        re.compile(r"(?i)(?:\bno|without|unable to load|fail(?:ed)? to load|skip loading) (?:the )?optimizer\b"),
    ),
    (
        "phase",
        re.compile(
            r"(?i)switch (?:train )?(?:pipeline|loss|batch augments)\b|no mosaic|closing dataloader mosaic|additional L1 loss|unfree?z"
        ),
    ),
)
_FACTS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("distributed", re.compile(r"^\s*Distributed training: (True|False)")),
    ("launcher", re.compile(r"^\s*Distributed launcher: (\S+)")),
    ("gpus", re.compile(r"^\s*GPU number: (\d{1,6})")),
    ("cuda", re.compile(r"^\s*CUDA available: (True|False)")),
    ("work_dir", re.compile(r"Checkpoints will be saved to (.+?)\.?$")),
    ("work_dir_in_config", re.compile(r"^work_dir = ['\"](.+)['\"]\s*$")),
    ("save_best", re.compile(r"\bsave_best=(?:'([^']*)'|\"([^\"]*)\"|(\[[^\]]*\]))")),
)
# One quick look tells whether any of the above can match; most lines of a log are none of them.
_ANY = re.compile(
    r"heckpoint|resumed epoch|state.dict|out of memory|OutOfMemory|Traceback|Distributed |GPU number|CUDA avail"
    r"|^work_dir|save_best|verflow|VERFLOW| optimizer|witch |osaic|onal L1|nfree"
)


def said(line: str) -> Saying | None:
    """What a line says, or None when it is one of the many that say nothing of interest.

    >>> said("2026/11/22 10:45:55 - mmengine - INFO - Saving checkpoint at 1 epochs").kind
    'saved'
    """
    if len(line) > LONGEST or _ANY.search(line) is None:
        return None
    for kind, pattern in _FACTS:
        match = pattern.search(line)
        if match is not None:
            return Saying(kind, next(group for group in match.groups() if group is not None), fact=True)
    for kind, pattern in _EVENTS:
        match = pattern.search(line)
        if match is not None:
            step, epoch = _moment(match.groupdict())
            return Saying(kind, line.strip(), step=step, epoch=epoch)
    return None


def _moment(groups: dict[str, str | None]) -> tuple[int | None, float | None]:
    at, unit = groups.get("at"), groups.get("unit")
    step, epoch = groups.get("step"), groups.get("epoch")
    if at is not None and unit == "epoch":
        return None, float(at)
    if at is not None:
        return int(at), None
    return (None if step is None else int(step)), (None if epoch is None else float(epoch))
