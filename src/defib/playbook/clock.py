"""What the moments of a run are counted in."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from defib.words import Words, number

if TYPE_CHECKING:
    from defib.records import Checkpoint, Point

EPOCH = Words(en="epoch {number}", zh="第 {number} 轮")
STEP = Words(en="step {number}", zh="第 {number} 步")


class Clock(NamedTuple):
    """What the moments of a run are counted in: epochs, or steps where the log knows no epochs."""

    by_step: bool

    def of(self, one: Checkpoint | Point) -> float | None:
        """When something was, as a number that can be compared; None where it does not say."""
        return one.step if self.by_step else one.epoch

    def step(self, one: Checkpoint | Point) -> int | None:
        """The step of something, where steps are what is counted."""
        return one.step if self.by_step else None

    def says(self, when: float | None) -> Words:
        """A moment in words."""
        return (STEP if self.by_step else EPOCH).fill(number=str(when) if self.by_step else number(when))
