"""The arms of a story in one picture: what each spent, and where it stood."""

from __future__ import annotations

from typing import TYPE_CHECKING

from defib.demo.story import NAMES
from defib.reports import charts
from defib.reports.charts.axis import axis_of
from defib.reports.charts.legible import legible
from defib.reports.charts.line import Line
from defib.reports.charts.picture import picture
from defib.samples import run_of
from defib.words import Words

if TYPE_CHECKING:
    from defib.demo.story import Story

MEASURE = Words(en="held-out accuracy, fused", zh="验证集准确率（融合）")


def png(story: Story) -> bytes:
    """The picture, on white. Its text is English, since a PNG can not count on the fonts of another script."""
    lines = []
    for arm in story.arms:
        if not arm.scores:
            continue
        epochs, scores = zip(*arm.scores, strict=True)
        run = run_of({"val/top1/fused": list(scores)}, epochs=list(epochs))
        series = run.get("val/top1/fused")
        assert series is not None
        lines.append(Line(run, axis_of(run), series, NAMES[arm.name], strong=arm.name == "rescued"))
    longest = max(lines, key=lambda line: line.axis.high).axis
    return charts.png(legible(picture(longest, lines, "en", measure=MEASURE, unit="%")))
