"""Fill a network with weights, and count what was filled: every tensor loaded, missing, unexpected, of another size.

A wrong prefix loads nothing and says so nowhere in most frameworks; here less than half is refused.
"""

from __future__ import annotations

import pickle
from typing import TYPE_CHECKING, NamedTuple

import safetensors.torch
import torch
from torch import Tensor, nn

from defib.action.errors import reason
from defib.action.errors.model import WeightsMisfit, WeightsUnreadable
from defib.action.model.layouts import translated
from defib.words import Words

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from defib.action.model.recognizer import Recognizer

LEAST = 0.5
"""Share of the network's tensors that a checkpoint must hold. Assumed: a single stream of two holds more than half."""
COUNTER = "num_batches_tracked"
SHOWN = 3
"""Names of tensors in a message."""
NO_TENSORS = Words(en="it holds no tensors", zh="其中没有张量")
NOT_ALONE = Words(
    en="it holds more than tensors: `defib rescue` or torch in the environment that wrote it can make a copy of the weights alone",
    zh="其中不只有张量：可以用 `defib rescue`，或在写出它的环境中用 torch，另存一份只含权重的副本",
)
INSIDE = ("state_dict", "model", "model_state", "model_state_dict", "ema_state_dict", "net")
"""Keys under which trainers keep the weights within a checkpoint."""
PREFIXES = ("module.", "_orig_mod.")
"""What DistributedDataParallel and torch.compile put in front of names."""


class Filled(NamedTuple):
    """What a checkpoint filled."""

    path: str
    wanted: int
    """Tensors that the network has."""
    loaded: tuple[str, ...]
    missing: tuple[str, ...]
    """In the network, not in the checkpoint: they keep their random start."""
    unexpected: tuple[str, ...]
    """In the checkpoint, not in the network."""
    resized: tuple[tuple[str, tuple[int, ...], tuple[int, ...]], ...]
    """Name, size in the checkpoint, size in the network; not loaded."""

    @property
    def share(self) -> float:
        """Of the network's tensors, how many were filled."""
        return len(self.loaded) / max(self.wanted, 1)


def initialise(
    recognizer: Recognizer, path: Path, *, least: float = LEAST, option: str = "model.least_loaded=0"
) -> Filled:
    """Fill a recognizer from a checkpoint of ours, of mmaction2, pyskl or PCAN.

    least: share of tensors that must be filled; 0 takes anything.
    option: how the reader allows less, for the message.

    Raises WeightsUnreadable, WeightsMisfit; then nothing was filled.
    """
    found = translated(weights_of(path))
    filled = compare(recognizer.state_dict(), found, str(path))
    if filled.share < least:
        raise WeightsMisfit(
            path=path,
            loaded=len(filled.loaded),
            wanted=filled.wanted,
            share=f"{100 * filled.share:.0f}%",
            missing=", ".join(filled.missing[:SHOWN]) or "-",
            unexpected=", ".join(filled.unexpected[:SHOWN]) or "-",
            option=option,
        )
    counters = {name for name in recognizer.state_dict() if name.endswith(COUNTER) and name in found}
    recognizer.load_state_dict({name: found[name] for name in {*filled.loaded, *counters}}, strict=False)
    return filled


def compare(network: Mapping[str, Tensor], found: Mapping[str, Tensor], path: str) -> Filled:
    """Which tensors of a checkpoint fit a network. Counters of BatchNorm are no weights and are not counted."""
    wanted = {name: tuple(value.shape) for name, value in network.items() if not name.endswith(COUNTER)}
    given = {name: tuple(value.shape) for name, value in found.items() if not name.endswith(COUNTER)}
    both = [name for name in wanted if name in given]
    return Filled(
        path=path,
        wanted=len(wanted),
        loaded=tuple(name for name in both if wanted[name] == given[name]),
        missing=tuple(name for name in wanted if name not in given),
        unexpected=tuple(name for name in given if name not in wanted),
        resized=tuple((name, given[name], wanted[name]) for name in both if wanted[name] != given[name]),
    )


def weights_of(path: Path) -> dict[str, Tensor]:
    """The tensors of a checkpoint by name. Nothing in the file is executed.

    Raises WeightsUnreadable.
    """
    try:
        if path.suffix == ".safetensors":
            found: object = safetensors.torch.load_file(path)
        else:
            found = torch.load(path, map_location="cpu", weights_only=True)
    except pickle.UnpicklingError:
        raise WeightsUnreadable(path=path, reason=NOT_ALONE) from None
    except Exception as error:  # noqa: BLE001 (a damaged file may end in any error of either reader)
        raise WeightsUnreadable(path=path, reason=reason(error)) from None
    tensors = _tensors(found)
    if not tensors:
        raise WeightsUnreadable(path=path, reason=NO_TENSORS)
    return tensors


def _tensors(found: object) -> dict[str, Tensor]:
    if not isinstance(found, dict):
        return {}
    for key in INSIDE:
        if isinstance(found.get(key), dict):
            return _tensors(found[key])
    return {_bare(name): value for name, value in found.items() if isinstance(name, str) and isinstance(value, Tensor)}


def _bare(name: str) -> str:
    for prefix in PREFIXES:
        name = name.removeprefix(prefix)
    return name


def count(module: nn.Module) -> int:
    """Parameters of a network."""
    return sum(parameter.numel() for parameter in module.parameters())
