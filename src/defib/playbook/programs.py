"""How each framework is started, as far as that is certain without its project's own script."""

from __future__ import annotations

from typing import TYPE_CHECKING

from defib.settings import get, layout_of
from defib.words import Words

if TYPE_CHECKING:
    from collections.abc import Callable

    from defib.records import Run
    from defib.settings.tree import Tree

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
ONE_ARGUMENT = Words(
    en="which script trains is not in its config or log: start it as before, with {config} as its only argument (HfArgumentParser "
    "takes a file that ends in .json so)",
    zh="配置与日志都没有说明用哪个脚本训练：请照原来的方式启动，把 {config} 作为唯一的参数（HfArgumentParser 这样读取以 .json 结尾的文件）",
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


def of_mmcv(run: Run) -> bool:
    """Whether the run's program is of mmcv's time: mmaction2 0.x, pyskl, mmdetection 2.x, ..."""
    layout = None if run.config is None else layout_of(run.config)
    return layout is not None and layout.name == "mmcv"


def recognizes(run: Run) -> bool:
    """Whether it trains a recognizer of actions (mmaction2, pyskl)."""
    kind = None if run.config is None else get(run.config.tree, "model.type")
    return isinstance(kind, str) and ("Recognizer" in kind or kind == "SkeletonGCN")


def started(run: Run, config: str, gpus: int | None) -> tuple[tuple[str, ...], tuple[Words, ...]]:
    """The command for a run that the mm launchers do not start, and what is missing for it."""
    layout = None if run.config is None else layout_of(run.config)
    if config.endswith(".sh"):
        return ("bash", config), ()
    make = None if layout is None else _LINES.get(layout.name)
    if layout is not None and layout.name == "huggingface":
        return (), ((ONE_ARGUMENT if config.endswith(".json") else NO_SCRIPT).fill(config=config),)
    if make is None:
        return (), (NO_SCRIPT.fill(config=config),)
    tree = {} if run.config is None else run.config.tree
    words = make(config, tree, gpus)
    if not words:
        return (), (NO_SCRIPT.fill(config=config),)
    script = next((word for word in words if word.endswith(".py")), None)
    return words, () if script is None else (SCRIPT.fill(script=script),)


def _detectron2(script: str, config: str, gpus: int | None) -> tuple[str, ...]:
    many = () if gpus is None else ("--num-gpus", str(gpus))
    return ("python", script, "--config-file", config, *many)


def _timm(config: str, tree: Tree, gpus: int | None) -> tuple[str, ...]:
    """train.py takes the folder of the data as an argument, whatever the file says."""
    data = tree.get("data_dir") or tree.get("data")
    if not isinstance(data, str):
        return ()
    launcher = ("python",) if gpus in (None, 1) else ("torchrun", f"--nproc_per_node={gpus}")
    return (*launcher, "train.py", data, "--config", config)


_LINES: dict[str, Callable[[str, Tree, int | None], tuple[str, ...]]] = {
    "ultralytics": lambda config, _, __: ("yolo", "train", f"cfg={config}"),
    "detectron2": lambda config, _, gpus: _detectron2("train_net.py", config, gpus),
    "detectron2_lazy": lambda config, _, gpus: _detectron2("tools/lazyconfig_train_net.py", config, gpus),
    "lightning": lambda config, _, __: ("python", "main.py", "fit", "--config", config),
    "pyslowfast": lambda config, _, __: ("python", "tools/run_net.py", "--cfg", config),
    "timm": _timm,
    "trainer": lambda config, _, __: ("defib", "train", config),
}
