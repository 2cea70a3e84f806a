"""Which parts of a config belong to a branch: multipliers of rates, frozen stages, weights, flags that cut gradients."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from defib import settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from defib.records import Run

CUSTOM = "optim_wrapper.paramwise_cfg.custom_keys"


class Multiplier(NamedTuple):
    """How many times the rate of the model a part of it has."""

    path: str
    part: str
    value: float


def multipliers(run: Run, branch: str) -> Iterator[Multiplier]:
    """The multipliers of parts whose name holds the name of a branch.

    >>> from defib.samples import run_of
    >>> keys = {"backbone.pose_path": {"lr_mult": 10.0}, "norm": {"decay_mult": 0.0}}
    >>> run = run_of({"val/top1": [1.0]}, config={"optim_wrapper": {"paramwise_cfg": {"custom_keys": keys}}})
    >>> [(one.part, one.value) for one in multipliers(run, "pose")], list(multipliers(run, "rgb"))
    ([('backbone.pose_path', 10.0)], [])
    """
    tree = {} if run.config is None else run.config.tree
    held = settings.get(tree, CUSTOM)
    for part, options in (held if isinstance(held, dict) else {}).items():
        value = options.get("lr_mult") if isinstance(options, dict) else None
        if isinstance(value, int | float) and not isinstance(value, bool) and names(part, branch):
            yield Multiplier(f"{CUSTOM}.{part}", part, float(value))


def names(part: str, branch: str) -> bool:
    """Whether the name of a part holds the name of a branch as a word of its own.

    >>> names("backbone.pose_path", "pose"), names("exposed", "pose"), names("rgb_head", "pose")
    (True, False, False)
    """
    return re.search(rf"(?:^|[._]){re.escape(branch)}(?:[._]|$)", part) is not None


def flags(run: Run, branch: str) -> Iterator[tuple[str, object]]:
    """Paths in the model's config that name the branch and freeze or detach it, with their values.

    >>> from defib.samples import run_of
    >>> model = {"backbone": {"pose_detach": True, "rgb_detach": False, "pose_pathway": {"frozen_stages": 4}}}
    >>> list(flags(run_of({"val/top1": [1.0]}, config={"model": model}), "pose"))
    [('model.backbone.pose_detach', True), ('model.backbone.pose_pathway.frozen_stages', 4)]
    """
    tree = {} if run.config is None else run.config.tree
    waiting: list[tuple[str, object]] = [("model", tree.get("model"))]
    while waiting:
        path, value = waiting.pop(0)
        if not isinstance(value, dict):
            continue
        for key, item in value.items():
            here = f"{path}.{key}"
            if isinstance(item, dict):
                waiting.append((here, item))
            elif names(here, branch) and _cuts(key, item):
                yield here, item


def _cuts(key: str, value: object) -> bool:
    if key == "frozen_stages":
        return isinstance(value, int) and value > 0
    return (key.endswith("detach") or key in ("freeze", "frozen")) and value is True
