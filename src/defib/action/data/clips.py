"""The dataset of a recipe: an index of poses, frames from videos or from a store, and the pipeline."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from defib import cache
from defib.action.data import index, leaving_out, pickles, pipeline, skeletons, video
from defib.action.data.config import StoreData, VideoData
from defib.action.data.store import Store
from defib.action.errors.data import VideoUnreadable
from defib.words import Words

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy as np
    import numpy.typing as npt

    from defib.action.data.config import PipelineConfig
    from defib.action.data.index import Index

ENDINGS = (".mp4", ".avi", ".mkv", ".webm", ".mov")
SUFFIXES = ("", "_rgb")
"""What stands between a clip's name and its ending; NTU's videos have `_rgb`."""
NOT_THERE = Words(en="there is no video of this name in {folder}", zh="{folder} 中没有这个名称的视频")


class Videos:
    """Frames from the videos of a folder."""

    def __init__(self, folder: Path, clips: Index) -> None:
        """folder: holds one file a clip."""
        self.folder, self.clips = folder, clips

    def __call__(self, at: int, wanted: Sequence[int]) -> list[npt.NDArray[np.uint8]]:
        """Some frames of a clip.

        Raises VideoUnreadable.
        """
        return video.frames(self.path(self.clips.name(at)), wanted)

    def path(self, name: str) -> Path:
        """The file of a clip. Raises VideoUnreadable when there is none."""
        for suffix in SUFFIXES:
            for ending in ENDINGS:
                path = self.folder / f"{name}{suffix}{ending}"
                if path.is_file():
                    return path
        raise VideoUnreadable(path=self.folder / name, reason=NOT_THERE.fill(folder=self.folder))


class ClipDataset:
    """Clips as tensors. A sample depends on seed, epoch and place alone."""

    def __init__(  # noqa: PLR0913 (what a dataset is, by name)
        self,
        clips: Index,
        frames: Callable[[int, Sequence[int]], list[npt.NDArray[np.uint8]]],
        places: npt.NDArray[np.int64],
        config: PipelineConfig,
        *,
        seed: int = 0,
        trains: bool,
        repeat: int = 1,
        test_clips: int = 1,
        flipped: bool = False,
    ) -> None:
        """places: of the index, which clips belong to it; repeat: times that an epoch goes through them."""
        self.clips, self.frames, self.places, self.config = clips, frames, places, config
        self.seed, self.trains, self.repeat, self.test_clips = seed, trains, repeat, test_clips
        self.flipped, self.epoch = flipped, 0

    def __len__(self) -> int:
        """Clips of an epoch."""
        return len(self.places) * self.repeat

    def set_epoch(self, epoch: int) -> None:
        """Which epoch the random numbers are for."""
        self.epoch = epoch

    def __getitem__(self, at: int) -> dict[str, Any]:
        """One clip.

        Raises VideoUnreadable.
        """
        place = int(self.places[at % len(self.places)])
        poses = self.clips.poses(place)

        def frames(wanted: Sequence[int]) -> list[npt.NDArray[np.uint8]]:
            return self.frames(place, wanted)

        if self.trains:
            found = pipeline.training(self.config, poses, frames, (self.seed, self.epoch, at))
        else:
            found = pipeline.held_out(self.config, poses, frames, self.test_clips, flipped=self.flipped)
        label = int(self.clips.clips["label"][place])
        return {"rgb": found.rgb, "pose": found.pose, "label": label, "name": self.clips.name(place)}


def opened(
    data: VideoData | StoreData, progress: Callable[[int, int], None] | None = None
) -> tuple[Index, Callable[[int, Sequence[int]], list[npt.NDArray[np.uint8]]]]:
    """The index and the frames of a recipe's data, without the clips that it leaves out.

    progress: told how many of how many clips are read, where they have to be.

    Raises AnnotationsUnreadable, StoreBroken, ListRefused.
    """
    exclude = None if data.exclude is None else Path(data.exclude)
    if isinstance(data, StoreData):
        store = Store(Path(data.store), exclude)
        return store.index, store.frames
    found = leaving_out.without(index_of(Path(data.annotations), progress), exclude)
    return found, Videos(Path(data.videos), found)


def source(data: VideoData | StoreData) -> str:
    """The file or folder that names the clips."""
    return data.store if isinstance(data, StoreData) else data.annotations


def index_of(path: Path, progress: Callable[[int, int], None] | None = None) -> Index:
    """The index of a pose pickle or of a folder of `.skeleton` files, made once and kept in the user's cache folder.

    progress: told how many of how many clips are read, where they have to be.

    Raises AnnotationsUnreadable, SkeletonUnreadable, NotAnNtuName, StoreBroken.
    """
    found = sorted(path.glob("*.skeleton")) if path.is_dir() else [path]
    stats = [one.stat() for one in found if one.is_file()]
    mark = f"{path.resolve()}\n{len(stats)}\n{sum(one.st_size for one in stats)}\n{max((one.st_mtime_ns for one in stats), default=0)}"
    folder = cache.folder() / "index" / hashlib.sha256(mark.encode()).hexdigest()[:24]
    if not (folder / "about.json").is_file():
        made = skeletons.read(path, found, progress) if path.is_dir() else pickles.read(path, progress)
        index.write(folder, made)
    return index.read(folder)
