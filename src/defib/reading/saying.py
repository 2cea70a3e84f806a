"""What the lines of a console log say in words: checkpoints loaded, saved and removed, failures, how it was started."""

from __future__ import annotations

import re
from dataclasses import dataclass

from defib.reading.failing import FAILURES, LOOK
from defib.reading.misfit import misfit


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
    ("loaded", re.compile(r"\b[Ll]oad checkpoint from (?P<file>.+)")),
    ("resumed", re.compile(r"resumed epoch:? (?P<epoch>\d{1,12}), iter:? (?P<step>\d{1,15})")),
    ("saved", re.compile(r"Saving checkpoint at (?P<at>\d{1,15}) (?P<unit>epoch|iter)")),
    ("best", BEST),
    ("removed", REMOVED),
    *FAILURES,
    ("traceback", re.compile(r"Traceback \(most recent call last\)(?::\s*$| ─)")),
    # apex, mmcv, DeepSpeed and fairseq: "Gradient overflow.  Skipping step", "Check overflow, downscale loss scale to"
    ("overflow", re.compile(r"(?i)overflow\b.{0,80}(?:scale|skip|ignoring gradient)")),
    (
        "optimizer-lost",
        re.compile(r"(?i)(?:\bno|without|unable to load|fail(?:ed)? to load|skip loading) (?:the )?optimizer\b"),
    ),
    (
        "phase",
        re.compile(
            r"(?i)switch (?:train )?(?:pipeline|loss|batch augments)\b|no mosaic|closing dataloader mosaic|additional L1 loss|\bunfr(?:eez|oz)\w{0,3}\b(?!['\"]?\s?[=:])"
        ),
    ),
)
_FACTS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("distributed", re.compile(r"^\s*Distributed training: (True|False)")),
    ("launcher", re.compile(r"^\s*Distributed launcher: (\S+)")),
    ("gpus", re.compile(r"^\s*GPU number: (\d{1,6})")),
    ("gpus", re.compile(r"\b[Ww]orld[ _][Ss]ize['\"]?\s?[:=]\s?(\d{1,6})\b")),
    ("gpus", re.compile(r"All distributed processes registered\. Starting with (\d{1,6}) processes")),
    ("gpus", re.compile(r"Training in distributed mode.{0,80}\bProcess \d{1,6}, total (\d{1,6})\b")),
    ("seconds", re.compile(r"^\s*Epoch: \[\d{1,6}\] Total time: ((?:\d{1,3} days?, )?\d{1,3}:\d{2}:\d{2})\b")),
    ("seconds", re.compile(r"\bEPOCH \d{1,6} training takes ((?:\d{1,3} days?, )?\d{1,3}:\d{2}:\d{2})\b")),
    ("cuda", re.compile(r"^\s*CUDA available: (True|False)")),
    ("work_dir", re.compile(r"Checkpoints will be saved to (.+?)\.?$")),
    ("work_dir_in_config", re.compile(r"^work_dir = ['\"](.+)['\"]\s*$")),
    ("save_best", re.compile(r"\bsave_best=(?:'([^']*)'|\"([^\"]*)\"|(\[[^\]]*\]))")),
)
# One quick look tells whether any of the above can match; most lines of a log are none of them.
_ANY = re.compile(
    r"heckpoint|resumed epoch|Traceback|Distributed |GPU number|CUDA avail|^work_dir|save_best|verflow|VERFLOW"
    r"|orld[ _][Ss]ize|distributed |Total time|ing takes | optimizer|witch |osaic|onal L1|nfree"
    rf"|{LOOK}"
)


def said(line: str) -> Saying | None:
    """What a line says, or None when it is one of the many that say nothing of interest.

    >>> said("2026/11/22 10:45:55 - mmengine - INFO - Saving checkpoint at 1 epochs").kind
    'saved'
    """
    unfit = misfit(line)
    if unfit is not None:
        return Saying(unfit, line.strip())
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
