"""A small network of two streams on made-up classes, trained by hand; with a guard in it, or restarted from its best weights."""

from __future__ import annotations

import copy
import math
import tempfile
from typing import TYPE_CHECKING, NamedTuple

import torch
from torch import nn

from bench.hooks.faults import STEPS, usual
from defib.hooks.acting import RunStopped
from defib.hooks.telemetry import Rhythm
from defib.hooks.torch import Guard

if TYPE_CHECKING:
    from bench.hooks.faults import Fault

CLASSES, WIDTH, BATCH, PEAK = 10, 64, 64, 0.1
HELD, CANARY = 1000, 128
EVERY = 50
TENTH = 0.1


class Ended(NamedTuple):
    """What became of a training."""

    top1: float
    """Held-out, in per cent, at the end; never the best."""
    events: tuple[tuple[str, int, str], ...]
    verdict: str | None
    """`rescue` or `escalate` where the guard stopped it."""
    seen: int | None
    """The step at which the guard said that something is wrong."""


class TwoStreams(nn.Module):
    """Two streams with BatchNorm, a head each."""

    def __init__(self) -> None:
        """Fresh weights."""
        super().__init__()
        self.rgb_path, self.pose_path = (
            nn.Sequential(nn.Linear(16, WIDTH), nn.BatchNorm1d(WIDTH), nn.ReLU(), nn.Linear(WIDTH, WIDTH), nn.BatchNorm1d(WIDTH), nn.ReLU())
            for _ in range(2)
        )  # fmt: skip
        self.fc_rgb, self.fc_pose = nn.Linear(WIDTH, CLASSES), nn.Linear(WIDTH, CLASSES)

    def forward(self, given: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """[N, 2, 16] -> logits of each stream."""
        return self.fc_rgb(self.rgb_path(given[:, 0])), self.fc_pose(self.pose_path(given[:, 1]))


class Training:
    """One run of a seed with a fault."""

    def __init__(self, fault: Fault, seed: int, *, adam: bool = False, easy: bool = False) -> None:
        """easy: classes so far apart that the training loss goes to zero."""
        torch.manual_seed(seed)
        self.fault, self.seed = fault, seed
        self.model = TwoStreams()
        drawn = torch.Generator().manual_seed(1000 + seed)
        means = (1.5 if easy else 0.6) * torch.randn(CLASSES, 2, 16, generator=drawn)
        self.train, self.held = ((means[label] + torch.randn(len(label), 2, 16, generator=drawn), label) for label in (
            torch.randint(CLASSES, (count,), generator=drawn) for count in (4000, HELD)))  # fmt: skip
        named = dict(self.model.named_parameters())
        groups = [{"params": [one for name, one in named.items() if branch in name]} for branch in ("rgb", "pose")]
        self.peak = PEAK * (0.03 if adam else 1.0)
        self.optimizer: torch.optim.Optimizer = (
            torch.optim.AdamW(groups, lr=self.peak) if adam else torch.optim.SGD(groups, lr=self.peak, momentum=0.9)
        )
        self.best, self.kept = -1.0, copy.deepcopy(self.model.state_dict())

    def run(self, mode: str | None = None, *, restart: int | None = None, peak: float | None = None) -> Ended:
        """Train to the end.

        mode: of a guard, if there is one. restart: at this step go back to the best weights so far with a tenth of the rate.
        """
        events: list[tuple[str, int, str]] = []
        guard = None
        if mode is not None:
            guard = Guard(
                self.model,
                self.optimizer,
                log=tempfile.mkdtemp(),
                canary=lambda: {"top1": self._top1(CANARY)},
                mode=mode,
                rhythm=Rhythm(canary=EVERY),
            )
            acting = guard._acting  # noqa: SLF001 (what it says is the result)
            assert acting is not None
            watched = guard
            acting._tell = lambda kind, text: events.append((kind, watched.telemetry.done, text))  # noqa: SLF001 (as above)
        drawn = torch.Generator().manual_seed(self.seed)
        factor, verdict = 1.0, None
        try:
            for step in range(1, STEPS + 1):
                if step == restart:
                    factor = TENTH
                    self.model.load_state_dict(self.kept)
                    self.optimizer.state.clear()
                self._step(step, factor * usual(step, peak or self.peak), drawn, guard)
                if step % EVERY == 0 and restart is not None and step < restart:
                    self._keep()
        except RunStopped as stopped:
            verdict = stopped.verdict
        seen = next((at for kind, at, _ in events if kind == "fault"), None)
        return Ended(self.score(), tuple(events), verdict, seen)

    def _step(self, step: int, rate: float, drawn: torch.Generator, guard: Guard | None) -> None:
        fault = self.fault
        rates = (rate, rate) if fault.rates is None else fault.rates(step, rate)
        for group, one in zip(self.optimizer.param_groups, rates, strict=True):
            group["lr"] = one
        chosen = torch.randint(len(self.train[0]), (BATCH,), generator=drawn)
        given, label = self.train[0][chosen], self.train[1][chosen]
        rgb, pose = self.model(given if fault.batch is None else fault.batch(step, given))
        parts = {"rgb": nn.functional.cross_entropy(rgb, label), "pose": nn.functional.cross_entropy(pose, label)}
        loss = parts["rgb"] + (fault.weight if step >= fault.at else 1.0) * parts["pose"]
        self.optimizer.zero_grad()
        loss.backward()
        if guard is not None:
            guard.step(loss, parts)
        self.optimizer.step()
        if fault.model is not None:
            fault.model(step, self.model)

    def _top1(self, count: int) -> torch.Tensor:
        rgb, pose = self.model(self.held[0][:count])
        return 100 * ((rgb.softmax(1) + pose.softmax(1)).argmax(1) == self.held[1][:count]).float().mean()

    def score(self) -> float:
        """Held-out accuracy as it stands, in per cent."""
        mode = self.model.training
        self.model.eval()
        with torch.no_grad():
            found = float(self._top1(HELD))
        self.model.train(mode)
        return found

    def _keep(self) -> None:
        score = self.score()
        if not math.isnan(score) and score > self.best:
            self.best, self.kept = score, copy.deepcopy(self.model.state_dict())
