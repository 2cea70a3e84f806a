"""Clips that a list leaves out: the published ones of skeletons that are missing or wrong, or one's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from defib.action.errors import reason
from defib.action.errors.data import ListRefused
from defib.words import Words

if TYPE_CHECKING:
    from pathlib import Path

    from defib.action.data.index import Index

ENDINGS = (".skeleton", ".avi", ".mp4", "_rgb")
FITS_NOTHING = Words(
    en="none of its {count} names is a clip of {index}, e.g. {example}: it is for other data, or they are left out there already",
    zh="其中 {count} 个名称都不是 {index} 中的片段，例如 {example}：列表属于别的数据，或这些片段已被排除",
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


def without(clips: Index, path: Path | None) -> Index:
    """The clips that a list does not name; all of them without a list.

    Raises ListRefused, also when the list names no clip at all: it belongs to other data.
    """
    if path is None:
        return clips
    left = names(path)
    kept = np.array([at for at in range(len(clips.clips)) if clips.name(at) not in left], np.int64)
    if len(kept) == len(clips.clips):
        words = FITS_NOTHING.fill(count=len(left), index=clips.folder, example=min(left))
        raise ListRefused(path=path, reason=words)
    return clips.only(kept)
