"""Held-out scores: fine and coarse, each branch and fused, with and without rectification."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import torch
from accelerate.utils import gather_object
from torchmetrics.functional.classification import multiclass_accuracy, multiclass_confusion_matrix

from defib.action.errors import reason
from defib.action.errors.training import WorkDirUnwritable
from defib.action.model.across import summed
from defib.action.training.feeding import folded, moved

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from torch import Tensor
    from torch.utils.data import DataLoader

    from defib.action.model import Losses, Outputs, Recognizer
    from defib.action.taxonomy import Taxonomy
    from defib.action.training.feeding import Batch
    from defib.action.training.precision import Precision

FUSIONS = {"fused": (1.0, 1.0), "fused_2:1": (2.0, 1.0), "fused_1:2": (1.0, 2.0)}
"""Weights of RGB and pose in the sum of their chances."""
TOP5 = 5
LOSS = "val/loss"
"""The one value of an evaluation of which less is better."""


class Scores(NamedTuple):
    """What a network says of a set of clips."""

    names: tuple[str, ...]
    label: Tensor
    """[S], fine; -1 where it is not known."""
    chances: dict[str, Tensor]
    """Branch -> [S, K], after softmax, averaged over clips; `rgb_rectified` where there is one."""

    def ordered(self) -> Scores:
        """By name, each clip once: the same whichever process saw which."""
        order = np.argsort(np.array(self.names), kind="stable")
        names = [self.names[one] for one in order]
        first = [place for place, name in enumerate(names) if place == 0 or name != names[place - 1]]
        index = torch.as_tensor(order[first].copy())
        chances = {branch: chance[index] for branch, chance in self.chances.items()}
        return Scores(tuple(names[place] for place in first), self.label[index], chances)


def fused(chances: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """The branches, and their weighted sums where there are two streams: of classes, of groups, of rectified scores."""
    found = dict(chances)
    for ending in ("", "_coarse", "_rectified"):
        rgb, pose = (chances.get(f"{stream}{ending}", chances.get(stream)) for stream in ("rgb", "pose"))
        own = [f"{stream}{ending}" in chances for stream in ("rgb", "pose")]
        if rgb is None or pose is None or not any(own) or (ending == "_coarse" and not all(own)):
            continue
        for name, (one, other) in FUSIONS.items():
            if ending and name != "fused":
                continue
            found[f"{name}{ending}"] = (one * rgb + other * pose) / (one + other)
    return found


def measured(scores: Scores, taxonomy: Taxonomy, split: str = "val") -> dict[str, float]:
    """Metric name -> value in per cent: top-1, top-5 and the mean over classes of every branch.

    A class without a clip has no part in the mean over classes.
    """
    groups = torch.tensor(taxonomy.groups)[scores.label]
    found = dict[str, float]()
    everything = fused(scores.chances)
    for branch, chance in everything.items():
        label = groups if branch.endswith("_coarse") else scores.label
        for measure, value in _measures(chance, label):
            found[f"{split}/{measure}/{branch}"] = 100 * value
    if "fused" not in everything:  # one stream: it is the whole
        for measure, value in _measures(everything[next(iter(everything))], scores.label):
            found[f"{split}/{measure}/fused"] = 100 * value
    return found


def names_of(recognizer: Recognizer) -> list[str]:
    """What an evaluation of a network measures."""
    taxonomy, config = recognizer.taxonomy, recognizer.config
    sizes = {
        branch: len(taxonomy.coarse if branch.endswith("_coarse") else taxonomy.fine) for branch in config.branches
    }
    if config.prototypes is not None:
        weights = {"rgb": config.prototypes.rectify_rgb, "pose": config.prototypes.rectify_pose}
        sizes |= {f"{stream}_rectified": len(taxonomy.fine) for stream in config.streams if weights[stream]}
    chances = {branch: torch.ones(1, size) for branch, size in sizes.items()}
    return [*measured(Scores(("-",), torch.zeros(1, dtype=torch.int64), chances), taxonomy), LOSS]


def beats(metric: str, value: float, best: float | None) -> bool:
    """Whether a value is better than the best so far: larger, of a loss smaller.

    >>> beats("val/top1/fused", 70.0, 60.0), beats("val/loss", 0.7, 0.6), beats("val/loss", 0.7, None)
    (True, False, True)
    """
    return best is None or (value < best if metric == LOSS else value > best)


def confusion(chance: Tensor, label: Tensor) -> Tensor:
    """How often each class (row) was taken for each (column), [K, K]."""
    found: Tensor = multiclass_confusion_matrix(chance, label, num_classes=chance.shape[1])
    return found


def _measures(chance: Tensor, label: Tensor) -> Iterator[tuple[str, float]]:
    classes = chance.shape[1]
    yield "top1", float(multiclass_accuracy(chance, label, classes, average="micro"))
    if classes > TOP5:
        yield "top5", float(multiclass_accuracy(chance, label, classes, average="micro", top_k=TOP5))
    right = (chance.argmax(1) == label).float()
    count = torch.bincount(label, minlength=classes)
    each = torch.bincount(label, weights=right, minlength=classes) / count.clamp(min=1)
    yield "mean_class", float(each[count > 0].mean())


@torch.no_grad()
def scores_of(  # noqa: PLR0913 (a network and how it is asked)
    network: Recognizer,
    feed: DataLoader[Batch],
    device: torch.device,
    precision: Precision,
    *,
    losses: Losses | None = None,
    channels_last: bool = True,
    seen: Callable[[int], None] | None = None,
) -> tuple[Scores, float]:
    """The scores of a held-out set over all processes, by name, and the mean loss, NaN without losses.

    Every process has to call it. seen: told of samples as they are done.
    """
    model = network.eval()
    names, labels, chances = list[str](), list["Tensor"](), dict[str, list["Tensor"]]()
    total, count = torch.zeros((), device=device), 0
    for given in feed:
        batch = moved(given, device, channels_last=channels_last)
        inputs = {key: folded(batch[key]) for key in ("rgb", "pose") if key in batch}
        clips = next(iter(inputs.values()))[1]
        with precision.forward():
            outputs: Outputs = model(**{key: value for key, (value, _) in inputs.items()})
        if losses is not None:
            total += losses(outputs, batch["label"].repeat_interleave(clips)).total * len(batch["label"])
        count += len(batch["label"])
        names += batch["name"]
        labels.append(batch["label"].cpu())
        for branch, chance in chances_of(outputs, clips).items():
            chances.setdefault(branch, []).append(chance)
        if seen is not None:
            seen(len(batch["label"]))
    joined = {branch: torch.cat(parts) for branch, parts in chances.items()}
    mine = Scores(tuple(names), torch.cat(labels) if labels else torch.empty(0, dtype=torch.int64), joined)
    everybody = [one for one in gather_object([mine]) if one.names]
    branches = everybody[0].chances
    whole = Scores(
        tuple(name for one in everybody for name in one.names),
        torch.cat([one.label for one in everybody]),
        {branch: torch.cat([one.chances[branch] for one in everybody]) for branch in branches},
    )
    mean = summed(total) / summed(torch.tensor(float(count), device=device))
    return whole.ordered(), float(mean) if losses is not None else math.nan


def chances_of(outputs: Outputs, clips: int) -> dict[str, Tensor]:
    """Chances of each branch, averaged over the clips of a sample, in memory."""
    rectified = {f"{stream}_rectified": scores for stream, scores in outputs.rectified.items()}
    found = {}
    for branch, scores in (outputs.logits | rectified).items():
        chance = scores.float().softmax(1)
        found[branch] = chance.reshape(-1, clips, chance.shape[1]).mean(1).cpu()
    return found


def save_confusions(folder: Path, scores: Scores, epoch: int, *, writes: bool) -> None:
    """How often each class was taken for each, of the fused scores, in `confusion/epoch_N.npy`. Raises WorkDirUnwritable."""
    if not writes:
        return
    everything = fused(scores.chances)
    chance = everything.get("fused", next(iter(everything.values())))
    target = folder / "confusion" / f"epoch_{epoch}.npy"
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        np.save(target, confusion(chance, scores.label).numpy().astype(np.int32))
    except OSError as error:
        raise WorkDirUnwritable(path=target, reason=reason(error)) from None
