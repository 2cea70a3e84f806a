"""NTU RGB+D as distributed: a folder of `.skeleton` files becomes the annotations that a pickle would hold."""

from __future__ import annotations

import os
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import TYPE_CHECKING

import numpy as np

from defib.action.data import ntu, posefile, skeleton
from defib.action.data.pickles import Annotation, Annotations
from defib.action.errors.data import AnnotationsUnreadable
from defib.words import Words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

PROTOCOLS = {60: ("xsub", "xview"), 120: ("xsub120", "xset")}
"""Splits by the largest number of a class."""
FEW = 64
"""Files that are read without further processes."""
NO_FILES = Words(en="there is no .skeleton file in this folder", zh="该目录中没有 .skeleton 文件")
NOBODY = Words(en="none of its {count} files holds a person", zh="其中 {count} 个文件都没有人")


def read(folder: Path, files: Sequence[Path], progress: Callable[[int, int], None] | None = None) -> Annotations:
    """The bodies of every file as COCO's 17 joints in the colour picture, with the official splits.

    A file without a body is left out, as in the pickles of pyskl; 302 of NTU RGB+D 60 are said to be so.

    Raises AnnotationsUnreadable, SkeletonUnreadable, NotAnNtuName.
    """
    if not files:
        raise AnnotationsUnreadable(path=folder, reason=NO_FILES)
    found = list[Annotation]()
    for done, one in enumerate(_all(files), 1):
        if one is not None:
            found.append(one)
        if progress is not None:
            progress(done, len(files))
    if not found:
        raise AnnotationsUnreadable(path=folder, reason=NOBODY.fill(count=len(files)))
    names = {one.name: ntu.parsed(one.name) for one in found}
    large = max(one.action for one in names.values()) > min(PROTOCOLS)
    splits = {}
    for protocol in PROTOCOLS[120 if large else 60]:
        splits[f"{protocol}_train"] = [name for name, said in names.items() if said.trains(protocol)]
        splits[f"{protocol}_val"] = [name for name, said in names.items() if not said.trains(protocol)]
    return Annotations(found, splits)


def _all(files: Sequence[Path]) -> Iterator[Annotation | None]:
    if len(files) <= FEW:
        yield from map(_one, files)
        return
    with ProcessPoolExecutor(os.cpu_count() or 1, mp_context=get_context("spawn")) as pool:
        yield from pool.map(_one, files, chunksize=16)


def _one(path: Path) -> Annotation | None:
    poses = posefile.from_kinect(skeleton.read(path), posefile.COCO)
    if not poses.points.size or not poses.scores.any():
        return None
    name = ntu.parsed(path.name)
    points, scores = poses.points.astype(np.float16), poses.scores.astype(np.float16)
    return Annotation(path.stem, name.label, points.shape[1], poses.size, points, scores)
