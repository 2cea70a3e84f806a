"""What the hooks are tried on in each framework: a network of two streams, and clips of four classes. Made up."""

import numpy as np
from torch import nn

CLASSES, STEPS = 4, 16  # steps of an epoch


def clips(seed, count):
    """Inputs [count, 2, 6] and labels: each class is a direction in both inputs."""
    drawn = np.random.default_rng(seed)
    means = np.random.default_rng(0).normal(size=(CLASSES, 2, 6))
    label = drawn.integers(CLASSES, size=count)
    return (means[label] + drawn.normal(size=(count, 2, 6))).astype(np.float32), label


class Clips:
    """Them as a dataset, under the names that a framework wants."""

    def __init__(self, seed, count, given="given", label="labels"):
        self.given, self.label = clips(seed, count)
        self.names = given, label

    def __len__(self):
        return len(self.label)

    def __getitem__(self, index):
        return dict(zip(self.names, (self.given[index], int(self.label[index])), strict=True))


def build(network):
    """Give a module its two streams and heads: one bias is frozen, one layer is never used."""
    network.rgb_path = nn.Sequential(nn.Linear(6, 16, bias=False), nn.BatchNorm1d(16), nn.ReLU(), nn.Dropout(0.1))
    network.pose_path = nn.Sequential(nn.Linear(6, 16, bias=False), nn.BatchNorm1d(16), nn.ReLU())
    network.fc_rgb, network.fc_pose = nn.Linear(16, CLASSES), nn.Linear(16, CLASSES)
    network.fc_pose.bias.requires_grad_(False)
    network.pose_unused = nn.Linear(2, 2)


def scores(network, given):
    """Logits of RGB and of pose."""
    return network.fc_rgb(network.rgb_path(given[:, 0])), network.fc_pose(network.pose_path(given[:, 1]))
