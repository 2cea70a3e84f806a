"""Which frames of a clip are looked at: one from each of equal stretches (uniform sampling, Duan et al., CVPR 2022)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt


def random_frames(total: int, count: int, chance: np.random.Generator) -> npt.NDArray[np.int64]:
    """One frame at random from each of `count` stretches of a clip of `total` frames; a short clip repeats frames."""
    return _frames(total, count, chance.random(count))


def even_frames(total: int, count: int, clips: int) -> npt.NDArray[np.int64]:
    """For each of several clips one frame from each stretch, at a place of the stretch that is the clip's own.

    Returns [clips, count]. The same whenever it is asked: no random number is drawn.

    >>> even_frames(16, 4, 1).tolist(), even_frames(16, 4, 2).tolist()
    ([[2, 6, 10, 14]], [[1, 5, 9, 13], [3, 7, 11, 15]])
    """
    places = (np.arange(clips) + 0.5) / clips
    return np.stack([_frames(total, count, np.full(count, place)) for place in places])


def _frames(total: int, count: int, places: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
    found = np.floor((np.arange(count) + places) * total / count).astype(np.int64)
    return np.clip(found, 0, max(total - 1, 0))
