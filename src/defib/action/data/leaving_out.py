"""Clips that a list leaves out: the published ones of skeletons that are missing or wrong, or one's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from defib.action.errors import reason
from defib.action.errors.data import ListRefused
from defib.words import Words

if TYPE_CHECKING:
    from pathlib import Path

    import numpy.typing as npt

    from defib.action.data.index import Index

ENDINGS = (".skeleton", ".avi", ".mp4", "_rgb")
FITS_NOTHING = Words(
    en="none of its {count} names is a clip of {index}, e.g. {example}",
    zh="其中 {count} 个名称都不是 {index} 中的片段，例如 {example}",
)
EMPTY = Words(en="it holds no name", zh="其中没有名称")


def names(path: Path) -> set[str]:
    """The names in a text file, one a line, with or without a file's ending.

    Lines of several words are prose, as at the top of NTU RGB+D's list of missing skeletons; `#` begins a remark.

    Raises ListRefused.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ListRefused(path=path, reason=reason(error)) from None
    found = {words[0] for words in (line.partition("#")[0].split() for line in lines) if len(words) == 1}
    for ending in ENDINGS:
        found = {name.removesuffix(ending) for name in found}
    if not found:
        raise ListRefused(path=path, reason=EMPTY)
    return found


def without(clips: Index, places: npt.NDArray[np.int64], path: Path | None) -> npt.NDArray[np.int64]:
    """The places of a split whose clips a list does not name.

    Raises ListRefused, also when the list names no clip of the whole index: it belongs to other data.
    """
    if path is None:
        return places
    left = names(path)
    if not any(clips.name(at) in left for at in range(len(clips.clips))):
        words = FITS_NOTHING.fill(count=len(left), index=clips.folder, example=min(left))
        raise ListRefused(path=path, reason=words)
    return np.asarray([at for at in places if clips.name(int(at)) not in left], np.int64)
