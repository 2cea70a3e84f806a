"""The labels, the taxonomy or the data are wrong.

Labels shifted by one, two class lists mixed up, wrong left-right pairs: tuning hides such a fault and never cures it.
Curves alone cannot prove it, so that they never make it more than possible; predictions can, and then no restart is
planned and a person is called.
For: accuracy jumps when the labels of the predictions are shifted by one or put into another order (by more than ten
points and four standard errors; an order is chosen on one half of the samples and scored on the other), and the model
is sure of what it says: a head that was never trained gains by chance, and is only possible; two classes are
recognised as each other; labels lie outside the classes. From curves alone: one branch stays far below the other
and the fused score below the better one; a start far below what the recipe gives; a high training accuracy beside a
low one in validation.
Against: predictions that fit their labels, and on which no other labelling gains; that rules out shifted and permuted
labels, not all faults.
Missing: predictions with their labels, more of them, or those of a checkpoint that recognises something.

中文：
标签、类别体系或数据有误。

标签错位一格、两份类别列表混用、左右配对错误：调参只会掩盖这类错误，治不好它。只凭曲线不能证明，因此最多判为可
能；预测结果可以证明，此时不制定重启方案，而是请人处理。
支持：预测结果的标签移动一格或换一种顺序之后，准确率大幅提高（超过十个百分点和四倍标准误；顺序在一半样本上选定，
在另一半上评分），且模型对自己的判断很有把握（从未训练过的分类头只会偶然提高，最多判为可能）；两个类别互相认错；
标签超出类别范围。只凭曲线：一个分支远低于另一个，且融合分数低于较好的分支；开局远低于配方应有的成绩；训练准确率
高而验证低。
反对：预测结果与标签相符，换任何一种标签都没有提高；这排除了错位和换序，但不排除所有错误。
尚缺：带标签的预测结果、更多的预测结果，或一个确实能识别的检查点的预测结果。
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from defib.diagnosis.cause import Clue, cause
from defib.diagnosis.labelling import IS_RULED_OUT, clues_of
from defib.diagnosis.streams import streams
from defib.naming import stream
from defib.words import Words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from defib.records import Checkup, Run

FAR = 0.5  # of the better branch's best; a branch below it knows much less. Assumed
ENOUGH = 2  # clues of the three that have to come together

APART = Words(
    en="branch {weak} never gets beyond {low}% where {strong} reaches {high}%, and the fused score stays below {strong}",
    zh="{weak} 分支最高只有 {low}%，而 {strong} 达到 {high}%，融合分数还一直低于 {strong}",
)
APART_MEANS = Words(
    en="labels, a class list or an input that do not fit this branch look like this, as much as wrong settings do",
    zh="该分支的标签、类别表或输入对不上时会这样，设置不当时也会这样",
)
START_MEANS = Words(
    en="labels that do not fit the loaded heads look like this, and so does a missing initialisation",
    zh="标签与已加载的分类头不一致时会这样，没有初始化时也会这样",
)
GAP_MEANS = Words(
    en="training labels that differ from those of validation look like this, and so does over-fitting; the accuracy of single training batches, which many logs hold, cannot tell them apart",
    zh="训练标签与验证标签不一致时会这样，过拟合时也会这样；许多日志只记录单个批次的训练准确率，无法区分两者",
)
SAID = Words(en="{said}", zh="{said}")
PROBE = Words(
    en="predictions with their labels: if accuracy jumps when the labels are shifted by one or permuted, it is the labels. "
    "In mmaction2 `python tools/test.py CONFIG CHECKPOINT --dump predictions.pkl` writes them, and "
    "`defib diagnose RUN --predictions predictions.pkl` tries it",
    zh="带标签的预测结果：若把标签整体平移一位或重新排列后准确率大增，就是标签问题。"
    "在 mmaction2 中用 `python tools/test.py CONFIG CHECKPOINT --dump predictions.pkl` 生成，再用 "
    "`defib diagnose RUN --predictions predictions.pkl` 检验",
)
LOOK = Words(
    en="a look at ten clips of the weak branch with their class names, before the next long run",
    zh="在下一次长时间训练前，先抽查弱分支的十个样本及其类名",
)


@cause(
    says=Words(en="the labels, the class list or the data may be wrong", zh="标签、类别表或数据可能有误"),
    explains=(
        "fusion_below_branch",
        "never_learned",
        "overfitting",
        "plateau",
        "loss_and_score_disagree",
        "dead_branch",
    ),
    verdict="escalate",
)
def label_or_data_fault(run: Run, checkup: Checkup) -> Iterator[Clue]:
    """Collect what fits such a fault; a single clue from curves is not worth the suspicion, predictions are."""
    curves = [
        *_apart(run, checkup),
        *_symptom(checkup, "never_learned", START_MEANS),
        *_symptom(checkup, "overfitting", GAP_MEANS),
    ]
    suspected = len(curves) >= ENOUGH
    if run.predictions is not None:
        for clue in clues_of(run.predictions):
            narrow = clue.side == "against" and not suspected
            yield replace(clue, detail=IS_RULED_OUT) if narrow else clue
    if suspected:
        yield from curves
        if run.predictions is None:
            yield Clue(side="missing", measured=PROBE)
        yield Clue(side="missing", measured=LOOK)


def _apart(run: Run, checkup: Checkup) -> Iterator[Clue]:
    below = next((one for one in checkup.symptoms if one.rule == "fusion_below_branch" and one.cleared is None), None)
    known = [series for series in streams(run) if np.isfinite(series.value).any()]
    best = {str(series.branch): float(np.nanmax(series.value)) for series in known}
    if below is None or len(best) < ENOUGH:
        return
    weak, strong = min(best, key=lambda name: best[name]), max(best, key=lambda name: best[name])
    if best[weak] < FAR * best[strong]:
        names = {"weak": stream(weak), "strong": stream(strong)}
        measured = APART.fill(low=f"{best[weak]:.2f}", high=f"{best[strong]:.2f}", **names)
        yield Clue(side="for", measured=measured, means=APART_MEANS, facts=below.facts)


def _symptom(checkup: Checkup, rule: str, means: Words) -> Iterator[Clue]:
    found = next((one for one in checkup.symptoms if one.rule == rule), None)
    if found is not None:
        yield Clue(side="for", measured=SAID.fill(said=found.says), means=means, facts=found.facts)
