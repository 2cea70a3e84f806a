"""What a document claims in a sentence: the training accuracy, which a table of evaluations does not hold."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_VALUE = r"(?P<value>\d{1,3}(?:\.\d{1,6})?)\s?[%％]"
_CLAIMS = (
    re.compile(
        rf"训练集?上?的?(?:top-?1)?\s?(?:准确率|正确率|精度|acc(?:uracy)?)\s?(?:已经?|高)?(?:达到?了?|是|为|约|[:：=])*\s?{_VALUE}",
        re.IGNORECASE,
    ),
    re.compile(
        r"\btrain(?:ing)?(?:[ -]set)?[ _-](?:top-?1[ _-])?(?:acc(?:uracy)?|top-?1)"
        rf"(?:\s?[:=≈~]|\s(?:is|was|of|at|reached|reaches|about|around))*\s?{_VALUE}",
        re.IGNORECASE,
    ),
)
# A wish is no measurement.
_WISH = re.compile(r"目标|预期|期望|希望|应|冲击|target|goal|expect|hope|should|want|would|if |如果|若", re.IGNORECASE)
_NEAR = 16  # characters before a claim in which a wish is looked for


@dataclass(frozen=True, slots=True)
class Claim:
    """A number that a sentence states, in per cent."""

    text: str
    value: float
    line: int


def training_accuracy(lines: Sequence[str]) -> Claim | None:
    """The first claim of a training accuracy in a document.

    >>> training_accuracy(["- 训练集准确率95% vs 验证集27%"]).value
    95.0
    >>> training_accuracy(["target: training accuracy 95%"]) is None
    True
    """
    for number, line in enumerate(lines, start=1):
        for pattern in _CLAIMS:
            match = pattern.search(line[:10_000])
            if match is None or _WISH.search(line[max(0, match.start() - _NEAR) : match.end()]):
                continue
            value = float(match["value"])
            if value <= 100:  # noqa: PLR2004 (per cent)
                return Claim(match.group(), value, number)
    return None
