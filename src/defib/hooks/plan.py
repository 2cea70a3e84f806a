"""What a guard leaves behind when it stops: the newest good weights, and what happened, to go on from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from defib.hooks.tongue import said

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any, Mapping, Sequence

WEIGHTS, TEXT = "guard-good.pt", "guard-plan.md"
TITLE = ("# The guard stopped this run", "# 守护程序停止了这次训练")
START = (
    "The newest state that was proven good is `{weights}`: `torch.load(path, weights_only=True)` gives the states of {names}.",
    "最新的、已证明良好的状态保存在 `{weights}`：`torch.load(path, weights_only=True)` 可得到 {names} 的状态。",
)
NEXT = {
    "rescue": (
        "Next: look at the log with `defib diagnose {folder}`; start again from these weights with a tenth of the rate and a new schedule, not the old one.",
        "下一步：用 `defib diagnose {folder}` 查看日志；从这些权重出发，用十分之一的学习率和新的调度重新开始，不要沿用旧的调度。",
    ),
    "escalate": (
        "Next: find the samples or the code that give values which are not finite. No setting cures that, so none was tried twice.",
        "下一步：找出产生非有限值的样本或代码。任何设置都治不好它，因此没有重复尝试。",
    ),
}
HAPPENED = ("What happened:", "经过：")


def write(folder: Path, states: Mapping[str, Any], events: Sequence[tuple[int, str]], verdict: str) -> Path:
    """Both files, each whole or not at all; the path of the text.

    states: of the snapshot's parts, by name; events: step and sentence.

    Raises OSError.
    """
    folder.mkdir(parents=True, exist_ok=True)
    new = folder / (WEIGHTS + ".new")
    torch.save(dict(states), new)
    new.replace(folder / WEIGHTS)
    lines = [
        said(*TITLE),
        "",
        said(*START, weights=WEIGHTS, names=", ".join(states)),
        "",
        said(*NEXT[verdict], folder=folder),
    ]
    lines += ["", said(*HAPPENED), "", *(f"- {step}: {text}" for step, text in events), ""]
    new = folder / (TEXT + ".new")
    new.write_text("\n".join(lines), encoding="utf-8")
    new.replace(folder / TEXT)
    return folder / TEXT
