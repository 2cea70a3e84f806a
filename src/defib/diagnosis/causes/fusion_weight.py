"""Fusing the streams with these weights is worse than taking the better one alone.

Measured on predictions. Nothing has to be trained for it: the weights of the streams are chosen when their scores are
put together. It is advice, and explains no fall.
For: the fused scores are below the best stream by more than a point and four standard errors, sample by sample.
Against: nothing; where fusing helps, or the labels do not fit a stream, there is nothing to say.
Missing: nothing; the weight is tried where there are two streams.

中文：
按这组权重融合各支流，还不如只用较好的那一支。

这是根据预测结果测得的。不需要重新训练：融合权重是在合并分数时选定的。它只是建议，不解释下跌。
支持：逐样本比较，融合分数低于最好的支流，差距超过一个百分点和四倍标准误。
反对：没有；融合有益，或标签与某一支流不符时，不作判断。
尚缺：没有；有两个支流时会直接试出权重。
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from defib.diagnosis.cause import Clue, cause
from defib.diagnosis.labelling import misnamed
from defib.naming import stream
from defib.records import Fact, Place
from defib.words import Words, number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from defib.records import Checkup, Run

POINTS = 1.0  # of top-1 accuracy; assumed
SURE = 4.0  # standard errors; assumed
LEAST = 30  # samples; assumed

HURTS = Words(
    en="{best} alone has {alone}%, fused with the rest it has {fused}%",
    zh="{best} 单独为 {alone}%，融合后只有 {fused}%",
)
MEANS = Words(
    en="the weaker stream is given more weight than it has earned",
    zh="较弱的分支得到了过高的权重",
)
WEIGHT = Words(
    en="with a weight of {weight} for {best} and {rest} for {second} the fusion has {value}% (on samples that did not choose the weight); "
    "from {harmless} for {best} on it is not below {best} alone",
    zh="{best} 取权重 {weight}、{second} 取 {rest} 时融合为 {value}%（在未参与选取权重的样本上）；{best} 的权重从 {harmless} 起，融合不再低于 {best} 单独的结果",
)
ALONE = Words(
    en="no weight is better than {best} alone: leave {second} out until it has improved",
    zh="任何权重都不优于 {best} 单独的结果：在 {second} 改善之前不要融合它",
)
FULL = 1.0


@cause(
    says=Words(en="the streams are fused with weights that do not fit them", zh="各分支的融合权重与其强弱不符"),
)
def fusion_weight(run: Run, checkup: Checkup) -> Iterator[Clue]:  # noqa: ARG001 (every cause is given both)
    """Compare the fused scores with the best stream, and name the weight that would do."""
    predictions = run.predictions
    found = None if predictions is None else predictions.fusion
    if predictions is None or found is None or predictions.samples < LEAST:
        return
    if found.loss <= POINTS or found.loss <= SURE * found.error or misnamed(predictions):
        return
    best = stream(found.best)
    place = Place(file=predictions.files[-1])
    yield Clue(
        side="for",
        strength="strong",
        measured=HURTS.fill(best=best, alone=_points(found.best_top1), fused=_points(found.top1)),
        means=MEANS,
        facts=(Fact(metric="predictions/top1/fused", value=found.top1, place=place),),
    )
    if found.second is None or found.weight is None or found.harmless_from is None:
        return
    second = stream(found.second)
    if FULL in {found.weight, found.harmless_from}:
        measured = ALONE.fill(best=best, second=second)
    else:
        weights = {"weight": number(found.weight), "rest": number(round(FULL - found.weight, 2))}
        words = {"best": best, "second": second, "value": _points(found.weight_top1)}
        measured = WEIGHT.fill(harmless=number(found.harmless_from), **weights, **words)
    yield Clue(
        side="for",
        measured=measured,
        means=MEANS,
        facts=(Fact(metric="predictions/weight", value=found.weight, place=place),),
    )


def _points(value: float | None) -> str:
    return number(None if value is None else round(value, 1))
