"""The labels, the taxonomy or the data are wrong.

Labels shifted by one, two class lists mixed up, wrong left-right pairs: tuning hides such a fault and never cures it.
Curves alone cannot prove it, so it is never more than possible here; the probe that settles it is named.
For: one branch stays far below the other from the first evaluation on, and the fused score below the better one; a
start far below what the recipe gives; a high training accuracy beside a low one in validation.
Against: nothing that a curve holds.
Missing: predictions with their labels, on which a shift or a permutation of the labels can be tried.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from defib.diagnosis.cause import Clue, cause
from defib.diagnosis.streams import streams
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
    en="a branch whose labels or input do not fit looks like this", zh="标签或输入对不上的分支正是这种表现"
)
START_MEANS = Words(
    en="labels that do not fit the loaded heads look like this, and so does a missing initialisation",
    zh="标签与已加载的分类头不一致时会这样，没有初始化时也会这样",
)
GAP_MEANS = Words(
    en="training labels that differ from those of validation look like this, and so does over-fitting",
    zh="训练标签与验证标签不一致时会这样，过拟合时也会这样",
)
SAID = Words(en="{said}", zh="{said}")
PROBE = Words(
    en="predictions with their labels: if accuracy jumps when the labels are shifted by one or permuted, it is the labels; "
    "look at ten clips of the weak branch with their class names before the next long run",
    zh="带标签的预测结果：若把标签整体平移一位或重新排列后准确率大增，就是标签问题；在下一次长时间训练前，先抽查弱分支的十个样本及其类名",
)


@cause(
    says=Words(en="the labels, the class list or the data may be wrong", zh="标签、类别表或数据可能有误"),
    explains=("fusion_below_branch", "never_learned", "overfitting", "plateau"),
)
def label_or_data_fault(run: Run, checkup: Checkup) -> Iterator[Clue]:
    """Collect what fits such a fault; a single clue is not worth the suspicion."""
    clues = [
        *_apart(run, checkup),
        *_symptom(checkup, "never_learned", START_MEANS),
        *_symptom(checkup, "overfitting", GAP_MEANS),
    ]
    if len(clues) < ENOUGH:
        return
    yield from clues
    yield Clue(side="missing", measured=PROBE)


def _apart(run: Run, checkup: Checkup) -> Iterator[Clue]:
    below = next((one for one in checkup.symptoms if one.rule == "fusion_below_branch" and one.cleared is None), None)
    best = {series.branch: float(np.nanmax(series.value)) for series in streams(run) if np.isfinite(series.value).any()}
    if below is None or len(best) < ENOUGH:
        return
    weak, strong = min(best, key=lambda name: best[name]), max(best, key=lambda name: best[name])
    if best[weak] < FAR * best[strong]:
        words = {"weak": weak, "strong": strong, "low": f"{best[weak]:.2f}", "high": f"{best[strong]:.2f}"}
        yield Clue(side="for", measured=APART.fill(**words), means=APART_MEANS, facts=below.facts)


def _symptom(checkup: Checkup, rule: str, means: Words) -> Iterator[Clue]:
    found = next((one for one in checkup.symptoms if one.rule == rule), None)
    if found is not None:
        yield Clue(side="for", measured=SAID.fill(said=found.says), means=means, facts=found.facts)
