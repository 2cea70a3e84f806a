"""`.skeleton` files of NTU RGB+D: what the Kinect wrote, frame by frame, as text."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from defib.action.errors.data import SkeletonUnreadable
from defib.words import Words, same

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

JOINTS, COLUMNS, BODY = 25, 12, 10
LARGEST = 64 * 2**20
"""Bytes; real files have a few MB."""
MOST = 10_000
"""Frames, and bodies of a frame."""
A_COUNT = Words(en="a number from 0 to {most}", zh="0 到 {most} 之间的整数")
NUMBERS = Words(en="{count} numbers", zh="{count} 个数字")
ENDED = Words(en="the end of the file", zh="文件结尾")
SMALLER = Words(en="at most {most} bytes", zh="至多 {most} 字节")


class Skeleton(NamedTuple):
    """The bodies of a clip, those seen longest first. Frames in which a body is not seen are zero."""

    joints: npt.NDArray[np.float32]
    """[M, T, 25, 3], metres before the camera."""
    colour: npt.NDArray[np.float32]
    """[M, T, 25, 2], pixels of the 1920 x 1080 colour picture, which is mirrored; may be NaN or outside."""
    tracked: npt.NDArray[np.float32]
    """[M, T, 25]: 0 not tracked, 1 inferred, 2 tracked."""


def read(path: Path) -> Skeleton:
    """A `.skeleton` file.

    Raises SkeletonUnreadable with the line.
    """
    try:
        size = path.stat().st_size
        if size > LARGEST:
            raise SkeletonUnreadable(path=path, line=1, expected=SMALLER.fill(most=LARGEST), found=size)
        lines = path.read_text(encoding="ascii", errors="replace").split("\n")
    except OSError as error:
        raise SkeletonUnreadable(path=path, line=1, expected=same(".skeleton"), found=error.strerror) from None
    rows = _Rows(path, lines)
    frames = rows.count()
    bodies: dict[str, npt.NDArray[np.float32]] = {}
    for frame in range(frames):
        for _ in range(rows.count()):
            name = rows.body()
            if rows.count() != JOINTS:
                raise SkeletonUnreadable(path=path, line=rows.line, expected=same(str(JOINTS)), found=rows.last)
            whole = bodies.setdefault(name, np.zeros((frames, JOINTS, COLUMNS), np.float32))
            whole[frame] = [rows.numbers(COLUMNS) for _ in range(JOINTS)]
    order = sorted(bodies.values(), key=lambda one: -int((one != 0).any((1, 2)).sum()))
    found = np.stack(order) if order else np.zeros((0, frames, JOINTS, COLUMNS), np.float32)
    return Skeleton(found[..., :3], found[..., 5:7], found[..., 11])


class _Rows:
    """The lines one after the other, with LF or CRLF ends."""

    def __init__(self, path: Path, lines: list[str]) -> None:
        self.path, self.line, self.last = path, 0, ""
        self._rows: Iterator[str] = iter(lines)

    def _next(self, expected: Words) -> str:
        for text in self._rows:
            self.line += 1
            if text.strip():
                self.last = text.strip()
                return self.last
        raise SkeletonUnreadable(path=self.path, line=self.line, expected=expected, found=ENDED)

    def count(self) -> int:
        expected = A_COUNT.fill(most=MOST)
        text = self._next(expected)
        if not text.isdecimal() or int(text) > MOST:
            raise SkeletonUnreadable(path=self.path, line=self.line, expected=expected, found=text[:80])
        return int(text)

    def body(self) -> str:
        words = self._next(NUMBERS.fill(count=BODY)).split()
        if len(words) != BODY:
            raise SkeletonUnreadable(
                path=self.path, line=self.line, expected=NUMBERS.fill(count=BODY), found=self.last[:80]
            )
        return words[0]

    def numbers(self, count: int) -> list[float]:
        words = self._next(NUMBERS.fill(count=count)).split()
        try:
            found = [float(word) for word in words]
        except ValueError:
            found = []
        if len(found) != count:
            raise SkeletonUnreadable(
                path=self.path, line=self.line, expected=NUMBERS.fill(count=count), found=self.last[:80]
            )
        return found
