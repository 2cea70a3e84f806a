"""Ultralytics' and YOLOv5's `results.csv`: one row an epoch, in columns that older versions pad with spaces.

Step unit: epochs; steps are not logged. A file whose first epoch is 0 (YOLOv5, early Ultralytics) counts from 0; here
epochs count from 1.
`(B)`, `(M)` and `(P)` are the branches `bbox`, `segm` and `keypoints`; with boxes alone there are no branches. The loss
is logged in parts only, so each is a branch of it. The learning rate is that of group 1, which holds the weights; in
most versions group 0 holds the biases, which begin at 0.1 and fall.
Gives up: on `results.txt`, which has no heading (`yolo_text` reads it), and on rows that do not have the columns of the heading. A
half-written last line is left for next time. A validation loss that was never computed (`nan` in every row) and
epochs that were not validated (0 in every column) are left out.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from defib.metrics import MEASURES, Meaning
from defib.reading.format import Format
from defib.reading.ledger import NAN, Ledger, whole
from defib.reading.programs import headings, meant, number, only, run_of, sheet, wholes_first
from defib.words import Words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from defib.reading.source import Source
    from defib.records import Run

UNVALIDATED = Words(
    en="{file}: {count} epochs were not validated (0 in every column of it); their zeros are left out",
    zh="{file}：有 {count} 轮没有做验证（相关列全部为 0），这些 0 未采用",
)
NEVER = Words(
    en="{file}: {names} is nan in every epoch, so it was never computed; this is no sign of a bad run",
    zh="{file}：{names} 每一轮都是 nan，说明从未计算过；这不代表训练有问题",
)

Row = dict[str, float | None]

_BRANCHES = {"B": "bbox", "M": "segm", "P": "keypoints", "HBB": "hbb", "OBB": "obb"}
_SCORE = re.compile(r"metrics/(?P<fork>HBB|OBB)?(?P<word>[A-Za-z0-9_.:\-]+?)(?:\((?P<branch>[BMP])\))?")
_WORDS = {
    **dict.fromkeys(("mAP50-95", "mAP_0.5:0.95", "mAP.5:.95", "mAP@.5:.95", "mAP_0.5-0.95"), "map"),
    **dict.fromkeys(("mAP50", "mAP_0.5", "mAP.5", "mAP@.5"), "map50"),
    "precision": "precision",
    "recall": "recall",
    "accuracy_top1": "top1",
    "accuracy_top5": "top5",
}
_LOSS = re.compile(
    r"(?P<split>train|val)/(?:(?P<part>[a-z0-9_]{1,30})_)?loss|(?P<old>train|val)/(?P<of>box|obj|cls|theta|lmk)"
)
_RATE = re.compile(r"(?:lr/pg|x/lr)(?P<group>\d{1,3})")


def _recognises(source: Source) -> bool:
    names = headings(source)
    scores = any(name.startswith("metrics/") for name in names)
    return names[:1] == ["epoch"] and scores and any(_LOSS.fullmatch(name) for name in names)


def _meanings(names: Sequence[str]) -> dict[str, Meaning | None]:
    tasks = {match["branch"] or match["fork"] for name in names if (match := _SCORE.fullmatch(name))}
    groups = [int(match["group"]) for name in names if (match := _RATE.fullmatch(name))]
    weights = 1 if 1 in groups else min(groups, default=0)
    return {name: _meaning(name, len(tasks) > 1, weights) for name in names if name not in ("epoch", "time")}


def _meaning(name: str, several_tasks: bool, weights: int) -> Meaning | None:  # noqa: FBT001 (internal)
    if (score := _SCORE.fullmatch(name)) is not None:
        measure = MEASURES.get(_WORDS.get(score["word"], ""))
        if measure is None:
            return None
        branch = _BRANCHES.get(score["branch"] or score["fork"] or "") if several_tasks else None
        metric = f"val/{measure.name}"
        return Meaning(f"{metric}/{branch}" if branch else metric, metric, branch, measure)
    if (loss := _LOSS.fullmatch(name)) is not None:
        return meant(loss["split"] or loss["old"], "loss", loss["part"] or loss["of"])
    if (rate := _RATE.fullmatch(name)) is not None:
        return meant("train", "lr", None if int(rate["group"]) == weights else f"pg{rate['group']}")
    return None


def _unvalidated(row: Row) -> bool:
    """Whether every score and every validation loss is 0: an evaluation that finds nothing still has a loss."""
    values = [value for name, value in row.items() if name.startswith(("metrics/", "val/"))]
    return any(name.startswith("val/") and value == 0 for name, value in row.items()) and not any(values)


def _read(sources: Sequence[Source]) -> Run:
    source = only(sources)
    table, ledger = sheet(source), Ledger()
    notes = list(table.notes)
    names = table.headings
    rows = [(line, dict(zip(names, map(number, cells), strict=True))) for line, cells in table.rows]
    unvalidated = {line for line, row in rows if _unvalidated(row)}
    if unvalidated:
        notes.append(UNVALIDATED.fill(file=source.name, count=len(unvalidated)))
    never = [name for name in names if name.startswith("val/") and all(str(row[name]) == "nan" for _, row in rows)]
    if rows and never:
        notes.append(NEVER.fill(file=source.name, names=", ".join(never)))
    meanings = _meanings(names)
    order = wholes_first({name: meaning for name, meaning in meanings.items() if name not in never})
    from_zero = bool(rows) and rows[0][1]["epoch"] == 0
    for line, row in rows:
        epoch = whole(row["epoch"])
        held_out = line not in unvalidated
        values = [(name, row[name]) for name in order if held_out or not name.startswith(("metrics/", "val/"))]
        ledger.add("", values, at=(NAN, NAN if epoch is None else epoch + from_zero), place=(0, line))
    return run_of("ultralytics", source, ledger, meanings, notes=notes)


ultralytics = Format(
    name="ultralytics",
    framework="ultralytics",
    says=Words(en="YOLO's results.csv", zh="YOLO 的 results.csv"),
    rank=42,
    recognises=_recognises,
    read=_read,
)
