"""The whole network: backbone, one head a branch, prototypes where they are wanted."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import torch
from torch import Tensor, nn

from defib.action.model.prototypes import Prototypes
from defib.action.model.rgbpose import RGBPoseConv3D

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from defib.action.model.config import ModelConfig
    from defib.action.taxonomy import Taxonomy

HEAD_STD = 0.01
"""Standard deviation of a new head's weights, mmaction2's."""
NORMS = nn.modules.batchnorm._BatchNorm  # noqa: SLF001 (the common parent has no public name)


class Outputs(NamedTuple):
    """What the network says of a batch. Branches are `rgb`, `pose`, `rgb_coarse`, `pose_coarse`."""

    logits: dict[str, Tensor]
    """Branch -> [N, classes or groups], before softmax."""
    features: dict[str, Tensor]
    """Stream -> [N, channels], averaged over time and space, before dropout."""
    embedded: dict[str, Tensor]
    """Branch -> [N, channels] of length one, in the space of its prototypes; empty without prototypes."""
    rectified: dict[str, Tensor]
    """Stream -> fine scores with the cosine to the prototypes added; empty where its weight is zero or while training."""


class Head(nn.Module):
    """Dropout and one linear layer a branch, named as in mmaction2 and PCAN: `fc_rgb`, `fc_pose_coarse`, ..."""

    def __init__(self, config: ModelConfig, channels: dict[str, int], sizes: tuple[int, int]) -> None:
        """sizes: classes, groups."""
        super().__init__()
        self.branches = config.branches
        for branch in self.branches:
            stream, _, level = branch.partition("_")
            layer = nn.Linear(channels[stream], sizes[bool(level)])
            nn.init.normal_(layer.weight, std=HEAD_STD)
            nn.init.zeros_(layer.bias)
            self.add_module(f"fc_{branch}", layer)
        self.dropout = nn.Dropout(config.dropout)

    def forward(self, features: dict[str, Tensor]) -> dict[str, Tensor]:
        """One draw of dropout a stream, which its fine and coarse layers share."""
        left = {stream: self.dropout(x) for stream, x in features.items()}
        return {branch: self.get_submodule(f"fc_{branch}")(left[branch.partition("_")[0]]) for branch in self.branches}


class Recognizer(nn.Module):
    """RGBPoseConv3D with heads. `backbone.*` and `cls_head.*` are named as in mmaction2's checkpoints."""

    def __init__(self, config: ModelConfig, taxonomy: Taxonomy) -> None:
        """Random weights; `initialise` fills them."""
        super().__init__()
        self.config, self.taxonomy = config, taxonomy
        self.backbone = RGBPoseConv3D(config)
        channels = self.backbone.channels
        sizes = len(taxonomy.fine), len(taxonomy.coarse)
        self.cls_head = Head(config, channels, sizes)
        self.prototypes = nn.ModuleDict()
        self.banks: dict[str, Prototypes] = {}
        if config.prototypes is not None:
            wide = config.prototypes.fine_channels, config.prototypes.coarse_channels
            for branch in config.branches:
                stream, _, level = branch.partition("_")
                coarse = bool(level)
                made = Prototypes(channels[stream], wide[coarse], sizes[coarse], config.prototypes.momentum)
                self.prototypes[branch] = self.banks[branch] = made

    def forward(self, rgb: Tensor | None = None, pose: Tensor | None = None) -> Outputs:
        """rgb: [N, 3, T, H, W], normalised; pose: [N, keypoints, ratio * T, h, w]. No label is needed.

        Raises ModelMisfit.
        """
        maps = self.backbone(rgb, pose)
        features = {stream: x.mean((2, 3, 4)) for stream, x in maps.items()}
        logits = self.cls_head(features)
        embedded = {branch: bank.embed(features[branch.partition("_")[0]]) for branch, bank in self.banks.items()}
        return Outputs(logits, features, embedded, {} if self.training else self._rectified(logits, embedded))

    def _rectified(self, logits: dict[str, Tensor], embedded: dict[str, Tensor]) -> dict[str, Tensor]:
        """Fine scores plus weight times cosine (PCAN, section 3.4)."""
        if self.config.prototypes is None:
            return {}
        weights = {"rgb": self.config.prototypes.rectify_rgb, "pose": self.config.prototypes.rectify_pose}
        chosen = [stream for stream in self.config.streams if weights[stream] != 0]
        return {
            stream: logits[stream] + weights[stream] * self.banks[stream].cosine(embedded[stream]) for stream in chosen
        }

    @torch.no_grad()
    def observe(self, outputs: Outputs, label: Tensor, right: Mapping[str, Tensor]) -> None:
        """Let the prototypes move by a batch, on every process alike. Called once a step, behind the loss.

        label: [N] fine labels; right: what `right_of` says of them.
        """
        if not self.banks:
            return
        groups = self.groups
        for branch, chosen in positives(right).items():
            wanted = groups[label] if branch.endswith("_coarse") else label
            self.banks[branch].update(outputs.embedded[branch], wanted, chosen)

    @property
    def groups(self) -> Tensor:
        """The group of each class, [classes], where the weights are."""
        return torch.tensor(self.taxonomy.groups, device=next(self.parameters()).device)

    def train(self, mode: bool = True) -> Recognizer:  # noqa: FBT001, FBT002 (torch's own signature)
        """Training mode; BatchNorm keeps its statistics where the config says so."""
        super().train(mode)
        if self.config.norm == "frozen":
            for part in self.modules():
                if isinstance(part, NORMS):
                    part.eval()
        return self

    def branches(self) -> dict[str, list[tuple[str, nn.Parameter]]]:
        """The parameters of each stream, each in exactly one: its pathway with what leads into it, heads, prototypes."""
        found: dict[str, list[tuple[str, nn.Parameter]]] = {stream: [] for stream in self.config.streams}
        for name, parameter in self.named_parameters():
            found[self._owner(name)].append((name, parameter))
        return found

    def _owner(self, name: str) -> str:
        if len(self.config.streams) == 1:
            return self.config.streams[0]
        return "pose" if any("pose" in part for part in _words(name)) else "rgb"


def right_of(logits: Mapping[str, Tensor], label: Tensor, groups: Tensor) -> dict[str, Tensor]:
    """For each branch by itself which samples it takes for what they are, [N]."""
    return {
        branch: scores.argmax(1) == (groups[label] if branch.endswith("_coarse") else label)
        for branch, scores in logits.items()
    }


def positives(right: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """PCAN's TP_A and TP_B, [N]: fine ones only where the group was right as well, where there is a coarse head.

    right: what `right_of` says.
    """
    found = dict(right)
    for branch, chosen in right.items():
        group = right.get(f"{branch}_coarse")
        if group is not None:
            found[branch] = chosen & group
    return found


def _words(name: str) -> Iterator[str]:
    """The parts of a parameter's name that say whose it is.

    >>> list(_words("backbone.pose_path.layer1.0.conv1.conv.weight"))[1], list(_words("cls_head.fc_rgb_coarse.bias"))[1]
    ('pose_path', 'fc_rgb_coarse')
    """
    yield from name.split(".")
