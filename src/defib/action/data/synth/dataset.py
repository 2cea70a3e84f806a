"""A dataset of made-up people in the form of NTU RGB+D: H.264 videos, and a pickle of poses as pyskl has it."""

from __future__ import annotations

import json
import os
import pickle
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from typing import TYPE_CHECKING, Any, NamedTuple

import av
import numpy as np

from defib.action.data.ntu import TEST_CAMERA
from defib.action.data.synth import clip as clips
from defib.action.data.synth.classes import chosen
from defib.action.errors.data import FolderTaken

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

CAMERAS = (1, 2, 3)
LENGTHS = (40, 80)
"""Frames."""
RATE = 30
QUALITY = {"crf": "20", "preset": "veryfast"}
VIDEOS, ANNOTATIONS, ABOUT = "videos", "annotations.pkl", "made.json"
FORMAT = 1


class Settings(NamedTuple):
    """Which people, and how large they are filmed."""

    classes: int = 10
    persons: int = 24
    repeats: int = 1
    width: int = 320
    height: int = 180
    seed: int = 0


def write(
    folder: Path, settings: Settings, *, jobs: int = 1, progress: Callable[[int, int], None] | None = None
) -> dict[str, int]:
    """Write the videos that are not there yet, then the annotations.

    A video appears under its name when it is whole, so that an interrupted call is taken up by the next.
    The last third of the persons is held out in `xsub`, camera 1 in `xview`.

    Returns how many clips each split has.

    Raises FolderTaken when the folder holds those of other settings.
    """
    _mark(folder, settings)
    takes = list(_takes(settings))
    found: dict[str, dict[str, Any]] = {}
    for name, annotation in _made(folder / VIDEOS, settings, takes, jobs):
        found[name] = annotation
        if progress is not None:
            progress(len(found), len(takes))
    names = [take.name(label) for label, take in takes]
    first_held_out = settings.persons - settings.persons // 3 + 1
    held_out = {
        "xsub": {take.name(label) for label, take in takes if take.person >= first_held_out},
        "xview": {take.name(label) for label, take in takes if take.camera == TEST_CAMERA},
    }
    splits = {}
    for protocol, mine in held_out.items():
        splits[f"{protocol}_train"] = [name for name in names if name not in mine]
        splits[f"{protocol}_val"] = [name for name in names if name in mine]
    whole = {"split": splits, "annotations": [found[name] for name in names]}
    fresh = folder / f".{ANNOTATIONS}"
    fresh.write_bytes(pickle.dumps(whole, protocol=4))
    fresh.replace(folder / ANNOTATIONS)
    return {name: len(mine) for name, mine in splits.items()}


def _mark(folder: Path, settings: Settings) -> None:
    """Say in the folder what it holds. Raises FolderTaken."""
    wanted = {"format": FORMAT, "made up": True, **settings._asdict()}
    marked = folder / ABOUT
    if marked.is_file():
        try:
            found = json.loads(marked.read_text(encoding="utf-8"))
        except ValueError:
            found = {}
        if found != wanted:
            differ = [key for key in wanted if found.get(key) != wanted[key]]
            one, other = (", ".join(f"{key} {given.get(key)}" for key in differ) for given in (found, wanted))
            raise FolderTaken(path=folder, found=one, wanted=other)
    (folder / VIDEOS).mkdir(parents=True, exist_ok=True)
    marked.write_text(json.dumps(wanted, indent=1), encoding="utf-8")


def _takes(settings: Settings) -> Iterator[tuple[int, clips.Take]]:
    for person in range(1, settings.persons + 1):
        for repeat in range(1, settings.repeats + 1):
            for label in range(settings.classes):
                for camera in CAMERAS:
                    yield (
                        label,
                        clips.Take(
                            seed=settings.seed, person=person, repeat=repeat, camera=camera, people=settings.persons
                        ),
                    )


def _made(
    videos: Path, settings: Settings, takes: list[tuple[int, clips.Take]], jobs: int
) -> Iterator[tuple[str, dict[str, Any]]]:
    if jobs <= 1:
        for label, take in takes:
            yield _one(videos, settings, label, take)
        return
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        waiting = [pool.submit(_one, videos, settings, label, take) for label, take in takes]
        for ready in as_completed(waiting):
            yield ready.result()


def _one(videos: Path, settings: Settings, label: int, take: clips.Take) -> tuple[str, dict[str, Any]]:
    """One video, where it is not there yet, and its annotation."""
    size = settings.width, settings.height
    made = clips.stage(chosen(settings.classes)[label], take, size=size, lengths=LENGTHS)
    name = take.name(label)
    path = videos / f"{name}_rgb.mp4"
    if not path.is_file():
        _encode(path, made, size)
    shape = (settings.height, settings.width)
    return name, {
        "frame_dir": name,
        "label": label,
        "img_shape": shape,
        "original_shape": shape,
        "total_frames": made.points.shape[1],
        "keypoint": made.points.astype(np.float16),
        "keypoint_score": made.scores.astype(np.float16),
    }


def _encode(path: Path, made: clips.Clip, size: tuple[int, int]) -> None:
    half = path.with_name(f".{path.stem}.{os.getpid()}.mp4")
    with av.open(str(half), "w") as container:
        stream = container.add_stream("libx264", rate=RATE, options=QUALITY)
        stream.width, stream.height = size
        stream.pix_fmt = "yuv420p"
        stream.thread_count = 1
        for image in clips.frames(made):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(np.ascontiguousarray(image), format="rgb24")))
        container.mux(stream.encode())
    half.replace(path)
