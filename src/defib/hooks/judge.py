"""Whether what is measured inside a run is good, bad, or not known: judged from this run's own past alone."""

from __future__ import annotations

import math
from collections import deque
from statistics import median

GOOD, BAD, UNSURE = "good", "bad", "unsure"
RECENT = 5
"""Good looks whose median is what the next one is compared with: a slow decline moves it along and is none of ours."""
SURE, LIKELY, FINE = 6.0, 4.0, 2.0
"""Times the run's own noise: a fall that counts at once, one that counts when it is seen twice, one that is none (assumed)."""
SHARE_SURE, SHARE_LIKELY = 0.25, 0.1
"""Of what it was, in the same sense (assumed)."""
LEAST_SURE, LEAST_LIKELY = 5.0, 3.0
"""Points, in the same sense, for a score that is still near to nothing (assumed)."""
LOSS_SURE, LOSS_LIKELY = 0.5, 0.25
"""Of the loss, where the canary measures nothing else."""
LEAST_GAIN = 0.02
"""Of its first value, by which a loss has to fall to have shown that anything was learned (assumed)."""
STEPS, BEFORE = 8, 64
"""Training losses that are averaged, and those before them that they are compared with."""
SPREAD, RISE = 8.0, 0.3
"""A rise that is worth asking the canary out of turn: times the spread of those before, and share of their median."""
OVERFLOWS = 16
"""Steps in a row without a finite gradient that are no search for a loss scale any more: it halves 16 times from 65536 to 1."""


class Looks:
    """What one held-out number did so far."""

    def __init__(self, *, higher: bool) -> None:
        """higher: whether more is better."""
        self._sign = 1.0 if higher else -1.0
        self._higher = higher
        self._good: deque[float] = deque(maxlen=4 * RECENT)
        self._first: float | None = None
        self._doubtful = 0

    def look(self, value: float) -> str:
        """One more number. `bad` once it has fallen far, or twice by less; `unsure` while it may be noise."""
        if not math.isfinite(value):
            return BAD
        if self._first is None:
            self._first = value
        if len(self._good) < RECENT - 2:  # two numbers have no spread
            self._good.append(value)
            return GOOD
        reference, noise = median(list(self._good)[-RECENT:]), self._noise()
        fall = self._sign * (reference - value)
        sure, likely = self._limits(reference)
        if fall > max(SURE * noise, sure):
            return BAD
        if fall > max(LIKELY * noise, likely):
            self._doubtful += 1
            return BAD if self._doubtful > 1 else UNSURE
        self._doubtful = 0
        if fall > max(FINE * noise, likely / 2):
            return UNSURE
        self._good.append(value)
        return GOOD

    def learned(self) -> bool:
        """Whether it has become better than at the beginning, beyond its noise."""
        if self._first is None or not self._good:
            return False
        now = median(list(self._good)[-RECENT:])
        least = LEAST_LIKELY if self._higher else LEAST_GAIN * abs(self._first)
        return self._sign * (now - self._first) > max(FINE * self._noise(), least)

    def _limits(self, reference: float) -> tuple[float, float]:
        if not self._higher:
            return LOSS_SURE * abs(reference), LOSS_LIKELY * abs(reference)
        return max(SHARE_SURE * reference, LEAST_SURE), max(SHARE_LIKELY * reference, LEAST_LIKELY)

    def _noise(self) -> float:
        """The spread of a single number, from how far each is from the middle of its neighbours: progress is no noise."""
        good = list(self._good)
        bends = [abs(before - 2 * here + after) for before, here, after in zip(good, good[1:], good[2:])]
        return 1.4826 * median(bends) / math.sqrt(6) if bends else 0.0


class Losses:
    """What the training loss did in the last steps: whether to ask the canary out of turn."""

    def __init__(self) -> None:
        """Nothing seen."""
        self._seen: deque[float] = deque(maxlen=STEPS + BEFORE)
        self._overflows = 0

    def loss(self, value: float) -> str:
        """One more loss: `bad` when it is not finite, `unsure` when it has risen, else `good`."""
        if not math.isfinite(value):
            return BAD
        self._seen.append(value)
        if len(self._seen) < STEPS + BEFORE:
            return GOOD
        seen = list(self._seen)
        before, now = seen[:BEFORE], seen[BEFORE:]
        middle = median(before)
        spread = 1.4826 * median(abs(one - middle) for one in before)
        rise = median(now) - middle
        return UNSURE if rise > max(SPREAD * spread / math.sqrt(STEPS), RISE * abs(middle)) else GOOD

    def norm(self, value: float, *, scaled: bool) -> str:
        """One more gradient norm. scaled: whether a scaler skips steps that are not finite, which is its daily work."""
        if math.isfinite(value):
            self._overflows = 0
            return GOOD
        self._overflows += 1
        return BAD if not scaled or self._overflows >= OVERFLOWS else GOOD

    def forget(self) -> None:
        """The run goes on from somewhere else."""
        self._seen.clear()
        self._overflows = 0
