"""When a config plans to change what is trained, or on what: read from its hooks, never run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from defib import settings
from defib.diagnosis.decays import plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from defib.records import Run

FROM_0 = ("switch_epoch", "unfreeze_epoch")
"""Names under which hooks write the first epoch that is different, counted from 0 (mmdet's PipelineSwitchHook)."""
FROM_1 = ("action_epoch",)
"""The same, counted from 1 (mmpretrain's SwitchRecipeHook)."""
FROM_0_KEYS = ("epoch_attributes",)
"""Names of dicts whose keys are such epochs, counted from 0 (mmpose's RTMOModeSwitchHook)."""
FROM_THE_END = ("num_last_epochs",)
"""How many epochs before the last one it happens, in hooks that switch something (mmdet's YOLOXModeSwitchHook)."""
DEEPEST = 6  # levels; a hook's schedule is a list of dicts
DIGITS = 7  # nobody trains a million epochs


@dataclass(frozen=True, slots=True, kw_only=True)
class Phase:
    """A planned change of phase."""

    epoch: float
    """The first epoch, counted from 1, that is trained differently."""
    hook: str
    path: str
    value: object


def phases(run: Run) -> tuple[Phase, ...]:
    """The changes of phase that a config plans, in order.

    >>> from defib.samples import run_of
    >>> hook = {"type": "PipelineSwitchHook", "switch_epoch": 9}
    >>> phases(run_of({"val/top1": [1.0]}, config={"custom_hooks": [hook]}))[0].epoch
    10.0
    """
    if run.config is None:
        return ()
    last = plain(run.setting("max_epochs"))
    found = [
        phase
        for path, hook in settings.steps(run.config.tree, "custom_hooks")
        for phase in _written(hook, str(hook.get("type", "?")), path, last, DEEPEST)
    ]
    return tuple(sorted(found, key=lambda one: one.epoch))


def _written(held: dict[str, Any], hook: str, path: str, last: float | None, deeper: int) -> Iterator[Phase]:
    for key, value in held.items():
        at = f"{path}.{key}"
        for epoch in _epochs(key, value, hook, last):
            yield Phase(epoch=epoch, hook=hook, path=at, value=epoch if isinstance(value, dict) else value)
        if isinstance(value, list) and deeper:
            for index, one in enumerate(value):
                if isinstance(one, dict):
                    yield from _written(one, hook, f"{at}.{index}", last, deeper - 1)


def _epochs(key: str, value: object, hook: str, last: float | None) -> list[float]:
    """The epochs, counted from 1, that one entry of a hook names."""
    number = plain(value)
    if key in FROM_0 and number is not None:
        return [number + 1.0]
    if key in FROM_1 and number is not None:
        return [number]
    if key in FROM_THE_END and "Switch" in hook and number is not None and last is not None:
        return [last - number]
    if key in FROM_0_KEYS and isinstance(value, dict):
        return [float(one) + 1.0 for one in value if str(one).isdecimal() and len(str(one)) < DIGITS]
    return []
