"""One step of a small network, as it is and with each guard in it; run by `overhead.py` with the Python of any environment.

All ways take turns in one process, a few steps each, so that what else the machine does falls on each. The plain way is
there twice: the difference of the two is what such a measurement cannot tell apart. Needs torch and what it measures.
"""

from __future__ import annotations

import importlib
import itertools
import json
import sys
import tempfile
import time
from typing import TYPE_CHECKING, Any

import torch
from torch import nn

if TYPE_CHECKING:
    from collections.abc import Callable

WIDTHS = (512, 800, 800, 10)  # 1.06 million parameters
BATCH = 32  # some 7 ms on one thread of a server CPU
BLOCK = 20
"""Steps in a row of one way."""


def network() -> nn.Sequential:
    """The same weights each time."""
    torch.manual_seed(0)
    layers: list[nn.Module] = []
    for before, after in itertools.pairwise(WIDTHS):
        layers += [nn.Linear(before, after), nn.ReLU()]
    return nn.Sequential(*layers[:-1])


class Way:
    """A network in training, with or without something that watches it."""

    def __init__(self, name: str) -> None:
        """name: `plain`, `again`, `observe`, `act`, or a package."""
        self.name, self.at = name, 0
        self.model = network()
        self.optimizer: Any = torch.optim.AdamW(self.model.parameters(), lr=1e-3)
        drawn = torch.Generator().manual_seed(1)
        self.given = torch.randn(BATCH, WIDTHS[0], generator=drawn)
        self.label = torch.randint(WIDTHS[-1], (BATCH,), generator=drawn)
        make = {"plain": _nothing, "again": _nothing, "observe": _observe, "act": _act}.get(name)
        self.before: Callable[[], Any] = lambda: None
        self.watch: Callable[[torch.Tensor], Any] = (make or RIVALS[name])(self)

    def step(self) -> None:
        """Forward, backward, what watches, update."""
        self.before()
        self.optimizer.zero_grad()
        loss = nn.functional.cross_entropy(self.model(self.given), self.label)
        loss.backward()
        self.watch(loss)
        self.optimizer.step()
        self.at += 1


def _nothing(_: Way) -> Callable[[torch.Tensor], Any]:
    return lambda loss: None  # noqa: ARG005 (as the others)


def _observe(way: Way) -> Callable[[torch.Tensor], Any]:
    guard = importlib.import_module("defib.hooks.torch").Guard(way.model, way.optimizer, log=tempfile.mkdtemp())
    return guard.step  # type: ignore[no-any-return]


def _act(way: Way) -> Callable[[torch.Tensor], Any]:
    def canary() -> dict[str, torch.Tensor]:
        return {"loss": nn.functional.cross_entropy(way.model(way.given), way.label)}

    make = importlib.import_module("defib.hooks.torch").Guard
    return make(way.model, way.optimizer, log=tempfile.mkdtemp(), mode="act", canary=canary).step  # type: ignore[no-any-return]


def _arc(way: Way) -> Callable[[torch.Tensor], Any]:
    return importlib.import_module("arc").Controller(way.model, way.optimizer).step  # type: ignore[no-any-return]


def _gradsnitch(way: Way) -> Callable[[torch.Tensor], Any]:
    monitor = importlib.import_module("gradsnitch").watch(way.model, way.optimizer, check_every=50)
    return lambda loss: monitor.log(way.at, loss.item())


def _doctor(way: Way) -> Callable[[torch.Tensor], Any]:
    doctor = importlib.import_module("training_doctor").Doctor()
    return lambda loss: doctor.log(step=way.at, loss=loss.item(), lr=way.optimizer.param_groups[0]["lr"])


def _stabilityguard(way: Way) -> Callable[[torch.Tensor], Any]:
    make = importlib.import_module("stabilityguard").GuardedOptimizer
    way.optimizer = make(way.optimizer, way.model, spike_threshold=10.0, nan_action="skip", log_every=50)
    return lambda loss: None  # noqa: ARG005 (as the others)


def _trainpulse(way: Way) -> Callable[[torch.Tensor], Any]:
    monitor = importlib.import_module("trainpulse").Monitor()
    way.before = monitor.step_start

    def watch(loss: torch.Tensor) -> None:
        monitor.log("loss", way.at, loss.item())
        monitor.log("learning_rate", way.at, way.optimizer.param_groups[0]["lr"])
        monitor.step_end(way.at)

    return watch


RIVALS: dict[str, Callable[[Way], Callable[[torch.Tensor], Any]]] = {
    "arc-training": _arc,
    "gradsnitch": _gradsnitch,
    "training-doctor": _doctor,
    "stabilityguard": _stabilityguard,
    "trainpulse": _trainpulse,
}
"""Each as its own README's first example has it."""


def main(blocks: int, names: list[str]) -> dict[str, list[float]]:
    """Seconds of every step of each way."""
    torch.set_num_threads(1)
    ways = [Way(name) for name in names]
    found: dict[str, list[float]] = {name: [] for name in names}
    for block in range(blocks + 2):  # the first two warm up
        for way in ways[block % len(ways) :] + ways[: block % len(ways)]:  # nobody is always first
            for _ in range(BLOCK):
                begin = time.perf_counter()
                way.step()
                if block > 1:
                    found[way.name].append(time.perf_counter() - begin)
    return found


if __name__ == "__main__":
    sys.stdout.write("\n" + json.dumps(main(int(sys.argv[1]), sys.argv[2:])) + "\n")
