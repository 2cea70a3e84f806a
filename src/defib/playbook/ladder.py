"""What to change later: upwards when the restart is stable, downwards when it is not, and for higher aims."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from defib.playbook.notch import notch
from defib.playbook.rate import ABOVE, reference_rate
from defib.records import LadderStep
from defib.settings import plain
from defib.words import Words, number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from defib.records import Edit, Run

HALF = 0.5
LARGER = 1.25
DEEPER = {18: 50, 34: 50, 50: 101, 101: 152}
"""The next of the usual ResNets."""

LR_UP = Words(en="raise the learning rate one notch ({old} to {new})", zh="学习率上调一档（{old} → {new}）")
LR_DOWN = Words(en="lower the learning rate one notch ({old} to {new})", zh="学习率再下调一档（{old} → {new}）")
JITTER = Words(
    en="bring colour jitter back at half its strength ({old} to {new})",
    zh="以一半强度重新引入颜色扰动（{old} → {new}）",
)
EPOCHS = Words(en="train one notch longer ({old} to {new} epochs)", zh="训练轮数上调一档（{old} → {new} 轮）")
BATCH = Words(
    en="a larger batch per GPU if memory allows ({old} to {new})", zh="若显存足够，增大每卡批大小（{old} → {new}）"
)
PRETRAINED = Words(en="start from pre-trained weights: {theirs}", zh="使用预训练权重：{theirs}")
GENERIC = Words(en="those of the reference recipe", zh="参考配方所用的权重")
RELATED = Words(en="those of a related task", zh="相近任务的权重")
MERGED = Words(
    en="train both streams singly, merge them, validate before the first step",
    zh="先分别训练两个单流，合并后在第一步之前先验证",
)
LARGER_MODEL = Words(en="a larger model", zh="更大的模型")
DEPTH = Words(en="a deeper backbone ({old} to {new})", zh="更深的骨干网络（{old} → {new}）")
PSEUDO = Words(en="more training data: pseudo-labels", zh="增加训练数据：伪标签")
ENSEMBLE = Words(en="an ensemble of several trained models", zh="模型集成：融合多个训练好的模型")
LONGER = Words(en="train longer ({new} epochs or more)", zh="更长时间训练（{new} 轮以上）")


def ladder(run: Run, edits: tuple[Edit, ...]) -> tuple[LadderStep, ...]:
    """The later steps for a run and the edits of its plan."""
    decided = {edit.key: edit.new for edit in edits}

    def now(key: str) -> Any:  # noqa: ANN401 (any config value)
        return decided.get(key, run.setting(key))

    lr, epochs, batch = plain(now("lr")), plain(now("max_epochs")), plain(now("batch_size"))
    return (
        *_stable(run, decided, lr, epochs),
        *_unstable(run, lr, batch),
        *_ambitious(run, epochs),
    )


def _stable(run: Run, decided: dict[str, Any], lr: float | None, epochs: float | None) -> Iterator[LadderStep]:
    known = reference_rate(run)
    if lr and (known is None or lr <= ABOVE * known):  # no step up from a rate that is too high already
        up = notch(lr, 1)
        yield LadderStep(when="stable", key="lr", old=lr, new=up, says=LR_UP.fill(old=number(lr), new=number(up)))
    jitter = run.setting("color_jitter")
    if isinstance(jitter, dict) and decided.get("color_jitter", jitter) is None:
        strong = {key: value for key, value in jitter.items() if plain(value)}
        first = next(iter(strong), None)
        if first is not None:
            half = {key: value * HALF for key, value in strong.items()}
            says = JITTER.fill(old=f"{first}={number(strong[first])}", new=number(half[first]))
            yield LadderStep(when="stable", key="color_jitter", old=None, new={**jitter, **half}, says=says)
    if epochs:
        longer = notch(epochs, 1)
        says = EPOCHS.fill(old=number(epochs), new=number(longer))
        yield LadderStep(when="stable", key="max_epochs", old=int(epochs), new=int(longer), says=says)


def _unstable(run: Run, lr: float | None, batch: float | None) -> Iterator[LadderStep]:
    if lr:
        down = notch(lr, -1)
        yield LadderStep(
            when="unstable", key="lr", old=lr, new=down, says=LR_DOWN.fill(old=number(lr), new=number(down))
        )
    if batch:
        larger = max(int(batch) + 1, round(batch * LARGER))
        says = BATCH.fill(old=number(batch), new=larger)
        yield LadderStep(when="unstable", key="batch_size", old=int(batch), new=larger, says=says)
    theirs = RELATED
    if run.reference is not None:
        theirs = MERGED if run.reference.settings.get("load_from") else GENERIC
    says = PRETRAINED.fill(theirs=theirs)
    yield LadderStep(when="unstable", key="load_from", says=says)


def _ambitious(run: Run, epochs: float | None) -> Iterator[LadderStep]:
    depth = _depth(run)
    deeper = None if depth is None else DEEPER.get(depth)
    says = LARGER_MODEL if deeper is None else DEPTH.fill(old=f"ResNet{depth}", new=f"ResNet{deeper}")
    yield LadderStep(when="ambitious", key="model", old=depth, new=deeper, says=says)
    yield LadderStep(when="ambitious", key="data", says=PSEUDO)
    yield LadderStep(when="ambitious", key="ensemble", says=ENSEMBLE)
    if epochs:
        longest = notch(epochs, 2)
        says = LONGER.fill(new=number(longest))
        yield LadderStep(when="ambitious", key="max_epochs", old=int(epochs), new=int(longest), says=says)


def _depth(run: Run) -> int | None:
    """The backbone's depth as far as it is known; all references have 50 layers where the config names none."""
    from defib import settings  # noqa: PLC0415 (kept beside its one use)

    tree = {} if run.config is None else run.config.tree
    for path in ("model.backbone.depth", "model.backbone.rgb_pathway.depth"):
        if settings.has(tree, path) and isinstance(settings.at(tree, path), int):
            return int(settings.at(tree, path))
    return 50 if run.reference is not None else None
