"""Which classes there are, and which group each belongs to: one object for data, heads, losses, metrics and reports.

No other file does arithmetic with labels. Labels count from 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from defib.action.errors import reason as said
from defib.action.errors.model import ClassesDiffer, TaxonomyRefused
from defib.words import Words

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

FOLDER = Path(__file__).parent / "taxonomies"
ROOT = -1
"""The parent of a node that has none."""

NO_CLASSES = Words(en="it has no classes", zh="没有任何类别")
LENGTHS = Words(
    en="{classes} classes but {groups} places in the map; each class needs one group",
    zh="有 {classes} 个类别，映射却有 {groups} 项；每个类别需要且只需要一个组",
)
NOT_A_GROUP = Words(
    en="class {index} ({fine}) belongs to group {group}, but groups are 0 to {last}",
    zh="类别 {index}（{fine}）属于组 {group}，但组只有 0 到 {last}",
)
EMPTY_GROUP = Words(en="group {group} ({coarse}) has no classes", zh="组 {group}（{coarse}）没有类别")
TWICE = Words(en="two classes are called {fine}", zh="有两个类别都叫 {fine}")
NOT_A_TREE = Words(en="node {node} is its own ancestor", zh="节点 {node} 是它自己的祖先")
UNREADABLE = Words(
    en="expected a JSON object with name, fine, coarse and groups; {reason}. Known without a file: {known}, synth2 to synth60",
    zh="应为含有 name、fine、coarse、groups 的 JSON 对象；{reason}。无需文件即可使用：{known}、synth2 到 synth60",
)


def states(parents: Sequence[int]) -> np.ndarray:
    """The legal states of a tree: for every node the nodes on its way to the root, itself included.

    parents: for each node its parent, `ROOT` for none; in any order.
    Returns float32 [nodes, nodes]; row s has a 1 for each node that is true when the truth is node s.

    Raises TaxonomyRefused when a node is its own ancestor.

    Source: the state space of HRN (Chen et al., CVPR 2022), without its row of nothing, as PCAN's loss has it.
    """
    count = len(parents)
    found = np.zeros((count, count), np.float32)
    for node in range(count):
        at, seen = node, 0
        while at != ROOT:
            found[node, at] = 1
            at, seen = parents[at], seen + 1
            if seen > count:
                raise TaxonomyRefused(name="-", problem=NOT_A_TREE.fill(node=node))
    return found


@dataclass(frozen=True)
class Taxonomy:
    """Fine classes, coarse groups, and which belongs to which.

    Raises TaxonomyRefused when a group is empty, a class has none, or two classes share a name.
    """

    name: str
    fine: tuple[str, ...]
    coarse: tuple[str, ...]
    groups: tuple[int, ...]
    """For each fine class the index of its group."""
    published: bool = True
    """False for a grouping of our own: no paper stands behind it."""

    def __post_init__(self) -> None:
        """Refuse what would be trained wrongly without anybody noticing."""
        if not self.fine or not self.coarse:
            raise TaxonomyRefused(name=self.name, problem=NO_CLASSES)
        if len(self.groups) != len(self.fine):
            raise TaxonomyRefused(name=self.name, problem=LENGTHS.fill(classes=len(self.fine), groups=len(self.groups)))
        for index, group in enumerate(self.groups):
            if not 0 <= group < len(self.coarse):
                words = NOT_A_GROUP.fill(index=index, fine=self.fine[index], group=group, last=len(self.coarse) - 1)
                raise TaxonomyRefused(name=self.name, problem=words)
        for group, coarse in enumerate(self.coarse):
            if group not in self.groups:
                raise TaxonomyRefused(name=self.name, problem=EMPTY_GROUP.fill(group=group, coarse=coarse))
        for fine, alike in groupby(sorted(self.fine)):
            if len(list(alike)) > 1:
                raise TaxonomyRefused(name=self.name, problem=TWICE.fill(fine=fine))

    @cached_property
    def parents(self) -> tuple[int, ...]:
        """The tree: nodes are the groups, then the classes; a group's parent is the root."""
        return (*(ROOT for _ in self.coarse), *self.groups)

    @property
    def fine_nodes(self) -> range:
        """The nodes of the classes, in their order."""
        return range(len(self.coarse), len(self.parents))

    def check(self, labels: Sequence[int] | np.ndarray, what: str) -> None:
        """Refuse labels that are no classes.

        what: where they stand, for the message.

        Raises ClassesDiffer with the first that does not fit.
        """
        given = np.asarray(labels)
        wrong = given[(given < 0) | (given >= len(self.fine))]
        if len(wrong):
            raise ClassesDiffer(what=what, found=int(wrong[0]), last=len(self.fine) - 1, name=self.name)

    def only(self, classes: Sequence[int], name: str) -> Taxonomy:
        """The part of some classes, in the order given, with the groups that are left.

        >>> part = ntu60().only([49, 0, 50], "three")
        >>> part.fine[1], part.coarse, part.groups
        ('drink water', ('daily', 'mutual'), (1, 0, 1))
        """
        left = sorted({self.groups[one] for one in classes})
        return Taxonomy(
            name,
            tuple(self.fine[one] for one in classes),
            tuple(self.coarse[one] for one in left),
            tuple(left.index(self.groups[one]) for one in classes),
            self.published,
        )


class _File(msgspec.Struct, forbid_unknown_fields=True):
    name: str
    fine: tuple[str, ...]
    coarse: tuple[str, ...]
    groups: tuple[int, ...]
    published: bool = True


def from_file(path: Path) -> Taxonomy:
    """A taxonomy from a JSON file with `name`, `fine`, `coarse` and `groups`.

    Raises TaxonomyRefused.
    """
    try:
        found = msgspec.json.decode(path.read_bytes(), type=_File)
    except (OSError, msgspec.MsgspecError) as error:
        raise TaxonomyRefused(name=path, problem=UNREADABLE.fill(reason=said(error), known=", ".join(KNOWN))) from None
    return Taxonomy(found.name, found.fine, found.coarse, found.groups, found.published)


def to_file(taxonomy: Taxonomy) -> bytes:
    """A taxonomy as `from_file` reads it."""
    file = _File(taxonomy.name, taxonomy.fine, taxonomy.coarse, taxonomy.groups, taxonomy.published)
    return msgspec.json.format(msgspec.json.encode(file), indent=1) + b"\n"


@cache
def ntu60() -> Taxonomy:
    """NTU RGB+D 60 with its three official groups: daily, health-related, mutual (Shahroudy et al., CVPR 2016)."""
    groups = tuple(0 if one < 40 else 1 if one < 49 else 2 for one in range(60))  # noqa: PLR2004 (the dataset's order)
    return Taxonomy("ntu60", _ntu_names()[:60], ("daily", "health", "mutual"), groups)


@cache
def ntu60_tree8() -> Taxonomy:
    """NTU RGB+D 60 in eight groups by the part of the body that moves. Ours: no paper stands behind this grouping."""
    parts = {
        "hand to head": (0, 1, 2, 3, 17, 18, 19, 20, 27, 36, 37, 40, 43, 46),
        "two hands, objects": (9, 10, 11, 12, 28, 29, 33, 38),
        "arm gesture": (4, 6, 21, 22, 30, 31, 32, 39, 48),
        "head": (34, 35),
        "clothing, hand to body": (13, 14, 15, 16, 24, 44, 45),
        "lower limb": (23, 25, 26),
        "whole body": (5, 7, 8, 41, 42, 47),
        "two persons": tuple(range(49, 60)),
    }
    where = {one: index for index, members in enumerate(parts.values()) for one in members}
    groups = tuple(where[one] for one in range(60))
    return Taxonomy("ntu60_tree8", _ntu_names()[:60], tuple(parts), groups, published=False)


@cache
def ntu120() -> Taxonomy:
    """NTU RGB+D 120 with its three official groups (Liu et al., TPAMI 2020)."""
    health = {*range(40, 49), *range(102, 105)}
    mutual = {*range(49, 60), *range(105, 120)}
    groups = tuple(1 if one in health else 2 if one in mutual else 0 for one in range(120))
    return Taxonomy("ntu120", _ntu_names(), ("daily", "health", "mutual"), groups)


@cache
def ma52() -> Taxonomy:
    """MA-52 with its seven body parts (Guo et al., TCSVT 2024). Its actions are named by their codes here."""
    sizes = {"body": 5, "head": 6, "upper limb": 13, "lower limb": 8, "body-hand": 6, "head-hand": 10, "leg-hand": 4}
    groups = tuple(index for index, size in enumerate(sizes.values()) for _ in range(size))
    return Taxonomy("ma52", tuple(f"A{one:02d}" for one in range(1, 53)), tuple(sizes), groups)


KNOWN: dict[str, Callable[[], Taxonomy]] = {"ntu60": ntu60, "ntu60_tree8": ntu60_tree8, "ntu120": ntu120, "ma52": ma52}
"""What a recipe can name without a file."""


@cache
def _ntu_names() -> tuple[str, ...]:
    return tuple((FOLDER / "ntu120.txt").read_text(encoding="utf-8").splitlines())
