"""Training accuracy is far above validation accuracy, and validation no longer improves.

Why it matters: the model learns the training clips rather than the classes; more epochs make it worse.
How it looks: for three evaluations in a row the mean training accuracy since the evaluation before is more than 15
points above validation, and validation has made no new best in them. A single figure without an epoch, or accuracies
of one batch as mmengine logs them, is only a note: it says little about the training set.
Stays quiet on: a gap while validation still improves, runs that fell in training too.
Size: points of the gap when it was known.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from defib.health.rule import Finding, rule
from defib.words import Words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from defib.records import Run, Series

GAP = 15.0  # points; the seed of the project uses it, and nothing was measured
ROW = 3
ONE_FIGURE = Words(
    en="a training accuracy of {train} is claimed against {now} in validation, without an epoch: one weak fact",
    zh="文中称训练准确率为 {train}，而验证为 {now}，但未注明轮次：只能算一条弱证据",
)


@rule(
    needs=("deciding", "train/top1"),
    says=Words(
        en="training accuracy is {train} against {now} in validation, and validation no longer improves",
        zh="训练准确率为 {train}，验证为 {now}，且验证不再提高",
    ),
)
def overfitting(run: Run) -> Iterator[Finding]:
    """Find the third evaluation in a row with a wide gap and no new best."""
    deciding = run.get(run.deciding)
    if deciding is None or deciding.metric != "val/top1":
        return
    for train in run.branches("train/top1"):
        val = run.get(f"val/top1/{train.branch}") if train.branch else deciding
        if val is None:
            continue
        if np.isnan(train.step).all() and np.isnan(train.epoch).all():
            yield from _claim(run, train, val)
        else:
            yield from _gap(run, train, val)


def _claim(run: Run, train: Series, val: Series) -> Iterator[Finding]:
    first = int(np.argmax(~np.isnan(val.value)))
    seen = np.flatnonzero(val.record <= train.record[0])
    index = int(seen[-1]) if len(seen) else first
    if train.value[0] - val.value[index] > GAP:
        words = {"train": f"{train.value[0]:.0f}%", "now": f"{val.value[index]:.2f}%"}
        yield Finding(
            series=val,
            index=index,
            known=index,
            severity="note",
            size=float(train.value[0] - val.value[index]),
            facts=(run.fact(train, 0), run.fact(val, index)),
            says=ONE_FIGURE.fill(**words),
        )


def _gap(run: Run, train: Series, val: Series) -> Iterator[Finding]:
    row: list[tuple[int, float]] = []
    best, since = -np.inf, -1.0
    told = False
    for index, now in enumerate(val.value):
        # Records ascend, so that what was trained since the evaluation before is one slice.
        begin, end = np.searchsorted(train.record, (since, val.record[index]), side="right")
        within = begin + np.flatnonzero(~np.isnan(train.value[begin:end]))
        since = float(val.record[index])
        if np.isnan(now) or not len(within):
            continue
        mean = float(train.value[within].mean())
        if mean - now > GAP and now <= best:
            row.append((index, mean))
        else:
            row, told = [], False
        best = max(best, float(now))
        if len(row) == ROW and not told:
            told = True
            yield Finding(
                series=val,
                index=row[0][0],
                known=index,
                severity="note" if train.single_batch else "watch",
                size=mean - float(now),
                facts=(run.fact(train, int(within[-1])), run.fact(val, index)),
                values={"train": f"{mean:.1f}%", "now": f"{now:.2f}%"},
            )
