"""Trackers of accelerate: refused before anything trains, and never a reason to stop once it does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from accelerate.tracking import LOGGER_TYPE_TO_CLASS, get_available_trackers

from defib.action.errors import reason
from defib.action.errors.training import BadValue
from defib.action.training.recipe import to_builtins
from defib.words import Words

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from accelerate import Accelerator

    from defib.action.training.recipe import Recipe

PROJECT = "defib"
NO_SUCH = Words(en="there is no tracker {name}; there are {known}", zh="没有 {name} 这个跟踪器；可用的有 {known}")
NOT_INSTALLED = Words(
    en="{name} is not installed here: pip install {name}, or take it out",
    zh="这里没有安装 {name}：请 pip install {name}，或去掉它",
)
NOT_STARTED = Words(
    en="{name} did not start ({reason}): set it up, run it offline, or take it out",
    zh="{name} 无法启动（{reason}）：请先完成它的设置、改用离线方式，或去掉它",
)
PACKAGES = {"comet_ml": "comet-ml"}
"""How a tracker's package is called where that is not its name."""


def check(names: Sequence[str]) -> None:
    """Refuse what accelerate does not know, and what it would go on without in silence.

    Raises BadValue.
    """
    for name in names:
        if name not in LOGGER_TYPE_TO_CLASS:
            known = ", ".join(sorted(map(str, LOGGER_TYPE_TO_CLASS)))
            raise BadValue(path="recipe", key="trackers", reason=NO_SUCH.fill(name=name, known=known))
        if name not in map(str, get_available_trackers()):
            raise BadValue(path="recipe", key="trackers", reason=NOT_INSTALLED.fill(name=PACKAGES.get(name, name)))


def start(accelerator: Accelerator, recipe: Recipe) -> None:
    """Begin a run with every tracker of a recipe.

    Raises BadValue, e.g. for one that wants a key and finds none.
    """
    if not recipe.trackers:
        return
    settings = {key: str(value) for key, value in to_builtins(recipe).items()}
    try:
        accelerator.init_trackers(PROJECT, config=settings)
    except Exception as error:  # noqa: BLE001 (each has errors of its own, which share no parent)
        words = NOT_STARTED.fill(name=", ".join(recipe.trackers), reason=reason(error))
        raise BadValue(path="recipe", key="trackers", reason=words) from None


def tell(accelerator: Accelerator, values: Mapping[str, float], step: int) -> Iterator[str]:
    """Give numbers to every tracker; one that fails, e.g. with its server, is let go of, and what it said is given back."""
    for tracker in tuple(accelerator.trackers):
        try:
            tracker.log(values, step=step)
        except Exception as error:  # noqa: BLE001 (each has errors of its own, which share no parent)
            accelerator.trackers.remove(tracker)
            yield f"{tracker.name}: {reason(error).en}"


def end(accelerator: Accelerator) -> Iterator[str]:
    """End every tracker's run, and what processes shared."""
    for tracker in tuple(accelerator.trackers):
        try:
            tracker.finish()
        except Exception as error:  # noqa: BLE001 (as above)
            yield f"{tracker.name}: {reason(error).en}"
    accelerator.trackers.clear()
    accelerator.end_training()
