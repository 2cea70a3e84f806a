"""Every generator of random numbers, as plain values that a checkpoint can hold."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import torch


def seeded(seed: int, rank: int) -> None:
    """Begin: each process draws its own dropout."""
    random.seed(seed + rank)
    np.random.seed((seed + rank) % 2**32)  # noqa: NPY002 (a dataset of somebody else may use it)
    torch.manual_seed(seed + rank)


def state() -> dict[str, Any]:
    """The generators as they stand."""
    version, words, gauss = random.getstate()
    name, keys, place, has, cached = np.random.get_state()  # noqa: NPY002
    found: dict[str, Any] = {
        "python": [version, list(words), gauss],
        "numpy": [name, torch.from_numpy(np.asarray(keys).astype(np.int64)), int(place), int(has), float(cached)],
        "torch": torch.get_rng_state(),
    }
    if torch.cuda.is_available():
        found["cuda"] = torch.cuda.get_rng_state()
    return found


def restore(found: dict[str, Any]) -> None:
    """The generators as `state` gave them."""
    version, words, gauss = found["python"]
    random.setstate((version, tuple(words), gauss))
    name, keys, place, has, cached = found["numpy"]
    np.random.set_state((name, keys.numpy().astype(np.uint32), place, has, cached))  # noqa: NPY002
    torch.set_rng_state(found["torch"])
    if torch.cuda.is_available() and "cuda" in found:
        torch.cuda.set_rng_state(found["cuda"])
