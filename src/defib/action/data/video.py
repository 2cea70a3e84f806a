"""Frames of a video, decoded by PyAV: only as far as needed, in one pass, whatever order they are asked in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import av
import numpy as np
import numpy.typing as npt

from defib.action.errors.data import VideoUnreadable
from defib.words import Words, same

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

NO_STREAM = Words(en="it holds no video", zh="其中没有视频")
SHORT = Words(
    en="frame {wanted} was asked for, but only {found} could be decoded", zh="需要第 {wanted} 帧，但只能解码 {found} 帧"
)
NOTHING = Words(en="no frame could be decoded", zh="没有任何一帧可以解码")
QUARTERS = 90
"""Degrees; rotation flags are multiples of them."""

Frame = npt.NDArray[np.uint8]


def frames(path: Path, wanted: Sequence[int]) -> list[Frame]:
    """Some frames of a video, counted from 0, each [H, W, 3] in RGB and upright; one asked for twice is the same array.

    Raises VideoUnreadable, also when the video is shorter than what is asked for.
    """
    last = max(wanted)
    needed, found = set(wanted), dict[int, Frame]()
    seen = 0
    for index, frame in enumerate(_decoded(path)):
        seen = index + 1
        if index in needed:
            found[index] = _upright(frame)
        if index == last:
            break
    if last not in found:
        raise VideoUnreadable(path=path, reason=SHORT.fill(wanted=last, found=seen) if seen else NOTHING)
    return [found[index] for index in wanted]


def every(path: Path) -> Iterator[Frame]:
    """All frames, one after the other.

    Raises VideoUnreadable where decoding fails.
    """
    for frame in _decoded(path):
        yield _upright(frame)


def length(path: Path) -> int:
    """How many frames can be decoded: counted, for the header of a damaged file says anything.

    Raises VideoUnreadable.
    """
    return sum(1 for _ in _decoded(path))


def _decoded(path: Path) -> Iterator[av.VideoFrame]:
    try:
        with av.open(str(path)) as container:
            if not container.streams.video:
                raise VideoUnreadable(path=path, reason=NO_STREAM)
            stream = container.streams.video[0]
            stream.thread_type = "SLICE"  # one clip a worker: threads over frames only wait for each other
            yield from container.decode(stream)
    except (av.error.FFmpegError, OSError) as error:
        reason = same(getattr(error, "strerror", None) or str(error))
        raise VideoUnreadable(path=path, reason=reason) from None


def _upright(frame: av.VideoFrame) -> Frame:
    """A frame as it is meant to be seen: phones film on their side and say so."""
    picture = np.asarray(frame.to_ndarray(format="rgb24"), np.uint8)
    turned = int(getattr(frame, "rotation", 0) or 0)
    return np.ascontiguousarray(np.rot90(picture, turned // QUARTERS)) if turned else picture
