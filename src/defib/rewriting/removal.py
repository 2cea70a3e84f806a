"""Taking elements out of a container's text, and leaving a comment in their place."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from defib.rewriting.layout import Bracketed, Layout, Segment
    from defib.rewriting.splices import Splices


def remove(box: Bracketed, gone: dict[int, str], splices: Splices, *, is_tuple: bool) -> None:
    """Take segments out of a container. gone: the position of each, with its comment."""
    one_line = box.opened[0] == box.closed[0]
    if one_line:
        _from_one_line(box, gone, splices)
    else:
        for index, label in gone.items():
            _from_lines(box, index, label, splices)
    kept = [index for index in range(len(box.segments)) if index not in gone]
    if is_tuple and len(kept) == 1 and box.segments[-1 if one_line else kept[0]].comma is None:
        end = box.segments[kept[0]].end
        splices.put(end, end, ",")  # a tuple of one is made by its comma


def _from_one_line(box: Bracketed, gone: dict[int, str], splices: Splices) -> None:
    segments = box.segments
    for index, label in gone.items():
        segment = segments[index]
        later = next((other for other in range(index + 1, len(segments)) if other not in gone), None)
        if later is not None:
            splices.put(segment.start, segments[index + 1].start, "", label)
        elif len(gone) == len(segments) and index == len(segments) - 1:
            splices.put(
                segment.start if index == 0 else segments[index - 1].end, segment.comma or segment.end, "", label
            )
        else:
            splices.put(segment.start if index == 0 else segments[index - 1].end, segment.end, "", label)


def _from_lines(box: Bracketed, index: int, label: str, splices: Splices) -> None:
    segment = box.segments[index]
    layout = splices.layout
    end = segment.comma or segment.end
    alone = layout.begins_line(segment.start) and layout.ends_line(end) and end[0] == segment.end[0]
    if alone:
        first = segment.start[0]
        if index > 0:  # a comment above the first element speaks of all of them
            first = _with_comments(layout, first, box.segments[index - 1])
        splices.lines(first, end[0], f"{layout.indent(segment.start[0])}# {label}")
        return
    follower = box.segments[index + 1].start if index + 1 < len(box.segments) else None
    if follower is not None and follower[0] == end[0]:
        end = follower
    splices.put(segment.start, end, "", label)


def _with_comments(layout: Layout, line: int, before: Segment) -> int:
    """The first of the comment lines directly above a line."""
    last = before.comma or before.end
    while line - 1 > last[0] and layout.own_comment(line - 1):
        line -= 1
    return line
