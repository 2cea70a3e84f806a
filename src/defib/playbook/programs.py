"""How each framework is started, as far as that is certain without its project's own script."""

from __future__ import annotations

from typing import TYPE_CHECKING

from defib.settings import layout_of
from defib.words import Words

if TYPE_CHECKING:
    from collections.abc import Callable

    from defib.records import Run

MM = frozenset({"mmengine", "mmcv"})
"""Layouts whose programs are started with `tools/dist_train.sh`."""
SCRIPT = Words(
    en="{script} is the usual name of the training script; put your own in its place if it is called otherwise, with the other "
    "arguments that the run was started with",
    zh="{script} 是训练脚本的惯用名；若你的脚本另有其名，请替换，并补上这次训练启动时的其他参数",
)
NO_SCRIPT = Words(
    en="how the program is started is not in its config or log: start it as before, with {config} in place of the old config",
    zh="配置与日志都没有说明如何启动程序：请照原来的方式启动，把旧配置换成 {config}",
)


IN_CODE = frozenset({"keras", "huggingface", "lightning", "ultralytics", "timm", "detectron2", "pyslowfast"})
"""Frameworks of whose logs we know that the mm programs did not write them."""


def foreign(run: Run) -> bool:
    """Whether the mm programs certainly do not start this run: by its config, else by who wrote its log."""
    return run.framework in IN_CODE if run.config is None else not launches(run)


def launches(run: Run) -> bool:
    """Whether the mm launchers start this run."""
    layout = None if run.config is None else layout_of(run.config)
    return layout is not None and layout.name in MM


def started(run: Run, config: str, gpus: int | None) -> tuple[tuple[str, ...], tuple[Words, ...]]:
    """The command for a run that the mm launchers do not start, and what is missing for it."""
    layout = None if run.config is None else layout_of(run.config)
    if config.endswith(".sh"):
        return ("bash", config), ()
    make = None if layout is None else _LINES.get(layout.name)
    if make is None:
        return (), (NO_SCRIPT.fill(config=config),)
    words = make(config, gpus)
    script = next((word for word in words if word.endswith(".py")), None)
    return words, () if script is None else (SCRIPT.fill(script=script),)


def _detectron2(config: str, gpus: int | None) -> tuple[str, ...]:
    many = () if gpus is None else ("--num-gpus", str(gpus))
    return ("python", "train_net.py", "--config-file", config, *many)


_LINES: dict[str, Callable[[str, int | None], tuple[str, ...]]] = {
    "ultralytics": lambda config, _: ("yolo", "train", f"cfg={config}"),
    "detectron2": _detectron2,
    "lightning": lambda config, _: ("python", "main.py", "fit", "--config", config),
    "pyslowfast": lambda config, _: ("python", "tools/run_net.py", "--cfg", config),
}
