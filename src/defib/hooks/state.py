"""Everything that one training step changes, copied to the host and put back."""

from __future__ import annotations

import random
import sys
from typing import TYPE_CHECKING

import torch

if TYPE_CHECKING:
    from typing import Any, Mapping


def taken(parts: Mapping[str, Any]) -> dict[str, Any]:
    """The state of what has one (`state_dict`): model, optimizer, scheduler, scaler, average, loader; and of chance.

    Every tensor is a copy on the host, so that what happens later does not reach it.
    """
    return {name: copied(one) for name, one in held(parts).items()}


def held(parts: Mapping[str, Any]) -> dict[str, Any]:
    """What `taken` copies, as it lies where it is."""
    return {"parts": {name: part.state_dict() for name, part in parts.items()}, "chance": _chance()}


def put_back(parts: Mapping[str, Any], state: Mapping[str, Any]) -> None:
    """Bring everything to what `taken` found; afterwards the state is still good for another time."""
    for name, part in parts.items():
        part.load_state_dict(copied(state["parts"][name]))
    chance = state["chance"]
    version, words, gauss = chance["python"]
    random.setstate((version, tuple(words), gauss))
    torch.set_rng_state(chance["torch"])
    if chance["cuda"]:
        torch.cuda.set_rng_state_all(chance["cuda"])
    numpy = sys.modules.get("numpy")
    if numpy is not None and chance["numpy"] is not None:
        name, keys, *rest = chance["numpy"]
        numpy.random.set_state((name, numpy.array(keys, dtype="uint32"), *rest))


def copied(value: Any) -> Any:
    """A deep copy with every tensor on the host."""
    if isinstance(value, torch.Tensor):
        return value.detach().to("cpu", copy=True)
    if isinstance(value, dict):
        return {key: copied(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        found = [copied(one) for one in value]
        return found if isinstance(value, list) else tuple(found)
    return value


def size(value: Any) -> int:
    """Bytes of all tensors in it."""
    if isinstance(value, torch.Tensor):
        return value.numel() * value.element_size()
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, (list, tuple)) else ()
    return sum(size(one) for one in parts)


def _chance() -> dict[str, Any]:
    """The states of the generators of random numbers, as plain values that a restricted reader of pickles takes."""
    version, words, gauss = random.getstate()
    numpy = sys.modules.get("numpy")
    drawn = None
    if numpy is not None:
        name, keys, *rest = numpy.random.get_state()
        drawn = [name, keys.tolist(), *rest]
    cuda = torch.cuda.get_rng_state_all() if torch.cuda.is_initialized() else []  # type: ignore[no-untyped-call]
    return {"python": [version, list(words), gauss], "numpy": drawn, "torch": torch.get_rng_state(), "cuda": cuda}
