"""Names and splits of NTU RGB+D 60 and 120 (Shahroudy et al., CVPR 2016; Liu et al., TPAMI 2020)."""

from __future__ import annotations

import re
from typing import NamedTuple

from defib.action.errors.data import NotAnNtuName

_NAME = re.compile(r"S(\d{3})C(\d{3})P(\d{3})R(\d{3})A(\d{3})")
XSUB60 = frozenset({1, 2, 4, 5, 8, 9, 13, 14, 15, 16, 17, 18, 19, 25, 27, 28, 31, 34, 35, 38})
"""Performers of the training set of XSub; all others are tested."""
XSUB120 = XSUB60 | frozenset(
    {
        *(45, 46, 47, 49, 50, 52, 53, 54, 55, 56, 57, 58, 59, 70, 74, 78, 80, 81, 82, 83, 84, 85, 86, 89, 91, 92),
        *(93, 94, 95, 97, 98, 100, 103),
    }
)
TEST_CAMERA = 1
"""Of XView; cameras 2 and 3 train."""


class Name(NamedTuple):
    """What the name of a clip says."""

    setup: int
    camera: int
    performer: int
    replication: int
    action: int

    @property
    def label(self) -> int:
        """The class, from 0."""
        return self.action - 1

    def trains(self, protocol: str) -> bool:
        """Whether a clip belongs to the training set of `xsub`, `xview`, `xsub120` or `xset`."""
        if protocol == "xview":
            return self.camera != TEST_CAMERA
        if protocol == "xset":
            return self.setup % 2 == 0
        return self.performer in (XSUB120 if protocol == "xsub120" else XSUB60)


def parsed(name: str) -> Name:
    """The name of a clip, with or without a folder and an ending.

    Raises NotAnNtuName.

    >>> parsed("nturgb+d_rgb/S001C002P003R002A013_rgb.avi")
    Name(setup=1, camera=2, performer=3, replication=2, action=13)
    """
    found = _NAME.search(name)
    if found is None:
        raise NotAnNtuName(name=name)
    return Name(*(int(part) for part in found.groups()))


def performer(name: str) -> int | None:
    """Who acts in a clip, where its name says so."""
    found = _NAME.search(name)
    return None if found is None else int(found.group(3))
