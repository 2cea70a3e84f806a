"""A network as ONNX, and what another runtime makes of it."""

from __future__ import annotations

import logging
import warnings
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import onnxruntime
import torch
from torch import Tensor, nn

from defib.action.errors.training import ExportDiffers
from defib.action.training.predicting import pipeline_of

if TYPE_CHECKING:
    from pathlib import Path

    from defib.action.model import Recognizer
    from defib.action.training.restoring import Restored

MOST = 1e-3
"""Largest difference of a score that is taken for rounding. Assumed; measured differences are near 1e-5."""
BATCHES = (2, 3)
"""The first is exported with, both are compared."""


class Exported(NamedTuple):
    """An ONNX file."""

    inputs: dict[str, list[int]]
    """Name -> shape behind the batch."""
    outputs: tuple[str, ...]
    difference: float
    """The largest, of any score, to PyTorch's."""


class _Plain(nn.Module):
    """The network with a tuple of scores as its answer."""

    def __init__(self, recognizer: Recognizer, streams: tuple[str, ...]) -> None:
        super().__init__()
        self.recognizer, self.streams = recognizer, streams

    def forward(self, *given: Tensor) -> tuple[Tensor, ...]:
        outputs = self.recognizer(**dict(zip(self.streams, given, strict=True)))
        return tuple(outputs.logits.values())


def export(network: Restored, path: Path) -> Exported:
    """Write a network, run it with ONNX Runtime on random clips, and compare.

    Raises ExportDiffers; then the file is still there, to be looked at.
    """
    recipe, recognizer = network.recipe, network.recognizer.cpu()
    shapes = _shapes(network)
    outputs = tuple(f"scores_{branch}" for branch in recipe.model.branches)
    plain = _Plain(recognizer, recipe.model.streams).eval()
    generator = torch.Generator().manual_seed(0)
    clips = [[torch.rand(batch, *shape, generator=generator) for shape in shapes.values()] for batch in BATCHES]
    some = torch.export.Dim("batch")
    for noisy in ("onnxscript", "torch.onnx"):
        logging.getLogger(noisy).setLevel(logging.ERROR)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of parts of torch about other parts of torch
        program = torch.onnx.export(
            plain,
            tuple(clips[0]),
            dynamo=True,
            verbose=False,
            input_names=list(shapes),
            output_names=list(outputs),
            dynamic_shapes={"given": tuple({0: some} for _ in shapes)},
        )
    assert program is not None
    program.save(str(path))
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    difference = 0.0
    for given in clips:
        with torch.no_grad():
            wanted = plain(*given)
        found = session.run(None, {name: one.numpy() for name, one in zip(shapes, given, strict=True)})
        for one, other in zip(wanted, found, strict=True):
            difference = max(difference, float(np.abs(one.numpy() - other).max()))
    if not difference <= MOST:
        raise ExportDiffers(path=path, difference=f"{difference:.2g}", most=MOST)
    return Exported(shapes, outputs, difference)


def _shapes(network: Restored) -> dict[str, list[int]]:
    config, model = pipeline_of(network.recipe.data), network.recipe.model
    side = config.test_size
    both = {
        "rgb": [3, config.rgb_frames, side, side],
        "pose": [model.keypoints, config.pose_frames, side // 4, side // 4],
    }
    return {stream: both[stream] for stream in model.streams}
