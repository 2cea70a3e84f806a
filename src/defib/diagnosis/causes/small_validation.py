"""The validation set is so small that chance alone explains what the score does.

Then nothing happened: the best score was mostly luck, and what followed is the rule. A restart would change nothing.
For: the fall is within what counting so few clips gives from the top of the noise to its bottom.
Against: the fall is far larger than that.
Missing: a second evaluation of both checkpoints, on more clips.

中文：
验证集太小，成绩的变化用偶然就能解释。

那么其实什么也没发生：最好成绩多半是运气，之后的才是常态。重启不会有任何改变。
支持：下跌没有超出这么少的样本在计数时从噪声顶端到底端的范围。
反对：下跌远远超过这个范围。
尚缺：用更多片段对两个检查点再评估一次。
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from defib.diagnosis.cause import Clue, cause
from defib.words import Words, number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from defib.records import Checkup, Run, Symptom

WITHIN = 4.5  # standard deviations, about from the top of the noise to its bottom over twenty evaluations; assumed
BEYOND = 9.0  # twice that; in between nothing is said. Assumed

SAID = Words(
    en="the score fell by up to {points} points; counting the clips alone moves it by {noise} points (one standard deviation)",
    zh="分数最多下跌 {points} 个百分点；仅样本数有限这一点就会使其波动 {noise} 个百分点（一个标准差）",
)
WITHIN_MEANS = Words(en="chance alone gives such falls", zh="仅凭偶然就会出现这样的下跌")
BEYOND_MEANS = Words(en="chance does not give such a fall", zh="偶然不会造成这样的下跌")
PROBE = Words(
    en="the best and the last checkpoint evaluated on more clips, or on several samplings of the same ones",
    zh="用更多样本、或对同一批样本多次采样，重新评估最佳与最后的检查点",
)


@cause(
    says=Words(
        en="the validation set is too small for its score to mean this much",
        zh="验证集太小，其分数的起伏说明不了什么",
    ),
    explains=("val_collapse", "oscillation"),
    verdict="leave-running",
)
def small_validation(run: Run, checkup: Checkup) -> Iterator[Clue]:
    """Compare the falls of the deciding score with what the size of the validation set explains."""
    del run
    small = next((one for one in checkup.symptoms if one.rule == "validation_too_small"), None)
    if small is None or not small.size:
        return
    falls = [one for one in checkup.symptoms if one.rule in {"val_collapse", "oscillation"}]
    sizes = [size for one in falls if one.metric == small.metric and (size := _points(one)) is not None]
    if not sizes:
        return
    largest = max(sizes)
    words = {"points": number(largest, 3), "noise": number(small.size, 2)}
    facts = tuple(fact for one in falls for fact in one.facts)
    others = any(one.fall and one.severity == "act" and one not in falls for one in checkup.symptoms)
    if largest <= WITHIN * small.size:
        strength: Literal["strong", "weak"] = (
            "weak" if others else "strong"
        )  # a loss or a branch that broke is no luck of the counting
        yield Clue(side="for", strength=strength, measured=SAID.fill(**words), means=WITHIN_MEANS, facts=facts)
        yield Clue(side="missing", measured=PROBE)
    elif largest > BEYOND * small.size:
        yield Clue(side="against", strength="strong", measured=SAID.fill(**words), means=BEYOND_MEANS, facts=facts)


def _points(one: Symptom) -> float | None:
    """How far the score fell, in points, from the values that the symptom shows."""
    values = [float(fact.value) for fact in one.facts if isinstance(fact.value, int | float)]
    return max(values) - min(values) if values else None
