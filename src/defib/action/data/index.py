"""The poses and labels of a set of clips as flat files, memory-mapped: opened in a moment, shared by all workers.

A folder: `clips.npy` (one row a clip), `points.npy` and `scores.npy` (all clips one after the other), `splits.npz`,
`about.json`. What an epoch does not look at is never read.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt

from defib.action.data.pipeline import Poses
from defib.action.errors import reason
from defib.action.errors.data import NoSuchSplit, StoreBroken
from defib.words import Words

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from defib.action.data.pickles import Annotations

FORMAT = 1
ROW = np.dtype(
    [
        ("name", "S64"),
        ("label", "i4"),
        ("people", "i4"),
        ("frames", "i4"),
        ("total", "i4"),
        ("height", "i4"),
        ("width", "i4"),
        ("begin", "i8"),
    ]
)
"""A clip; `begin` is its first row among the points, which are [people * frames] rows of [K, 2]."""
MISSING = Words(en="{file} is missing or damaged ({reason})", zh="{file} 缺失或已损坏（{reason}）")
OTHER_FORMAT = Words(en="it is of format {found}, this is {known}", zh="它的格式为 {found}，这里为 {known}")
CUT_OFF = Words(en="{file} is cut off: {found} rows of {wanted}", zh="{file} 不完整：应有 {wanted} 行，实有 {found} 行")


class Index(NamedTuple):
    """A set of clips."""

    folder: Path
    clips: npt.NDArray[np.void]
    """[N] of `ROW`."""
    points: npt.NDArray[np.floating]
    """[rows, K, 2]."""
    scores: npt.NDArray[np.floating]
    """[rows, K]."""
    splits: dict[str, npt.NDArray[np.int64]]
    """Places of clips."""
    kept: npt.NDArray[np.int64] | None = None
    """Where a part of a folder's clips stands in it; None for all of them."""

    def __reduce__(self) -> tuple[Any, ...]:
        """A copy for another process is the folder opened there: the poses themselves are not sent."""
        return (read, (self.folder,)) if self.kept is None else (_part, (self.folder, self.kept))

    def only(self, places: npt.NDArray[np.int64]) -> Index:
        """The clips of some places, in that order; they and the splits count anew."""
        now = np.full(len(self.clips), -1, np.int64)
        now[places] = np.arange(len(places))
        splits = {name: now[old][now[old] >= 0] for name, old in self.splits.items()}
        kept = places if self.kept is None else self.kept[places]
        return self._replace(clips=self.clips[places], splits=splits, kept=kept)

    def name(self, at: int) -> str:
        """The name of a clip."""
        return bytes(self.clips["name"][at]).decode()

    def poses(self, at: int) -> Poses:
        """The poses of a clip."""
        row = self.clips[at]
        people, frames, begin = int(row["people"]), int(row["frames"]), int(row["begin"])
        stop = begin + people * frames
        shape = (people, frames, self.points.shape[1])
        return Poses(
            np.asarray(self.points[begin:stop]).reshape(*shape, 2),
            np.asarray(self.scores[begin:stop]).reshape(shape),
            (int(row["height"]), int(row["width"])),
        )

    def split(self, name: str) -> npt.NDArray[np.int64]:
        """The places of a split's clips.

        Raises NoSuchSplit with those that there are.
        """
        found = self.splits.get(name)
        if found is None:
            raise NoSuchSplit(path=self.folder, split=name, known=", ".join(self.splits) or "-")
        return found


def write(folder: Path, annotations: Annotations) -> None:
    """Write an index. Clips named by no split stay; a split's names that have no clip are left out, and counted in about.json."""
    folder.mkdir(parents=True, exist_ok=True)
    clips = annotations.clips
    rows = np.zeros(len(clips), ROW)
    begin = 0
    for at, clip in enumerate(clips):
        people, frames = clip.points.shape[:2]
        rows[at] = (clip.name.encode(), clip.label, people, frames, clip.frames, *clip.size, begin)
        begin += people * frames
    joints = clips[0].points.shape[2] if clips else 0
    half = all(clip.points.dtype == np.float16 for clip in clips)
    np.save(folder / "clips.npy", rows)
    _fill(folder / "points.npy", (begin, joints, 2), half, (clip.points.reshape(-1, joints, 2) for clip in clips))
    _fill(folder / "scores.npy", (begin, joints), half, (clip.scores.reshape(-1, joints) for clip in clips))
    place = {clip.name: at for at, clip in enumerate(clips)}
    splits = annotations.splits or {"all": list(place)}
    found = {key: np.array([place[name] for name in names if name in place], np.int64) for key, names in splits.items()}
    np.savez(folder / "splits.npz", **found)  # type: ignore[arg-type]
    lost = {key: sum(name not in place for name in names) for key, names in splits.items()}
    about = {"format": FORMAT, "clips": len(clips), "joints": joints, "rows": begin, "names_without_clip": lost}
    (folder / "about.json").write_text(json.dumps(about, indent=1), encoding="utf-8")


def read(folder: Path) -> Index:
    """Open an index. Nothing but its list of clips is read.

    Raises StoreBroken.
    """
    try:
        about = json.loads((folder / "about.json").read_text(encoding="utf-8"))
        if about.get("format") != FORMAT:
            raise StoreBroken(path=folder, reason=OTHER_FORMAT.fill(found=about.get("format"), known=FORMAT))
        clips = np.load(folder / "clips.npy", allow_pickle=False)
        points, scores = (np.load(folder / f"{name}.npy", "r", allow_pickle=False) for name in ("points", "scores"))
        with np.load(folder / "splits.npz", allow_pickle=False) as packed:
            splits = {key: packed[key] for key in packed.files}
    except (OSError, ValueError, EOFError) as error:
        name = getattr(error, "filename", None) or folder
        raise StoreBroken(path=folder, reason=MISSING.fill(file=name, reason=reason(error))) from None
    if len(clips) != about.get("clips") or len(points) != about.get("rows"):
        cut_off = CUT_OFF.fill(file="points.npy", found=len(points), wanted=about.get("rows"))
        raise StoreBroken(path=folder, reason=cut_off)
    return Index(folder, clips, points, scores, splits)


def _part(folder: Path, kept: npt.NDArray[np.int64]) -> Index:
    return read(folder).only(kept)


def _fill(path: Path, shape: tuple[int, ...], half: bool, parts: Iterable[npt.NDArray[np.floating]]) -> None:  # noqa: FBT001
    """One array on the disk from many, without holding two copies."""
    target = np.lib.format.open_memmap(path, "w+", np.float16 if half else np.float32, shape)
    begin = 0
    for part in parts:
        target[begin : begin + len(part)] = part
        begin += len(part)
    target.flush()
