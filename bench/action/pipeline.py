"""One training clip from file to tensors: mmaction2 1.2.0's own transforms against ours, from videos and from a store.

    pip install --no-deps --target STOCK mmaction2==1.2.0 mmcv-lite==2.1.0 decord einops importlib_metadata zipp
    python -m bench.action.pipeline STOCK

Both begin at annotations in memory and end at float tensors. Made-up people of 960 x 540, H.264; ways take turns, one
process, one thread of each library.
"""

from __future__ import annotations

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")

import statistics
import sys
import tempfile
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import cv2
import numpy as np
import torch
import typer

from defib.action.data import clips, index, pickles, prepare
from defib.action.data.config import PipelineConfig
from defib.action.data.heatmaps import heatmaps
from defib.action.data.pipeline import MEAN, STD
from defib.action.data.store import Store
from defib.action.data.synth import dataset

if TYPE_CHECKING:
    from collections.abc import Callable

ROUNDS, SEED = 5, 3
LEFT, RIGHT = [1, 3, 5, 7, 9, 11, 13, 15], [2, 4, 6, 8, 10, 12, 14, 16]
TRANSFORMS: list[dict[str, Any]] = [
    {"type": "MMUniformSampleFrames", "clip_len": {"RGB": 8, "Pose": 32}, "num_clips": 1},
    {"type": "MMDecode"},
    {"type": "MMCompact", "hw_ratio": 1.0, "allow_imgpad": True},
    {"type": "Resize", "scale": (256, 256), "keep_ratio": False},
    {"type": "RandomResizedCrop", "area_range": (0.56, 1.0)},
    {"type": "Resize", "scale": (224, 224), "keep_ratio": False},
    {"type": "Flip", "flip_ratio": 0.5, "left_kp": LEFT, "right_kp": RIGHT},
    {
        "type": "GeneratePoseTarget",
        "sigma": 0.7,
        "use_score": True,
        "with_kp": True,
        "with_limb": False,
        "scaling": 0.25,
    },
    {"type": "FormatShape", "input_format": "NCTHW"},
]
"""The settings of rgbpose_conv3d's training pipeline in mmaction2 1.2.0, up to the tensors."""


def main(
    stock: Annotated[Path, typer.Argument(help="folder that mmaction2 and what it needs were installed into")],
    kept: Annotated[Path | None, typer.Option(help="folder for the made-up clips, to use them again")] = None,
) -> None:
    """Print milliseconds a clip of each way, their ratios, and how far the heatmaps are apart."""
    cv2.setNumThreads(1)
    torch.set_num_threads(1)
    sys.path.append(str(stock))
    with tempfile.TemporaryDirectory() as temporary:
        folder = kept or Path(temporary)
        made, store = folder / "made", folder / "store"
        if not store.is_dir():
            dataset.write(made, dataset.Settings(classes=4, persons=6, width=960, height=540), jobs=2)
            found = clips.index_of(made / dataset.ANNOTATIONS)
            prepare.prepare(found, clips.Videos(made / dataset.VIDEOS, found), store, jobs=2)
        found = clips.index_of(made / dataset.ANNOTATIONS)
        count = len(found.clips)
        mean = statistics.mean(found.poses(at).points.shape[1] for at in range(count))
        print(f"{count} clips of {mean:.0f} frames on average, 960 x 540")
        held = Store(store)
        config = PipelineConfig()
        ours = partial(clips.ClipDataset, config=config, seed=SEED, trains=True)
        ways: dict[str, Callable[[int], Any]] = {
            "mmaction2": Stock(made / dataset.VIDEOS, pickles.read(made / dataset.ANNOTATIONS)),
            "ours, videos": ours(found, clips.Videos(made / dataset.VIDEOS, found), np.arange(count)).__getitem__,
            "ours, store": ours(held.index, held.frames, np.arange(len(held.index.clips))).__getitem__,
        }
        print(f"heatmaps apart at most {apart(found, count):.1e}")
        shown(taken(ways, count))


def taken(ways: dict[str, Callable[[int], Any]], count: int) -> dict[str, list[float]]:
    """Milliseconds a clip in each round; the first round only warms up."""
    spent: dict[str, list[float]] = {name: [] for name in ways}
    for lap in range(ROUNDS + 1):
        for name, way in ways.items():
            begin = time.perf_counter()
            for at in range(count):
                way(at)
            if lap:
                spent[name].append(1000 * (time.perf_counter() - begin) / count)
    return spent


def shown(spent: dict[str, list[float]]) -> None:
    """A line a way: median, range, and how many times as fast as mmaction2's."""
    stock = statistics.median(spent["mmaction2"])
    for name, times in spent.items():
        middle = statistics.median(times)
        print(f"{name:14s} {middle:6.1f} ms ({min(times):.1f} to {max(times):.1f})  {stock / middle:.2f} times")


class Stock:
    """mmaction2's own transforms over the same clips."""

    def __init__(self, videos: Path, made: pickles.Annotations) -> None:
        """Needs mmaction2 on the path."""
        import mmaction.datasets.transforms  # noqa: F401, PLC0415
        from mmaction.registry import TRANSFORMS as registry  # noqa: PLC0415, N811 (only there once the path is known)

        np.Inf = np.inf  # type: ignore[attr-defined]  # noqa: NPY201 (gone in NumPy 2, which their code is older than)
        self.steps = [registry.build(dict(one)) for one in TRANSFORMS]
        self.mean, self.std = (torch.from_numpy(one).reshape(1, 3, 1, 1, 1) for one in (MEAN, STD))
        self.given = made.clips
        self.paths = [str(next(videos.glob(f"{one.name}*"))) for one in made.clips]

    def __call__(self, at: int) -> tuple[torch.Tensor, torch.Tensor]:
        """The two tensors of a clip; the model's preprocessor normalises, which here is done as ours does it."""
        one = self.given[at]
        found: dict[str, Any] = {
            "filename": self.paths[at],
            "frame_dir": self.paths[at].rpartition(".")[0],
            "label": one.label,
            "img_shape": one.size,
            "original_shape": one.size,
            "total_frames": one.frames,
            "keypoint": one.points.astype(np.float32),
            "keypoint_score": one.scores.astype(np.float32),
            "modality": "Pose",
            "start_index": 0,
        }
        for step in self.steps:
            found = step(found)
        rgb = torch.from_numpy(found["imgs"]).float()
        return (rgb - self.mean) / self.std, torch.from_numpy(found["heatmap_imgs"])


def apart(found: index.Index, count: int) -> float:
    """The largest difference between our heatmaps and those of mmaction2's GeneratePoseTarget, at 56 x 56."""
    from mmaction.datasets.transforms import GeneratePoseTarget  # noqa: PLC0415 (only there once the path is known)

    target = GeneratePoseTarget(sigma=0.7, use_score=True, with_kp=True, with_limb=False)
    most = 0.0
    for at in range(count):
        poses = found.poses(at)
        points = poses.points[:, :32].astype(np.float32) * 56 / max(poses.size)
        scores = poses.scores[:, :32].astype(np.float32)
        theirs = target.gen_an_aug({"img_shape": (56, 56), "keypoint": points, "keypoint_score": scores})
        ours = heatmaps(points, scores, (56, 56), 0.7)
        most = max(most, float(np.abs(theirs.transpose(1, 0, 2, 3) - ours).max()))
    return most


if __name__ == "__main__":
    typer.run(main)
