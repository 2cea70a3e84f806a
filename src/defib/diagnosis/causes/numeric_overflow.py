"""Half-precision numbers overflowed.

A float16 holds nothing beyond 65504. A scaler skips the steps whose gradient overflows and lowers its scale; when nearly
all of them do, nothing is learned, and with a fixed scale the weights themselves become NaN.
For: the console log tells of overflows around the symptom; the config trains in half precision while gradients or losses
are not finite; the loss scale is a fixed number.
Against: the config trains in float32, or in bfloat16, whose range is that of float32.
Missing: the config or the console log, which say in which numbers the run computes; the loss scale.

中文：
半精度数值溢出。

float16 表示不了大于 65504 的数。scaler 会跳过梯度溢出的更新并降低缩放系数；几乎每步都溢出时，什么也学不到；缩放
系数固定时，权重本身会变成 NaN。
支持：控制台日志在异常前后提到溢出；配置使用半精度，而梯度或损失非有限；损失缩放系数为固定值。
反对：配置使用 float32，或范围与 float32 相同的 bfloat16。
尚缺：说明计算精度的配置或控制台日志；损失缩放系数。
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from defib.diagnosis.cause import Clue, cause
from defib.diagnosis.precision import precision
from defib.records import Fact
from defib.words import Words, number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from defib.diagnosis.precision import Precision
    from defib.records import Checkup, Run, Symptom

NUMERIC = ("gradient_not_finite", "non_finite", "loss_divergence")
AROUND = 10  # records before and after the symptom was known, in which a message belongs to it; assumed
MANY = 3  # messages; a scaler in good health overflows once in a while, to look how high it can go. Assumed

SAID = Words(
    en="the console log tells of {count} overflows around epoch {epoch}: {text}",
    zh="控制台日志在第 {epoch} 轮前后报告了 {count} 次溢出：{text}",
)
SAID_MEANS = Words(
    en="step after step was thrown away because its gradient did not fit", zh="因梯度超出表示范围，一次次更新被丢弃"
)
ONE_MEANS = Words(en="a scaler overflows once in a while even in a healthy run", zh="即使训练健康，缩放器也会偶尔溢出")
HALF = Words(en="the config trains in half precision ({path} = {value})", zh="配置使用半精度训练（{path} = {value}）")
GRADIENT_MEANS = Words(
    en="gradients that are not finite beside a finite loss are what a scaler skips",
    zh="损失有限而梯度不是有限值，正是缩放器会跳过的更新",
)
LOSS_MEANS = Words(
    en="a loss that leaves the range of float16 becomes NaN; other causes give NaN too",
    zh="超出 float16 范围的损失会变成 NaN；但 NaN 也可能另有原因",
)
FIXED = Words(en="the loss scale is fixed at {scale}", zh="损失缩放固定为 {scale}")
FIXED_MEANS = Words(en="it cannot give way when a gradient overflows", zh="梯度溢出时它无法下调")
SKIPPED_MEANS = Words(
    en="a mixed-precision scaler skips such steps; whether there is one is not known",
    zh="混合精度缩放器会跳过这样的更新；但不知道是否使用了它",
)
SYMPTOM = Words(en="{said}", zh="{said}")
FULL = Words(en="the config trains in full precision ({path} = {value})", zh="配置使用单精度训练（{path} = {value}）")
FULL_MEANS = Words(en="float32 hardly ever overflows by itself", zh="float32 本身几乎不会溢出")
BFLOAT = Words(en="the config trains in bfloat16 ({path} = {value})", zh="配置使用 bfloat16 训练（{path} = {value}）")
BFLOAT_MEANS = Words(en="its range is that of float32", zh="其表示范围与 float32 相同")
NEED_CONFIG = Words(
    en="the config, which says in which numbers the run computes", zh="配置文件：它说明训练使用何种数值精度"
)
NEED_SCALE = Words(
    en="the loss scale was not logged; a scale that keeps falling would prove it",
    zh="没有记录损失缩放值；若它持续下降即可证实",
)


@cause(
    says=Words(en="half-precision numbers overflowed", zh="半精度数值溢出"),
    explains=NUMERIC,
)
def numeric_overflow(run: Run, checkup: Checkup) -> Iterator[Clue]:
    """Look at the precision in the config, and at what the console says around the first numeric symptom."""
    symptoms = [one for one in checkup.symptoms if one.rule in NUMERIC and one.severity != "note"]
    if not symptoms:
        return
    told = tuple(_told(run, min(symptoms, key=lambda one: one.record)))
    gradient = next((one for one in symptoms if one.rule == "gradient_not_finite"), None)
    finite = not any(one.rule in ("gradient_not_finite", "non_finite") for one in symptoms)
    if finite and not told:
        return  # a loss that rises and stays finite did not overflow
    yield from told
    found = precision(run)
    if found is None:
        if gradient is not None:
            yield Clue(side="for", measured=SYMPTOM.fill(said=gradient.says), means=SKIPPED_MEANS, facts=gradient.facts)
        yield Clue(side="missing", measured=NEED_CONFIG)
    elif found.kind == "half":
        if not finite:
            yield from _half(run, found, gradient)
    else:
        full = found.kind == "full"
        yield Clue(
            side="against",
            strength="strong",
            measured=(FULL if full else BFLOAT).fill(path=found.path, value=str(found.value)),
            means=FULL_MEANS if full else BFLOAT_MEANS,
            facts=(_fact(run, found),),
        )


def _half(run: Run, found: Precision, gradient: Symptom | None) -> Iterator[Clue]:
    value = found.value if isinstance(found.value, str) else "dict(...)"
    yield Clue(
        side="for",
        strength="weak" if gradient is None else "strong",
        measured=HALF.fill(path=found.path, value=value),
        means=LOSS_MEANS if gradient is None else GRADIENT_MEANS,
        facts=(_fact(run, found), *(() if gradient is None else gradient.facts)),
    )
    if found.fixed_scale is not None:
        yield Clue(side="for", measured=FIXED.fill(scale=number(found.fixed_scale)), means=FIXED_MEANS)
    yield Clue(side="missing", measured=NEED_SCALE)


def _fact(run: Run, found: Precision) -> Fact:
    return Fact(metric=found.path, value=found.value, place=run.config_place(found.path))


def _told(run: Run, symptom: Symptom) -> Iterator[Clue]:
    """Overflows that the console tells of around the moment at which the symptom was known."""
    near = [one for one in run.events if one.kind == "overflow" and abs(one.record - symptom.record) <= AROUND]
    if not near:
        return
    facts = tuple(Fact(metric=one.kind, value=one.text, at=one.at, place=one.place) for one in (near[0], near[-1]))
    many = len(near) >= MANY
    yield Clue(
        side="for",
        strength="strong" if many else "weak",
        measured=SAID.fill(count=len(near), epoch=number(near[0].at.epoch), text=near[-1].text),
        means=SAID_MEANS if many else ONE_MEANS,
        facts=facts[: len(near)],
    )
