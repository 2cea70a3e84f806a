"""Write a prepared store from videos: parallel, resumable after any interruption, checksummed.

Decoding is the dear part of training on videos, and the same every epoch; here it is done once.
"""

from __future__ import annotations

import hashlib
import json
import os
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from typing import TYPE_CHECKING, Any, NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

from defib.action.data import cropping, index, video
from defib.action.data.pickles import Annotation, Annotations
from defib.action.data.store import CLIPS, FORMAT, FRAMES, MANIFEST, PICTURES, POSES
from defib.action.errors.data import VideoUnreadable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from defib.action.data.clips import Videos
    from defib.action.data.index import Index

SIDE = 320
"""Largest short side of a kept picture, in pixels: a crop of 56 % of the area still has 240 for a clip of 224."""
QUALITY = 90
"""Of JPEG."""
PADDING = 0.25
DONE = "done.jsonl"


class Kept(NamedTuple):
    """What is kept of one clip."""

    pictures: list[bytes]
    rectangle: tuple[float, float, float]
    """Left, top and scale of the kept part: a point p of the video is at (p - (left, top)) * scale."""
    size: tuple[int, int]
    """Height and width."""


class Settings(NamedTuple):
    """How pictures are kept. A store made with others is made anew."""

    side: int = SIDE
    quality: int = QUALITY
    padding: float = PADDING


class Report(NamedTuple):
    """What was prepared, and which clips could not be."""

    done: int
    broken: dict[str, str]
    """Name -> why."""


def prepare(  # noqa: PLR0913 (what a preparation is, by name)
    clips: Index,
    videos: Videos,
    folder: Path,
    *,
    settings: Settings = Settings(),  # noqa: B008 (frozen)
    jobs: int = 1,
    progress: Callable[[int, int], None] | None = None,
) -> Report:
    """Write a store, or go on with one that was interrupted. Clips whose video cannot be read are left out and told.

    jobs: processes that decode.
    """
    folder.mkdir(parents=True, exist_ok=True)
    records = _taken_up(folder, settings)  # by name: another list of clips to leave out moves every place
    names = [clips.name(at) for at in range(len(clips.clips))]
    before = {name: records[name] for name in names if name in records}
    broken = {name: str(record["broken"]) for name, record in before.items() if "broken" in record}
    first = dict(zip(reversed(names), reversed(range(len(names))), strict=True))  # two of one name have one video
    left, done = sorted(at for name, at in first.items() if name not in records), len(before)
    with (folder / PICTURES).open("ab") as pictures, (folder / DONE).open("a", encoding="utf-8") as log:
        for at, kept in _decoded(clips, videos, left, settings, jobs):
            record: dict[str, Any] = {"name": names[at], "begin": pictures.tell()}
            if isinstance(kept, str):
                broken[names[at]] = record["broken"] = kept
            else:
                whole = b"".join(kept.pictures)
                pictures.write(whole)
                record |= {"sizes": [len(one) for one in kept.pictures], "part": kept.rectangle, "size": kept.size}
                record["sha256"] = hashlib.sha256(whole).hexdigest()
            pictures.flush()
            os.fsync(pictures.fileno())  # the picture before the word that it is there
            log.write(json.dumps(record) + "\n")
            log.flush()
            records[names[at]], done = record, done + 1
            if progress is not None:
                progress(done, len(first))
    _finish(folder, clips, records, settings)
    return Report(sum(name not in broken for name in names), broken)


def verify(folder: Path) -> list[str]:
    """The names of clips whose pictures are not what was written."""
    wrong = []
    with (folder / PICTURES).open("rb") as pictures:
        for record in _lines(folder / DONE):
            if "sizes" in record:
                pictures.seek(record["begin"])
                if hashlib.sha256(pictures.read(sum(record["sizes"]))).hexdigest() != record["sha256"]:
                    wrong.append(str(record["name"]))
    return wrong


def _taken_up(folder: Path, settings: Settings) -> dict[str, dict[str, Any]]:
    """What an earlier preparation with the same settings has done; what lies behind it is cut away."""
    marked = folder / "settings.json"
    same = marked.is_file() and json.loads(marked.read_text(encoding="utf-8")) == settings._asdict()
    if not same:
        for name in (PICTURES, DONE, MANIFEST):
            (folder / name).unlink(missing_ok=True)
        marked.write_text(json.dumps(settings._asdict()), encoding="utf-8")
    records = {str(record["name"]): record for record in _lines(folder / DONE)}
    end = max((record["begin"] + sum(record.get("sizes", [])) for record in records.values()), default=0)
    with (folder / PICTURES).open("ab") as pictures:
        pictures.truncate(end)
    text = "".join(json.dumps(record) + "\n" for record in records.values())
    (folder / DONE).write_text(text, encoding="utf-8")  # without a half-written last line
    return records


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    if path.is_file():
        for line in path.read_text(encoding="utf-8").splitlines():
            try:
                yield json.loads(line)
            except json.JSONDecodeError:  # cut off while it was written
                return


def _decoded(
    clips: Index, videos: Videos, places: list[int], settings: Settings, jobs: int
) -> Iterator[tuple[int, Kept | str]]:
    """The clips as they are ready; a text where one cannot be read."""
    if jobs <= 1:
        for at in places:
            yield at, _kept(clips, videos, at, settings)
        return
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        waiting = {pool.submit(_kept, clips, videos, at, settings): at for at in places}
        for ready in as_completed(waiting):
            yield waiting[ready], ready.result()


def _kept(clips: Index, videos: Videos, at: int, settings: Settings) -> Kept | str:
    poses = clips.poses(at)
    part = cropping.around(poses.points, poses.scores, poses.size, settings.padding)
    pictures, rectangle, size = list[bytes](), (0.0, 0.0, 1.0), (0, 0)
    try:
        for frame in video.every(videos.path(clips.name(at))):
            cut, rectangle = _cut(frame, part, poses.size, settings.side)
            size = (cut.shape[0], cut.shape[1])
            done, packed = cv2.imencode(".jpg", cut[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, settings.quality])
            assert done
            pictures.append(packed.tobytes())
    except VideoUnreadable as error:
        return error.words.en
    return Kept(pictures, rectangle, size)


def _cut(
    frame: npt.NDArray[np.uint8], part: cropping.Rectangle, size: tuple[int, int], side: int
) -> tuple[npt.NDArray[np.uint8], tuple[float, float, float]]:
    """The part of a frame within its edges, shrunk; and how to find a point of the poses' picture in it."""
    ratio = frame.shape[1] / size[1]
    left, top = max(0, int(part.left * ratio)), max(0, int(part.top * ratio))
    right = min(frame.shape[1], int(np.ceil((part.left + part.width) * ratio)))
    bottom = min(frame.shape[0], int(np.ceil((part.top + part.height) * ratio)))
    cut = frame[top : max(bottom, top + 1), left : max(right, left + 1)]
    shrink = min(1.0, side / min(cut.shape[:2]))
    if shrink < 1:
        wanted = (max(1, round(cut.shape[1] * shrink)), max(1, round(cut.shape[0] * shrink)))
        cut = np.asarray(cv2.resize(cut, wanted, interpolation=cv2.INTER_AREA), np.uint8)
    return cut, (left / ratio, top / ratio, ratio * shrink)


def _finish(folder: Path, clips: Index, records: dict[str, dict[str, Any]], settings: Settings) -> None:
    """The lists of clips and frames, the poses in pixels of the kept pictures, and last of all the manifest.

    Pictures of clips that are left out now stay where they are; no list leads to them.
    """
    order = sorted((name for name in records if records[name].get("sizes")), key=lambda name: records[name]["begin"])
    sizes = [size for name in order for size in records[name]["sizes"]]
    offsets = np.concatenate(([0], np.cumsum(np.array(sizes, np.int64))))
    first, begin = {}, 0
    for name in order:
        first[name] = begin
        begin += len(records[name]["sizes"])
    good = [at for at in range(len(clips.clips)) if clips.name(at) in first]
    np.save(folder / FRAMES, offsets)
    found = [(first[clips.name(at)], len(records[clips.name(at)]["sizes"])) for at in good]
    np.save(folder / CLIPS, np.array(found, np.int64).reshape(-1, 2))
    kept = [_moved(clips, at, records[clips.name(at)]) for at in good]
    names = {clips.name(at) for at in good}
    splits = {
        key: [name for name in (clips.name(int(at)) for at in places) if name in names]
        for key, places in clips.splits.items()
    }
    index.write(folder / POSES, Annotations(kept, splits))
    about = {
        "format": FORMAT,
        "clips": len(good),
        "frames": len(sizes),
        "bytes": int(offsets[-1]),
        **settings._asdict(),
    }
    temporary = folder / f".{MANIFEST}"
    temporary.write_text(json.dumps(about, indent=1), encoding="utf-8")
    temporary.replace(folder / MANIFEST)


def _moved(clips: Index, at: int, record: dict[str, Any]) -> Annotation:
    """The poses of a clip in pixels of its kept pictures; joints that are not there stay at zero."""
    poses, row = clips.poses(at), clips.clips[at]
    left, top, scale = record["part"]
    there = (poses.points != 0).any(-1, keepdims=True)
    points = np.where(there, (poses.points.astype(np.float32) - np.array([left, top], np.float32)) * scale, 0)
    height, width = record["size"]
    return Annotation(clips.name(at), int(row["label"]), int(row["total"]), (height, width), points, poses.scores)
