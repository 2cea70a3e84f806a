"""Pose pickles of pyskl and mmaction2, read without executing anything: numbers, texts and arrays only."""

from __future__ import annotations

import io
import pickle
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt

from defib.action.errors import reason
from defib.action.errors.data import AnnotationsUnreadable
from defib.words import Words

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

ALLOWED: dict[tuple[str, str], Any] = {
    **{
        (f"numpy.{core}.multiarray", name): getattr(np._core.multiarray, name)  # type: ignore[attr-defined]  # noqa: SLF001 (as pickles name them)
        for core in ("core", "_core")
        for name in ("_reconstruct", "scalar")
    },
    **{
        (f"numpy.{core}.numeric", "_frombuffer"): np._core.numeric._frombuffer  # type: ignore[attr-defined]  # noqa: SLF001 (as pickles name it)
        for core in ("core", "_core")
    },
    ("numpy", "ndarray"): np.ndarray,
    ("numpy", "dtype"): np.dtype,
}
"""What a pickle of arrays calls, `_frombuffer` since protocol 5. `_codecs.encode` stands for bytes that Python 2 wrote."""
UNSAFE = Words(en="it wants to call {name}, which is refused", zh="它要调用 {name}，已拒绝")
NO_DICTIONARY = Words(en="it holds no dictionary with annotations", zh="其中没有含 annotations 的字典")
ODD = Words(en="annotation {index} ({name}): {problem}", zh="第 {index} 条标注（{name}）：{problem}")
LACKS = Words(en="it has no {key}", zh="缺少 {key}")
SHAPES = Words(
    en="keypoint is {points} and keypoint_score {scores}; expected [M, T, K, 2] and [M, T, K]",
    zh="keypoint 为 {points}，keypoint_score 为 {scores}；应为 [M, T, K, 2] 和 [M, T, K]",
)
LABEL = Words(en="label is {found}, no whole number", zh="label 为 {found}，不是整数")


class Annotation(NamedTuple):
    """The poses of one clip."""

    name: str
    label: int
    frames: int
    size: tuple[int, int]
    """Height and width of the picture that the poses are for."""
    points: npt.NDArray[np.floating]
    """[M, T, K, 2]."""
    scores: npt.NDArray[np.floating]
    """[M, T, K]; ones where the file has none."""


class Annotations(NamedTuple):
    """A pose file."""

    clips: list[Annotation]
    splits: dict[str, list[str]]
    """Names of clips; empty for a file that is one split by itself."""


class _Restricted(pickle.Unpickler):
    """Knows arrays, and nothing that does anything."""

    def find_class(self, module: str, name: str) -> Any:  # noqa: ANN401 (pickle's own signature)
        if (module, name) == ("_codecs", "encode"):
            return _bytes
        found = ALLOWED.get((module, name))
        if found is None:
            message = f"{module}.{name}"
            raise _Unsafe(message)
        return found


class _Unsafe(pickle.UnpicklingError):
    """Something that is not on the list."""


def read(path: Path, progress: Callable[[int, int], None] | None = None) -> Annotations:
    """A pose pickle.

    progress: told of annotations done and of how many there are.

    Raises AnnotationsUnreadable.
    """
    try:
        data = path.read_bytes()
        found = _Restricted(io.BytesIO(data)).load()
    except _Unsafe as error:
        raise AnnotationsUnreadable(path=path, reason=UNSAFE.fill(name=error)) from None
    except Exception as error:  # noqa: BLE001 (a damaged pickle may end in any error)
        raise AnnotationsUnreadable(path=path, reason=reason(error)) from None
    listed = found.get("annotations") if isinstance(found, dict) else found
    if not isinstance(listed, list):
        raise AnnotationsUnreadable(path=path, reason=NO_DICTIONARY)
    clips = []
    for index, one in enumerate(listed):
        clips.append(_clip(path, index, one))
        if progress is not None:
            progress(index + 1, len(listed))
    splits = found.get("split", {}) if isinstance(found, dict) else {}
    named = (
        {str(key): [str(name) for name in names] for key, names in splits.items()} if isinstance(splits, dict) else {}
    )
    return Annotations(clips, named)


def _clip(path: Path, index: int, one: object) -> Annotation:
    def odd(problem: Words, name: object = "-") -> AnnotationsUnreadable:
        return AnnotationsUnreadable(path=path, reason=ODD.fill(index=index, name=name, problem=problem))

    if not isinstance(one, dict):
        raise odd(LACKS.fill(key="frame_dir"))
    name = one.get("frame_dir", one.get("filename"))
    for key, value in (("frame_dir", name), ("label", one.get("label")), ("keypoint", one.get("keypoint"))):
        if value is None:
            raise odd(LACKS.fill(key=key), name)
    label, points = one["label"], one["keypoint"]
    if isinstance(label, bool) or not isinstance(label, int | np.integer):
        raise odd(LABEL.fill(found=repr(label)[:40]), name)
    scores = one.get("keypoint_score")
    points = np.asarray(points)
    if scores is None and points.ndim == 4:  # noqa: PLR2004 (M, T, K, D)
        scores = np.ones(points.shape[:3], points.dtype)
    scores = np.asarray(scores)
    fits = points.ndim == 4 and points.shape[3] >= 2 and points.shape[:3] == scores.shape  # noqa: PLR2004
    if not fits or points.dtype.kind != "f" or scores.dtype.kind != "f":
        raise odd(SHAPES.fill(points=list(points.shape), scores=list(scores.shape)), name)
    size = one.get("img_shape") or one.get("original_shape") or (1080, 1920)
    total = one.get("total_frames")
    frames = points.shape[1] if total is None else int(total)
    return Annotation(str(name), int(label), frames, (int(size[0]), int(size[1])), points[..., :2], scores)


def _bytes(text: str, encoding: str) -> bytes:
    """What Python 2 wrote as text that stands for bytes."""
    if encoding != "latin1":
        message = f"_codecs.encode({encoding})"
        raise _Unsafe(message)
    return text.encode("latin1")
