"""A look into every video: is it there, can it be decoded, and is it as long as its poses?"""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import TYPE_CHECKING

from defib.action.data import video
from defib.action.errors.data import VideoUnreadable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from defib.action.data.clips import Videos
    from defib.action.data.index import Index

FRAMES_OFF = 1
"""Frames by which video and poses may differ: encoders round."""


def lengths(index: Index, videos: Videos, *, quick: bool, jobs: int) -> Iterator[tuple[int, str | None]]:
    """Place of each clip, and what is wrong with its video: `missing`, `broken`, `short`, `long` or None."""
    places = range(len(index.clips))
    if jobs <= 1:
        yield from ((at, _looked(videos, index.name(at), int(index.clips["frames"][at]), quick)) for at in places)
        return
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        waiting = [pool.submit(_looked, videos, index.name(at), int(index.clips["frames"][at]), quick) for at in places]
        for at, ready in enumerate(waiting):
            yield at, ready.result()


def _looked(videos: Videos, name: str, frames: int, quick: bool) -> str | None:  # noqa: FBT001 (called by a pool)
    try:
        path = videos.path(name)
    except VideoUnreadable:
        return "missing"
    try:
        if quick:
            video.frames(path, [0])
            return None
        found = video.length(path)
    except VideoUnreadable:
        return "broken"
    if found == 0:
        return "broken"
    if found < frames:
        return "short"
    return "long" if found > frames + FRAMES_OFF else None
