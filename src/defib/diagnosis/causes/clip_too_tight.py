"""Most updates are clipped.

A limit below the usual gradient norm turns every step into one of fixed length: training crawls, and what the learning
rate means has changed. Above half of the updates the rate is the better knob (Google's tuning playbook).
For: more than half of the logged gradient norms before the onset lie above the config's limit.
Against: hardly any of them does.
Missing: the gradient norm, or the limit.

中文：
大多数更新都被梯度裁剪截断。

阈值低于通常的梯度范数时，每一步的长度都固定了：训练进展缓慢，学习率的含义也变了。裁剪超过一半更新时，更应该调的
是学习率（Google 的调参手册）。
支持：崩溃点之前，超过一半的梯度范数高于配置中的阈值。
反对：几乎没有超过的。
尚缺：梯度范数，或裁剪阈值。
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from defib.diagnosis.cause import Clue, cause
from defib.words import Words, number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from defib.records import Checkup, Run

MOST = 0.5
HARDLY = 0.05
LEAST = 10

SHARE = Words(
    en="{share}% of {count} logged gradient norms lie above the limit of {limit} (their median is {median})",
    zh="{count} 个梯度范数中有 {share}% 超过阈值 {limit}（中位数为 {median}）",
)
TIGHT = Words(en="most steps are cut to a fixed length", zh="大多数更新都被截成固定长度")
LOOSE = Words(en="the limit hardly ever acts", zh="阈值几乎从不起作用")


@cause(
    says=Words(en="gradient clipping cuts most updates", zh="梯度裁剪截断了大多数更新"),
    explains=("plateau", "never_learned", "loss_at_chance"),
)
def clip_too_tight(run: Run, checkup: Checkup) -> Iterator[Clue]:
    """Compare the logged gradient norms before the onset with the limit."""
    norm, limit = run.get("train/grad_norm"), run.setting("clip")
    if norm is None or not isinstance(limit, int | float) or not limit > 0 or not checkup.symptoms:
        return
    onset = None if checkup.incident is None else checkup.incident.onset.epoch
    seen = norm.value[np.isfinite(norm.value) & (True if onset is None else norm.epoch < onset)]
    if len(seen) < LEAST:
        return
    share = float((seen > limit).mean())
    words = {
        "share": number(100.0 * share, 3),
        "count": len(seen),
        "limit": number(float(limit)),
        "median": number(float(np.median(seen)), 3),
    }
    facts = (run.setting_fact("clip"),)
    if share > MOST:
        yield Clue(side="for", strength="strong", measured=SHARE.fill(**words), means=TIGHT, facts=facts)
    elif share <= HARDLY:
        yield Clue(side="against", strength="strong", measured=SHARE.fill(**words), means=LOOSE, facts=facts)
