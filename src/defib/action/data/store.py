"""A prepared store: every frame of every clip as a small picture of its own, all in one large file.

Frames are JPEG, one after the other, cut to the square around the people of the whole clip and shrunk; so any frame
costs the same, and what several workers read is the system's one copy. `prepare.py` writes it.
"""

from __future__ import annotations

import json
from functools import cached_property
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np
import numpy.typing as npt

from defib.action.data import index, leaving_out
from defib.action.errors import reason
from defib.action.errors.data import StoreBroken
from defib.words import Words

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

FORMAT = 1
MANIFEST, PICTURES, CLIPS, FRAMES, POSES = "manifest.json", "pictures.bin", "clips.npy", "frames.npy", "poses"
DAMAGED = Words(en="frame {frame} of {name} is damaged", zh="{name} 的第 {frame} 帧已损坏")
UNFINISHED = Words(en="it is not finished", zh="尚未准备完成")
SIZES = Words(
    en="{file} has {found} bytes, the manifest says {wanted}", zh="{file} 有 {found} 字节，清单记录为 {wanted}"
)


class Store:
    """An opened store. Its poses are in pixels of its own pictures."""

    def __init__(self, folder: Path, exclude: Path | None = None) -> None:
        """exclude: a list of clips to leave out.

        Raises StoreBroken when it is not whole, ListRefused.
        """
        self.folder, self.exclude = folder, exclude
        try:
            self.manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
            self.clips = np.load(folder / CLIPS, allow_pickle=False)
            self.offsets = np.load(folder / FRAMES, "r", allow_pickle=False)
            found = (folder / PICTURES).stat().st_size
        except FileNotFoundError as error:
            done = (folder / "done.jsonl").is_file()
            why = UNFINISHED if done else index.MISSING.fill(file=error.filename, reason=error.strerror)
            raise StoreBroken(path=folder, reason=why) from None
        except (OSError, ValueError, EOFError) as error:
            raise StoreBroken(path=folder, reason=index.MISSING.fill(file=folder, reason=reason(error))) from None
        if found != self.manifest.get("bytes"):
            why = SIZES.fill(file=PICTURES, found=found, wanted=self.manifest.get("bytes"))
            raise StoreBroken(path=folder, reason=why)
        self.index = leaving_out.without(index.read(folder / POSES), exclude)
        if self.index.kept is not None:
            self.clips = self.clips[self.index.kept]

    def __reduce__(self) -> tuple[Any, ...]:
        """A copy for another process is the folder opened there: pictures and poses are not sent."""
        return Store, (self.folder, self.exclude)

    @cached_property
    def _pictures(self) -> npt.NDArray[np.uint8]:
        """Mapped when first used, in each worker for itself."""
        return np.memmap(self.folder / PICTURES, np.uint8, "r")

    def frames(self, at: int, wanted: Sequence[int]) -> list[npt.NDArray[np.uint8]]:
        """Some frames of a clip, each [H, W, 3]; behind its end the last one.

        Raises StoreBroken.
        """
        first, count = (int(one) for one in self.clips[at])
        found: dict[int, npt.NDArray[np.uint8]] = {}
        for number in set(wanted):
            row = first + min(number, count - 1)
            picture = cv2.imdecode(self._pictures[self.offsets[row] : self.offsets[row + 1]], cv2.IMREAD_COLOR_RGB)
            if picture is None:
                raise StoreBroken(path=self.folder, reason=DAMAGED.fill(name=self.index.name(at), frame=number))
            found[number] = np.asarray(picture, np.uint8)
        return [found[number] for number in wanted]
