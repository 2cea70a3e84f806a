"""When a line of text was written, as far as it says so: an epoch, a step, and how far within what."""

from __future__ import annotations

import re
from typing import NamedTuple

_COUNT = (
    r"['\"]?\s?[:=#@\-]{0,2}\s{0,6}[\[(]?\s{0,6}"
    r"(?P<at>\d{1,12}(?:\.\d{1,9})?)(?!\w)(?:\s{0,6}(?:/|of)\s{0,6}(?P<of>\d{1,12}))?"
)
_EPOCH = re.compile(r"(?<![A-Za-z_])(?:epoch|ep|round|第)" + _COUNT, re.IGNORECASE | re.ASCII)
_INSIDE = re.compile(r"\s{0,6}[\])]?[,:]?\s{0,6}\[\s{0,6}(?P<at>\d{1,12})\s{0,6}/\s{0,6}(?P<of>\d{1,12})")
_STEP = re.compile(
    r"(?<![A-Za-z])(?:global[_ ]?step|step|iteration|iter|itr|update|timestep|episode)" + _COUNT,
    re.IGNORECASE | re.ASCII,
)
_BATCH = re.compile(
    r"(?<![A-Za-z_])batch\s?:?\s{0,6}[\[(]?\s{0,6}(?P<at>\d{1,9})\s{0,6}(?:/|of)\s{0,6}(?P<of>\d{1,9})",
    re.IGNORECASE | re.ASCII,
)
_STAMPS = re.compile(
    r"(?<![\w.])(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}|\d{1,2}/\d{1,2}(?=\s\d{2}:\d{2}:))(?![\w.])"
    r"|(?<![\w.])\d{1,3}:\d{2}:\d{2}(?:[.,]\d{1,9})?(?!\w)|(?<![\w.])\d{2}:\d{2}(?![\w.:])",
    re.ASCII,
)


class Moment(NamedTuple):
    """What a line says about when it was written; None where it says nothing."""

    epoch: float | None = None
    at: float | None = None
    of: float | None = None
    """The number at which `at` is complete."""


def without_stamps(line: str) -> str:
    """A line without dates and times of day.

    >>> without_stamps("[ 09.06.19|11:41:02 ] Training epoch: 3")
    '[ ||| ] Training epoch: 3'
    """
    return _STAMPS.sub("|", line)


def moment_of(line: str) -> Moment:
    """The moment of a line, read from the words for clocks in it.

    >>> moment_of("Epoch: [3][ 100/5005] Loss 6.9")
    Moment(epoch=3.0, at=100.0, of=5005.0)
    >>> moment_of("step:1/1530 val_loss:10.8"), moment_of("step_avg:0.3")
    (Moment(epoch=None, at=1.0, of=1530.0), Moment(epoch=None, at=None, of=None))
    """
    epoch = _EPOCH.search(line)
    inside = _INSIDE.match(line, epoch.end()) if epoch is not None else None
    step = inside or _STEP.search(line) or _BATCH.search(line)
    return Moment(
        None if epoch is None else float(epoch["at"]),
        None if step is None else float(step["at"]),
        None if step is None or step["of"] is None else float(step["of"]),
    )
