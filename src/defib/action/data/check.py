"""What would stop or spoil a training later, found before it begins.

Each check is a function of an index (and the videos) that gives findings; a finding names its evidence.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from defib.action.data import findings, looking, ntu
from defib.action.data.findings import Checked, Finding, Level
from defib.action.data.keypoints import LAYOUTS, layout_of
from defib.action.errors.data import NotAnNtuName

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from defib.action.data.clips import Videos
    from defib.action.data.index import Index
    from defib.action.taxonomy import Taxonomy
    from defib.words import Words

EXAMPLES = 5
SAMPLED = 2000
"""Clips whose poses are looked at closely, evenly over the index."""
RARE = 0.1
"""A class with less than this share of the mean number of clips is rare. Assumed."""
FRONTAL = 0.2
"""Share of bodies whose left shoulder is on the picture's right, below which sides are exchanged. Assumed; measured on
one paired clip of NTU: 0.94 right way round."""
FAR = 0.7
"""Length of bones over the distance of any two joints, above which bones join joints that are no neighbours. Assumed; measured
on made-up people: 0.51 in the right order, above 0.7 in 97 % of random ones."""
SURE = 0.3
"""Score above which a joint is taken for seen. Assumed."""


def check(  # noqa: PLR0913 (what is checked, by name)
    index: Index,
    taxonomy: Taxonomy,
    splits: tuple[str, str] | None,
    videos: Videos | None = None,
    *,
    quick: bool = False,
    jobs: int = 1,
    progress: Callable[[int, int], None] | None = None,
) -> Checked:
    """Everything, the worst first.

    splits: names of what is trained on and held out; every pair that the index has by default.
    quick: decode only the first frame of each video.
    progress: told how many of how many videos are decoded.
    """
    pairs = [splits] if splits is not None else sorted(_pairs(index))
    found = [*twice(index), *labels(index, taxonomy), *poses(index), *sides(index)]
    for train, val in pairs:
        found += [*leaks(index, train, val), *balance(index, taxonomy, (train, val))]
    if videos is not None:
        found += decoded(index, videos, quick=quick, jobs=jobs, progress=progress)
    order: tuple[Level, ...] = ("stop", "spoil", "note")
    found.sort(key=lambda finding: order.index(finding.level))
    seen = len(index.clips)
    return Checked(found, seen, seen if videos is not None else 0, len(_sample(index)))


def _pairs(index: Index) -> Iterator[tuple[str, str]]:
    for name in index.splits:
        other = name.replace("train", "val")
        if name != other and other in index.splits:
            yield name, other


def twice(index: Index) -> Iterator[Finding]:
    """Clips that bear the name of another: a split can mean only one of them, and both get the same video."""
    seen, again = set[str](), list[int]()
    for at, name in enumerate(_names(index)):
        if name in seen:
            again.append(at)
        seen.add(name)
    if again:
        yield Finding("spoil", findings.TWICE.fill(count=len(again)), _named(index, again))


def labels(index: Index, taxonomy: Taxonomy) -> Iterator[Finding]:
    """Labels that are no classes, and labels that contradict the clip's name."""
    label, last = index.clips["label"], len(taxonomy.fine) - 1
    wrong = np.flatnonzero((label < 0) | (label > last))
    if len(wrong):
        low, high = int(label.min()), int(label.max())
        words = findings.LABEL_SHIFTED if (low, high) == (1, last + 1) else findings.LABEL_RANGE
        says = words.fill(count=len(wrong), last=last, taxonomy=taxonomy.name, low=low, high=high)
        yield Finding("stop", says, _named(index, wrong))
    named = [(at, one) for at, one in enumerate(map(_parsed, _names(index))) if one is not None]
    other = [at for at, one in named if one.label != label[at]]
    if other:
        yield Finding("spoil", findings.LABEL_NAMES.fill(count=len(other), of=len(named)), _named(index, other))


def leaks(index: Index, train: str, val: str) -> Iterator[Finding]:
    """Clips, performers (of a split by subject) or cameras (of a split by view) that are on both sides."""
    sides_ = [index.split(name) for name in (train, val)]
    for name, side in zip((train, val), sides_, strict=True):
        if not len(side):
            yield Finding("stop", findings.EMPTY_SPLIT.fill(split=name))
    both = sorted(set(sides_[0].tolist()) & set(sides_[1].tolist()))
    if both:
        yield Finding("spoil", findings.LEAK_CLIP.fill(count=len(both), train=train, val=val), _named(index, both))
    said = [[_parsed(index.name(int(at))) for at in side] for side in sides_]
    if any(one is None for side in said for one in side):
        return
    if "view" in train:
        cameras = set.intersection(*({one.camera for one in side if one} for side in said))
        if cameras:
            shown = ", ".join(map(str, sorted(cameras)))
            yield Finding("spoil", findings.LEAK_CAMERA.fill(cameras=shown, train=train, val=val))
    elif "sub" in train:
        people = set.intersection(*({one.performer for one in side if one} for side in said))
        if people:
            performers = tuple(f"P{one:03d}" for one in sorted(people)[:EXAMPLES])
            yield Finding("spoil", findings.LEAK_PERSON.fill(count=len(people), train=train, val=val), performers)


def poses(index: Index) -> Iterator[Finding]:
    """Clips without poses, with NaN, with few, with joints outside of the picture, or with another number of frames."""
    kinds: dict[str, list[int]] = {"empty": [], "nan": [], "few": [], "outside": []}
    for at in range(len(index.clips)):
        mine = index.poses(at)
        points = np.asarray(mine.points, np.float32)
        if not np.isfinite(points).all() or not np.isfinite(mine.scores).all():
            kinds["nan"].append(at)
            continue
        there = (points != 0).any(-1) & (mine.scores > 0)
        seen = there.any((0, 2)) if there.size else np.zeros(1, bool)
        if not seen.any():
            kinds["empty"].append(at)
            continue
        if seen.mean() < 0.5:  # noqa: PLR2004 (half, as the sentence says)
            kinds["few"].append(at)
        x, y = points[there].T
        inside = (x >= 0) & (x <= mine.size[1]) & (y >= 0) & (y <= mine.size[0])
        if inside.mean() < 0.5:  # noqa: PLR2004 (most of them)
            kinds["outside"].append(at)
    texts: tuple[tuple[str, Level, Words], ...] = (
        ("empty", "spoil", findings.NO_POSE),
        ("nan", "stop", findings.NOT_FINITE),
        ("few", "note", findings.MOSTLY_EMPTY),
        ("outside", "spoil", findings.OUTSIDE),
    )
    for kind, level, words in texts:
        if kinds[kind]:
            yield Finding(level, words.fill(count=len(kinds[kind])), _named(index, kinds[kind]))
    other = np.flatnonzero(index.clips["frames"] != index.clips["total"])
    if len(other):
        yield Finding("note", findings.FRAME_COUNT.fill(count=len(other)), _named(index, other))


def sides(index: Index) -> Iterator[Finding]:
    """Whether the flip's pairs fit the joints: a known layout, neighbours that lie close, and sides the right way round."""
    joints = int(index.points.shape[1])
    layout = layout_of(joints)
    if not layout.pairs:
        known = ", ".join(f"{one.name} ({count})" for count, one in sorted(LAYOUTS.items()))
        yield Finding("spoil", findings.NO_LAYOUT.fill(joints=joints, known=known))
        return
    bodies = _bodies(index)
    if not len(bodies):
        return
    times = _bones(bodies, layout.bones)
    if times > FAR:
        yield Finding("spoil", findings.WRONG_ORDER.fill(layout=layout.name, times=f"{times:.2f}"))
        return
    left, right = (layout.joints.index(f"{side} shoulder") for side in ("left", "right"))
    apart = bodies[:, left, 0] - bodies[:, right, 0]
    apart = apart[np.isfinite(apart)]
    share = float((apart > 0).mean()) if len(apart) else 1.0
    if share < FRONTAL:
        yield Finding("spoil", findings.EXCHANGED.fill(share=f"{100 * share:.0f}"))


def _bones(bodies: np.ndarray, bones: Sequence[tuple[int, int]]) -> float:
    """How long bones are beside the distance of any two joints, the median over bodies."""
    away = np.linalg.norm(bodies[:, :, None] - bodies[:, None], axis=-1)
    one, other = np.array(bones).T
    upper = np.triu_indices(bodies.shape[1], 1)
    with np.errstate(invalid="ignore", divide="ignore"):
        ratio = np.nanmean(away[:, one, other], 1) / np.nanmean(away[:, upper[0], upper[1]], 1)
    ratio = ratio[np.isfinite(ratio)]
    return float(np.median(ratio)) if len(ratio) else 0.0


def balance(index: Index, taxonomy: Taxonomy, splits: Sequence[str]) -> Iterator[Finding]:
    """Classes without clips, and rare ones."""
    for split in splits:
        places = index.split(split)
        if not len(places):
            continue
        label = index.clips["label"][places]
        count = np.bincount(label[(label >= 0) & (label < len(taxonomy.fine))], minlength=len(taxonomy.fine))
        for words, which in (
            (findings.ABSENT, np.flatnonzero(count == 0)),
            (findings.RARE_CLASS, np.flatnonzero((count > 0) & (count < RARE * count.mean()))),
        ):
            if len(which):
                shown = ", ".join(taxonomy.fine[one] for one in which[:EXAMPLES]) + (
                    ", ..." if len(which) > EXAMPLES else ""
                )
                yield Finding("note", words.fill(count=len(which), split=split, classes=shown))


def decoded(
    index: Index,
    videos: Videos,
    *,
    quick: bool = False,
    jobs: int = 1,
    progress: Callable[[int, int], None] | None = None,
) -> Iterator[Finding]:
    """Videos that are missing, cannot be decoded, or are shorter or longer than their poses."""
    kinds: dict[str, list[str]] = {"missing": [], "broken": [], "short": [], "long": []}
    for done, (at, kind) in enumerate(looking.lengths(index, videos, quick=quick, jobs=jobs), 1):
        if kind is not None:
            kinds[kind].append(index.name(at))
        if progress is not None:
            progress(done, len(index.clips))
    texts: tuple[tuple[str, Level, Words], ...] = (
        ("missing", "stop", findings.MISSING_VIDEO),
        ("broken", "stop", findings.BROKEN_VIDEO),
        ("short", "stop", findings.SHORT_VIDEO),
        ("long", "note", findings.LONG_VIDEO),
    )
    for kind, level, words in texts:
        if kinds[kind]:
            yield Finding(level, words.fill(count=len(kinds[kind])), tuple(sorted(kinds[kind])[:EXAMPLES]))


def _sample(index: Index) -> list[int]:
    """Places of some clips, evenly."""
    count = len(index.clips)
    return sorted({int(at) for at in np.linspace(0, count - 1, min(count, SAMPLED))}) if count else []


def _bodies(index: Index) -> np.ndarray:
    """One body a clip, [B, K, 2], from the frame in the middle; joints that are not sure are NaN."""
    found = []
    for at in _sample(index):
        mine = index.poses(at)
        if not mine.points.size:
            continue
        frame = mine.points.shape[1] // 2
        points, scores = np.asarray(mine.points[0, frame], np.float32), mine.scores[0, frame]
        sure = (scores > SURE) & (points != 0).any(-1)
        if sure.mean() > 0.5:  # noqa: PLR2004 (most of a body)
            found.append(np.where(sure[:, None], points, np.nan))
    return np.stack(found) if found else np.empty((0, index.points.shape[1], 2), np.float32)


def _parsed(name: str) -> ntu.Name | None:
    try:
        return ntu.parsed(name)
    except NotAnNtuName:
        return None


def _names(index: Index) -> Iterator[str]:
    return (index.name(at) for at in range(len(index.clips)))


def _named(index: Index, places: Sequence[int] | np.ndarray) -> tuple[str, ...]:
    return tuple(index.name(int(at)) for at in places[:EXAMPLES])
