"""What a person has to change: settings that live in code, or that no key of the config can express."""

from __future__ import annotations

from typing import TYPE_CHECKING

from defib.playbook.start import WHY_LOAD
from defib.records import HandEdit
from defib.settings import layout_of
from defib.words import Words, same

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from defib.records import Edit, Run, Start

ANYWHERE = Words(en="where your program sets it", zh="在你的程序设置它的地方")
IN_CONFIG = Words(en="{key} in the new config", zh="新配置中的 {key}")
LOADED = Words(
    en="after the model is made and before training: load the weights only, with a new optimizer and a new schedule",
    zh="在创建模型之后、训练之前：只加载权重，优化器与调度器都重新创建",
)
LIGHTNING = Words(
    en="in the program: load the state_dict into the model before fit; ckpt_path would restore the optimizer and the schedule too",
    zh="在程序中：fit 之前把 state_dict 载入模型；ckpt_path 会连优化器与调度器一起恢复",
)
TRAINER = Words(
    en="from_pretrained(...) with the checkpoint's folder, and train() without resume_from_checkpoint",
    zh="from_pretrained(...) 指向检查点目录，且 train() 不带 resume_from_checkpoint",
)
PLACES: dict[tuple[str, str], Words] = {
    ("keras", "lr"): same("model.compile(optimizer=...(learning_rate=...))"),
    ("keras", "load_from"): same("model.load_weights(...)"),
    ("huggingface", "lr"): same("TrainingArguments(learning_rate=...)"),
    ("huggingface", "clip"): same("TrainingArguments(max_grad_norm=...)"),
    ("huggingface", "load_from"): TRAINER,
    ("lightning", "lr"): same("configure_optimizers: optimizer = ...(lr=...)"),
    ("lightning", "clip"): same("Trainer(gradient_clip_val=...)"),
    ("lightning", "load_from"): LIGHTNING,
    ("ultralytics", "lr"): same('model.train(lr0=..., optimizer="SGD")'),
    ("ultralytics", "load_from"): same("YOLO(...).train(resume=False)"),
    ("", "lr"): same("optimizer = ...(lr=...)"),
    ("", "clip"): same("clip_grad_norm_(max_norm=...)"),
    ("", "load_from"): LOADED,
}
"""(framework, setting) -> where it is kept in code; "" stands for a plain PyTorch loop, the usual case of all others."""
RATE_KEYS: dict[str, Words] = {
    "ultralytics": Words(
        en="lr0 in the new config, and optimizer with the name that the log prints behind `optimizer:` (AdamW, SGD): with auto lr0 is "
        "not read",
        zh="新配置中的 lr0，同时把 optimizer 写成日志中 `optimizer:` 之后打印的名称（AdamW、SGD）：optimizer 为 auto 时不读取 lr0",
    ),
    "timm": Words(en="lr in the new config; it takes the place of lr_base", zh="新配置中的 lr；它会取代 lr_base"),
}
"""Layouts whose config may leave the rate to the program, and what to write there instead."""
KNOWN = frozenset({"keras", "huggingface", "lightning", "ultralytics"})


def by_hand(run: Run, start: Start, weights: str | None, edits: Iterable[Edit]) -> tuple[HandEdit, ...]:
    """The changes that no config takes: edits without a site, and the start where no key names it.

    edits: all edits of the plan, those without a site included.
    """
    made = list(edits)
    return (*_changes(run, made), *_start(run, start, weights, made))


def _changes(run: Run, edits: list[Edit]) -> Iterator[HandEdit]:
    for edit in edits:
        # An edit whose sites another one took over is written there.
        if not edit.sites and edit.key not in run.settings:
            yield HandEdit(key=edit.key, old=edit.old, new=edit.new, where=_where(run, edit.key), why=edit.why)


def _start(run: Run, start: Start, weights: str | None, edits: list[Edit]) -> Iterator[HandEdit]:
    if start.state == "none" or any(edit.key == "load_from" and edit.sites for edit in edits):
        return
    named = weights if start.state in ("ready", "listed") else None  # a file nobody saw has no known name
    yield HandEdit(key="load_from", new=named, where=_where(run, "load_from"), why=WHY_LOAD)


def _where(run: Run, key: str) -> Words:
    layout = None if run.config is None else layout_of(run.config)
    if key == "load_from" and layout is not None and layout.load_site is not None:
        return IN_CONFIG.fill(key=layout.load_site)
    if key == "lr" and layout is not None and layout.name in RATE_KEYS:
        return RATE_KEYS[layout.name]
    framework = run.framework if run.framework in KNOWN else ""
    return PLACES.get((framework, key), ANYWHERE)
