"""A training as somebody watches it: a bar with rates, one line for each evaluation, curves at the end."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from defib.action.training.callbacks import Callback
from defib.action.training.evaluation import LOSS, beats
from defib.cli.trainer.phrases import SAYS

if TYPE_CHECKING:
    from rich.progress import TaskID

    from defib.action.model import LossParts
    from defib.action.training.loop import Trainer
    from defib.action.training.optim import Norms
    from defib.words import Language

COLUMNS = 60
"""Of a curve."""
BARS = "▁▂▃▄▅▆▇█"
SHOWN = ("rgb", "pose", "rgb_coarse", "pose_coarse", "fused")
WIDE = 120


class Showing(Callback):
    """Writes to the terminal what a person wants to see of a training, on the first process alone."""

    def __init__(self, tongue: Language, console: Console | None = None) -> None:
        """console: standard output by default."""
        self.tongue = tongue
        width = None if sys.stdout.isatty() else WIDE
        self.console = console or Console(width=width, highlight=False)
        self.rows: list[tuple[float, dict[str, float]]] = []
        """Epoch and values of every evaluation."""
        self._bar: Progress | None = None
        self._task: TaskID | None = None
        self._loss = self._begun = self._clips = 0.0

    def before_training(self, trainer: Trainer) -> None:
        """Say what is trained, on what, from where."""
        if not trainer.built.main:
            return
        built, train = trainer.built, trainer.recipe.train
        count = sum(one.numel() for one in built.recognizer.parameters()) / 1e6
        processes = built.accelerator.num_processes
        self._say(
            "training",
            device=f"{built.device.type}" + (f" x {processes}" if processes > 1 else ""),
            parameters=f"{count:.2f}",
            clips=built.batches.length,
            batch=train.batch * train.accumulate * processes,
            rate=f"{built.rate:.3g}",
            epochs=train.max_epochs,
        )
        if trainer.position:
            self._say("resumed", epoch=f"{trainer.position:.2f}")
        if built.filled is not None:
            filled = built.filled
            self._say("filled", path=filled.path, loaded=len(filled.loaded), wanted=filled.wanted)
        self._open(trainer)

    def _open(self, trainer: Trainer) -> None:
        self._begun = time.monotonic()
        if not self.console.is_terminal:
            return
        self._bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[rate]}"),
            TimeRemainingColumn(),
            TextColumn("{task.fields[loss]}"),
            console=self.console,
            transient=True,
        )
        self._bar.start()
        whole = trainer.built.steps_per_epoch * trainer.recipe.train.max_epochs
        text = SAYS["steps"].said(self.tongue)
        self._task = self._bar.add_task(text, total=whole, completed=trainer.step, rate="", loss="")

    def after_backward(self, trainer: Trainer, parts: LossParts, norms: Norms) -> None:  # noqa: ARG002 (the protocol's)
        """Count clips; the loss is only read where it is shown."""
        train = trainer.recipe.train
        self._clips += train.batch * train.accumulate * trainer.built.accelerator.num_processes
        if self._bar is not None and trainer.step % train.log_every == 0:
            self._loss = float(parts.total)

    def after_step(self, trainer: Trainer) -> None:
        """Move the bar."""
        if self._bar is None or self._task is None:
            return
        rate = self._clips / max(time.monotonic() - self._begun, 1e-9)
        words = SAYS["rate"].fill(rate=f"{rate:.1f}").said(self.tongue)
        self._bar.update(self._task, completed=trainer.step, rate=words, loss=f"loss {self._loss:.3f}")

    def after_evaluation(self, trainer: Trainer, values: dict[str, float]) -> None:
        """One line: the branches side by side, and a mark where the metric that decides is the best so far."""
        if not trainer.built.main:
            return
        if not self.rows:
            self.console.print(_head(values, self.tongue))
        metric = trainer.recipe.evaluate.metric
        before = [row[metric] for _, row in self.rows if metric in row]
        best = bool(before) and all(beats(metric, values[metric], one) for one in before)
        self.rows.append((trainer.position, values))
        train = trainer.logged.get("train/loss")
        cells = [
            f"{trainer.position:6g}",
            f"{train:8.3f}" if train is not None else " " * 8,
            f"{values['val/loss']:8.3f}",
        ]
        cells += [f"{values[f'val/top1/{branch}']:11.2f}" for branch in _shown(values)]
        self.console.print("  ".join(cells) + ("  *" if best else ""))

    def after_training(self, trainer: Trainer) -> None:  # noqa: ARG002 (the protocol's)
        """Close the bar."""
        if self._bar is not None:
            self._bar.stop()
            self._bar = None

    def curves(self) -> None:
        """The scores over epochs as small curves, each on its own scale."""
        if len(self.rows) < 3:  # noqa: PLR2004 (two points are no curve)
            return
        self.console.print()
        for branch in _shown(self.rows[-1][1]):
            series = [row[f"val/top1/{branch}"] for _, row in self.rows]
            words = SAYS["curve"].fill(low=f"{min(series):.1f}", high=f"{max(series):.1f}").said(self.tongue)
            self.console.print(f"{branch:>12} {curve(series)}  {words}")

    def best(self, trainer: Trainer) -> None:
        """The best value of the metric that decides, where there is one."""
        metric, best = trainer.recipe.evaluate.metric, trainer.best
        if best is not None:
            value = f"{best:.4f}" if metric == LOSS else f"{best:.2f}{SAYS['per-cent'].said(self.tongue)}"
            self._say("best", metric=metric, value=value, folder=trainer.folder / "best")

    def said(self, key: str, **values: Any) -> None:  # noqa: ANN401 (fills a sentence)
        """One sentence."""
        self._say(key, **values)

    def _say(self, key: str, **values: Any) -> None:  # noqa: ANN401 (fills a sentence)
        self.console.print(SAYS[key].fill(**values).said(self.tongue), markup=False, soft_wrap=True)


def _shown(values: dict[str, float]) -> list[str]:
    return [branch for branch in SHOWN if f"val/top1/{branch}" in values]


def _head(values: dict[str, float], tongue: Language) -> str:
    names = [SAYS[key].said(tongue) for key in ("epoch", "loss", "val-loss")]
    cells = [f"{names[0]:>6}", f"{names[1]:>8}", f"{names[2]:>8}", *(f"{branch:>11}" for branch in _shown(values))]
    return "  ".join(cells)


def curve(series: list[float]) -> str:
    """A series as bars, from its least to its greatest; thinned to COLUMNS by the mean.

    >>> curve([0.0, 1.0, 2.0, 7.0])
    '▁▂▃█'
    """
    step = max(1, -(-len(series) // COLUMNS))
    thin = [sum(series[at : at + step]) / len(series[at : at + step]) for at in range(0, len(series), step)]
    low, high = min(thin), max(thin)
    wide = (high - low) or 1.0
    return "".join(BARS[min(int((value - low) / wide * len(BARS)), len(BARS) - 1)] for value in thin)
