"""Nothing stopped the gradients that came right before the fall.

One gradient a hundred times as large as the others moves the weights as far as a hundred steps. A limit on the norm is
there for that; one far above the usual norm, or none, lets it through.
For: right before the onset a gradient norm five times above what nine in ten stayed below, larger than any before, and a
limit that is missing or lies beyond three times the usual; no limit where the loss diverged.
Against: no such gradient came before the fall; the limit cut it to the usual length; the rate jumped at the onset.
Missing: the gradient norm, or the limit.

中文：
下跌之前出现的大梯度没有被拦住。

一个比其他大一百倍的梯度，会让权重移动一百步的距离。梯度裁剪的阈值正是为此而设；远高于通常范数的阈值，或没有阈
值，都会放它过去。
支持：崩溃点之前，出现了比九成数值的上限还高五倍、且超过此前所有值的梯度范数，而阈值缺失或超过通常范数的三倍；
损失发散且没有设置阈值。
反对：下跌之前没有这样的梯度；阈值已把它裁到通常的长度；崩溃点处学习率发生跳变。
尚缺：梯度范数，或裁剪阈值。
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from defib import settings
from defib.diagnosis.cause import Clue, cause
from defib.diagnosis.decays import plain
from defib.diagnosis.onset import NEAR, at_onset
from defib.records import Fact
from defib.words import Words, number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from defib.records import Checkup, Run, Series

TALL = 5.0  # times the usual norm, at which a gradient is a spike; assumed
CALM = 3.0  # times the usual norm, below which none is; also where a limit begins to be loose. Assumed
USUAL = 90  # per cent of the norms that lie below the usual one; a limit there is what practice takes (reference: p90)
LEAST = 20  # logged norms from which the usual one is judged
DIVERGED = ("loss_divergence", "non_finite")
OLDER_CLIP = "optimizer_config.grad_clip.max_norm"

SPIKE = Words(
    en="a gradient norm of {spike} came in epoch {epoch}, right before the fall; nine in ten before stayed below {usual}, and "
    "the largest was {largest}",
    zh="下跌之前，第 {epoch} 轮出现了 {spike} 的梯度范数；此前九成低于 {usual}，最大为 {largest}",
)
NO_LIMIT = Words(en="{said}; the config has no gradient clipping", zh="{said}；配置没有梯度裁剪")
LIMIT = Words(en="{said}; the limit is {limit}", zh="{said}；裁剪阈值为 {limit}")
LOOSE_MEANS = Words(en="nothing cut the step that it made", zh="没有任何东西限制它造成的更新")
UNKNOWN_MEANS = Words(en="one step moved the weights as far as many others", zh="这一步移动权重的幅度相当于许多步")
CUT_MEANS = Words(en="the limit cut it to the length of a usual step", zh="阈值把它截到了平常一步的长度")
CALM_NORMS = Words(
    en="the largest gradient norm in the epoch before the fall is {spike}; nine in ten before stayed below {usual}",
    zh="下跌之前一轮最大的梯度范数为 {spike}；此前九成低于 {usual}",
)
CALM_MEANS = Words(en="no gradient spike came before the fall", zh="下跌之前没有出现梯度尖峰")
BARE = Words(en="the config has no gradient clipping", zh="配置没有梯度裁剪")
BARE_MEANS = Words(en="a single large gradient would go through uncut", zh="一个过大的梯度会不受限制地通过")
EVENT = Words(en="the learning rate jumped at the onset", zh="学习率在崩溃点发生了跳变")
EVENT_MEANS = Words(en="large gradients may be its consequence", zh="过大的梯度可能是它的后果")
NEED_NORM = Words(
    en="the gradient norm was not logged; it would show whether a spike came before the fall",
    zh="没有记录梯度范数；它能显示下跌之前是否出现尖峰",
)
NEED_LIMIT = Words(en="the config, which says whether gradients are clipped", zh="配置文件：它说明是否裁剪梯度")


@cause(
    says=Words(en="nothing stopped a gradient far above the usual", zh="没有任何限制拦住远超平常的梯度"),
    explains=(
        "val_collapse",
        "branch_collapse",
        "loss_divergence",
        "non_finite",
        "fell_to_chance",
        "loss_spike",
        "gradient_not_finite",
    ),
)
def clip_too_loose(run: Run, checkup: Checkup) -> Iterator[Clue]:
    """Look for a gradient spike right before the onset that no limit cut."""
    onset = None if checkup.incident is None else checkup.incident.onset.epoch
    if onset is None:
        return
    norm = run.get("train/grad_norm")
    if norm is None:
        if _has_none(run) and any(one.rule in DIVERGED for one in checkup.symptoms):
            yield Clue(side="for", measured=BARE, means=BARE_MEANS)
            yield Clue(side="missing", measured=NEED_NORM)
        return
    finite = np.isfinite(norm.value)
    before, near = norm.value[finite & (norm.epoch < onset - NEAR)], finite & (norm.epoch >= onset - NEAR)
    near &= norm.epoch <= onset
    if len(before) < LEAST or not near.any():
        return
    rows = np.flatnonzero(near)
    spike = int(rows[np.argmax(norm.value[rows])])
    yield from _weigh(run, norm, spike, before)
    tall = norm.value[spike] >= TALL * np.percentile(before, USUAL)
    if tall and at_onset(checkup, "lr_jump"):
        yield Clue(side="against", measured=EVENT, means=EVENT_MEANS)


def _weigh(run: Run, norm: Series, spike: int, before: np.ndarray) -> Iterator[Clue]:
    usual, largest, height = float(np.percentile(before, USUAL)), float(before.max()), float(norm.value[spike])
    words = {
        "spike": number(height),
        "usual": number(usual, 3),
        "largest": number(largest),
        "epoch": number(float(norm.epoch[spike])),
    }
    facts = (run.fact(norm, spike), Fact(metric="usual_grad_norm", value=float(f"{usual:.2g}")))
    limit, said = _limit(run), SPIKE.fill(**words)
    if height <= CALM * usual:
        yield Clue(
            side="against", strength="strong", measured=CALM_NORMS.fill(**words), means=CALM_MEANS, facts=facts[:1]
        )
    elif height < TALL * usual or height <= largest:
        return
    elif limit is not None:
        loose = limit > CALM * usual
        yield Clue(
            side="for" if loose else "against",
            strength="strong",
            measured=LIMIT.fill(said=said, limit=number(limit)),
            means=LOOSE_MEANS if loose else CUT_MEANS,
            facts=(*facts, run.setting_fact("clip")),
        )
    elif _has_none(run):
        measured = NO_LIMIT.fill(said=said)
        yield Clue(side="for", strength="strong", measured=measured, means=LOOSE_MEANS, facts=facts)
    else:
        yield Clue(side="for", measured=said, means=UNKNOWN_MEANS, facts=facts)
        yield Clue(side="missing", measured=NEED_LIMIT)


def _limit(run: Run) -> float | None:
    """The largest norm that the config lets through."""
    tree = {} if run.config is None else run.config.tree
    older = settings.get(tree, OLDER_CLIP)
    found = plain(run.setting("clip"), plain(older))
    return found if found is not None and found > 0 else None


def _has_none(run: Run) -> bool:
    """Whether the config was understood and has no clipping of any kind."""
    layout = None if run.config is None else settings.layout_of(run.config)
    if run.config is None or layout is None or layout.clipping is None or "clip_value" in run.settings:
        return False
    return layout.clipping.off(run.config.tree)
