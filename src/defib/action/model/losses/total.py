"""The sum that training minimises, with every part told apart.

total = sum_b (w_b CE_b + w_bc CE_bc) + sum_b (l_tree Tree_b + l_cal (Cal_b + Cal_bc) + l_div Div_b), b over the streams.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

import msgspec
import torch
from torch import Tensor, nn
from torch.nn import functional

from defib.action.errors.model import ModelMisfit
from defib.action.model.losses.calibration import Judged, calibration, fine_misses
from defib.action.model.losses.diversity import diversity
from defib.action.model.losses.tree import TreeLoss
from defib.action.model.recognizer import positives, right_of
from defib.words import Words

if TYPE_CHECKING:
    from defib.action.model.recognizer import Outputs, Recognizer

Branch = Literal["rgb", "pose", "rgb_coarse", "pose_coarse"]
AS_MANY = Words(en="as many weights as components ({count})", zh="与 components 一样多（{count} 个）")
ONCE = Words(en="each branch once", zh="每个分支只出现一次")
AMONG = Words(en="branches of the model ({known})", zh="模型具有的分支（{known}）")
TRAINED = Words(en="a branch whose cross-entropy is trained ({known})", zh="训练其交叉熵的分支（{known}）")
SMOOTH = Words(en="from 0 to below 1", zh="0（含）到 1（不含）之间")


class LossConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The weights of the parts.

    Raises ModelMisfit.
    """

    components: tuple[Branch, ...] | None = None
    """Heads whose cross-entropy is trained; None takes the fine head of each stream."""
    weights: tuple[float, ...] | None = None
    """Of the cross-entropies of `components`, in their order; None takes 1 for each."""
    tree: float = 0.0
    calibration: float = 0.0
    diversity: float = 0.0
    temperature_form: Literal["divide", "multiply"] = "divide"
    label_smoothing: dict[Branch, float] = {}
    """For each head by itself: its classes are its own."""

    def __post_init__(self) -> None:
        """Refuse weights that do not fit their components, and components that are named twice."""
        count = 0 if self.components is None else len(self.components)
        if self.weights is not None and len(self.weights) != count:
            expected = AS_MANY.fill(count=count)
            raise ModelMisfit(key="loss.weights", expected=expected, found=len(self.weights))
        if len(set(self.components or ())) != count:
            raise ModelMisfit(key="loss.components", expected=ONCE, found=", ".join(self.components or ()))
        for branch, share in self.label_smoothing.items():
            if not 0 <= share < 1:
                raise ModelMisfit(key=f"loss.label_smoothing.{branch}", expected=SMOOTH, found=share)


class LossParts(NamedTuple):
    """The loss of a batch, and what it is made of."""

    total: Tensor
    """With a gradient."""
    raw: dict[str, Tensor]
    """Each part by itself: `ce_rgb`, `tree_pose`, `cal_rgb_coarse`, `div_pose`, ...; without a gradient."""
    weighted: dict[str, Tensor]
    """Each part as it stands in the total."""
    floor: Tensor
    """What the total cannot fall below for these labels: of label smoothing and of the tree loss."""
    right: dict[str, Tensor]
    """What `right_of` says of each branch."""


class Losses(nn.Module):
    """The loss of a recognizer."""

    groups: Tensor
    nodes: Tensor

    def __init__(self, config: LossConfig, recognizer: Recognizer) -> None:
        """Raises ModelMisfit when a component, the tree or the prototypes are not in the network."""
        super().__init__()
        self.config = config
        taxonomy, model = recognizer.taxonomy, recognizer.config
        known = ", ".join(model.branches)
        components: tuple[str, ...] = model.streams if config.components is None else config.components
        if not set(components) <= set(model.branches):
            raise ModelMisfit(key="loss.components", expected=AMONG.fill(known=known), found=list(components))
        self.components = dict(zip(components, config.weights or (1.0,) * len(components), strict=True))
        if config.tree and not model.coarse:
            raise ModelMisfit(key="loss.tree", expected="model.coarse: true", found="model.coarse: false")
        for key in ("calibration", "diversity"):
            if getattr(config, key) and model.prototypes is None:
                raise ModelMisfit(key=f"loss.{key}", expected="model.prototypes", found="-")
        self.streams = model.streams
        for branch in config.label_smoothing:
            if branch not in self.components:
                key, among = f"loss.label_smoothing.{branch}", ", ".join(self.components)
                raise ModelMisfit(key=key, expected=TRAINED.fill(known=among), found=branch)
        self._smoothing = {str(branch): share for branch, share in config.label_smoothing.items()}
        self.coarse = len(taxonomy.coarse)
        self.classes = len(taxonomy.fine)
        self.banks = recognizer.banks  # a plain dict: the recognizer owns them
        self.tree = TreeLoss(taxonomy.parents)
        self.register_buffer("groups", torch.tensor(taxonomy.groups), persistent=False)
        self.register_buffer("nodes", torch.tensor(taxonomy.fine_nodes), persistent=False)

    def forward(self, outputs: Outputs, label: Tensor) -> LossParts:
        """The loss of a batch.

        label: [N] fine labels.
        """
        raw, weights = dict[str, Tensor](), dict[str, float]()
        for branch, weight in self.components.items():
            raw[f"ce_{branch}"], weights[f"ce_{branch}"] = self._cross_entropy(outputs, branch, label), weight
        if self.config.tree:
            for stream in self.streams:
                raw[f"tree_{stream}"], weights[f"tree_{stream}"] = self._tree(outputs, stream, label), self.config.tree
        if self.config.calibration:
            for branch, found in self._calibrations(outputs, label).items():
                raw[f"cal_{branch}"], weights[f"cal_{branch}"] = found, self.config.calibration
        right = right_of(outputs.logits, label, self.groups)
        if self.config.diversity:
            true = positives(right)
            for stream in self.streams:
                mixed = self.banks[stream].mixed(outputs.embedded[stream], label, true[stream])
                raw[f"div_{stream}"], weights[f"div_{stream}"] = diversity(mixed), self.config.diversity
        weighted = {name: weights[name] * value for name, value in raw.items()}
        total = torch.stack([value.float() for value in weighted.values()]).sum()
        return LossParts(total, _plain(raw), _plain(weighted), self._floor(label), right)

    def _wanted(self, branch: str, label: Tensor) -> Tensor:
        return self.groups[label] if branch.endswith("_coarse") else label

    def _cross_entropy(self, outputs: Outputs, branch: str, label: Tensor) -> Tensor:
        share = self._smoothing.get(branch, 0.0)
        scores = outputs.logits[branch]
        scores = scores.to(torch.promote_types(scores.dtype, torch.float32))
        return functional.cross_entropy(scores, self._wanted(branch, label), label_smoothing=share)

    def _tree(self, outputs: Outputs, stream: str, label: Tensor) -> Tensor:
        """The columns are the nodes of the taxonomy's tree."""
        scores = torch.cat((outputs.logits[f"{stream}_coarse"], outputs.logits[stream]), 1)
        found: Tensor = self.tree(scores, self.nodes[label])
        return found

    def _calibrations(self, outputs: Outputs, label: Tensor) -> dict[str, Tensor]:
        found = {}
        for branch, embedded in outputs.embedded.items():
            wanted, scores = self._wanted(branch, label), outputs.logits[branch].detach().float()
            predicted, chance = scores.argmax(1), scores.softmax(1).gather(1, wanted[:, None])[:, 0]
            if branch.endswith("_coarse"):
                misses: tuple[tuple[float, Tensor], ...] = ((1.0, predicted != wanted),)
            else:
                group = outputs.logits[f"{branch}_coarse"].argmax(1)
                misses = fine_misses(wanted, predicted, group == self.groups[label])
            batch, centres = Judged(embedded, wanted, predicted, chance), self.banks[branch].centres
            found[branch] = calibration(batch, centres, misses, self.config.temperature_form)
        return found

    def _floor(self, label: Tensor) -> Tensor:
        """Calibration and diversity can reach zero; smoothed cross-entropy and the tree cannot."""
        total = torch.zeros((), device=label.device)
        for branch, weight in self.components.items():
            share = self._smoothing.get(branch, 0.0)
            total = total + weight * _entropy(share, self.coarse if branch.endswith("_coarse") else self.classes)
        if self.config.tree:
            total = total + self.config.tree * len(self.streams) * self.tree.floor(self.nodes[label]).mean()
        return total


def _entropy(share: float, classes: int) -> float:
    """The cross-entropy of the smoothed truth with itself, in nats: the least that smoothing leaves.

    >>> _entropy(0.0, 60), round(_entropy(0.1, 60), 3)
    (0.0, 0.722)
    """
    spread = torch.full((classes,), share / classes, dtype=torch.float64)
    spread[0] += 1 - share
    return float(torch.special.entr(spread).sum())


def _plain(parts: dict[str, Tensor]) -> dict[str, Tensor]:
    return {name: value.detach() for name, value in parts.items()}
