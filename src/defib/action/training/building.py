"""Everything that a recipe asks for, built once: processes, network, optimizer, feeds, log."""

from __future__ import annotations

import difflib
import json
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast

import torch
from accelerate import Accelerator
from accelerate.utils import DistributedDataParallelKwargs
from torch import nn
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from defib.action.errors import reason
from defib.action.errors.training import BadValue, NoDevice, WorkDirUnwritable
from defib.action.model import Losses, Recognizer
from defib.action.model.initialise import Filled, initialise
from defib.action.naming import taxonomy_of
from defib.action.training import checkpoints, evaluation, feeding, optim, randomness, tracking
from defib.action.training.batches import Batches
from defib.action.training.log import Log
from defib.action.training.precision import Precision
from defib.action.training.recipe import to_builtins
from defib.action.training.statistics import Statistics
from defib.words import Words

if TYPE_CHECKING:
    from torch.utils.data import DataLoader

    from defib.action.training.feeding import Batch, Clips
    from defib.action.training.recipe import Recipe

FEW_CLIPS = Words(
    en="{clips} training clips do not fill one step of {batch} ({processes} processes, accumulate {accumulate})",
    zh="{clips} 个训练片段不足以填满一步的 {batch} 个（{processes} 个进程，累积 {accumulate} 次）",
)
NEAREST = 3
NOT_MEASURED = Words(
    en="no evaluation of this network gives {metric}; the nearest are {near}",
    zh="这个网络的评测结果中没有 {metric}；最接近的是 {near}",
)
NO_SYNC = Words(
    en="torch synchronises BatchNorm on GPUs only; on CPUs use model.norm=frozen",
    zh="torch 只能在 GPU 上同步 BatchNorm；在 CPU 上请用 model.norm=frozen",
)
NO_HALF = Words(en="fp16 needs a CUDA device; bf16 works on CPUs too", zh="fp16 需要 CUDA 设备；bf16 在 CPU 上也可用")


@dataclass(slots=True)
class Built:
    """What a training consists of."""

    accelerator: Accelerator
    recognizer: Recognizer
    """The bare network."""
    model: nn.Module
    """The network as it is called: distributed, compiled, or itself."""
    averaged: AveragedModel | None
    losses: Losses
    optimizer: torch.optim.Optimizer
    branches: optim.Branches
    batches: Batches
    feed: DataLoader[Batch]
    held_out: DataLoader[Batch]
    log: Log
    filled: Filled | None
    """What `load_from` filled."""
    rate: float
    """The peak rate."""
    precision: Precision
    statistics: Statistics

    @property
    def device(self) -> torch.device:
        """Where tensors go."""
        found: torch.device = self.accelerator.device
        return found

    @property
    def main(self) -> bool:
        """Whether this process writes."""
        return bool(self.accelerator.is_main_process)

    @property
    def steps_per_epoch(self) -> int:
        """Optimizer steps."""
        return max(self.batches.whole // self._accumulate, 1)

    _accumulate: int = 1

    @property
    def evaluated(self) -> Recognizer:
        """The network that is evaluated and kept: averaged where it is."""
        if self.averaged is None:
            return self.recognizer
        module = self.averaged.module
        assert isinstance(module, Recognizer)
        return module


def build(recipe: Recipe, train: Clips, val: Clips) -> Built:
    """Build a training.

    Raises BadValue, WorkDirUnwritable, NoCheckpoint, NoDevice, ModelMisfit, TaxonomyRefused, WeightsUnreadable, WeightsMisfit.
    """
    on_cpu = recipe.device == "cpu" or not torch.cuda.is_available()
    if recipe.train.precision == "fp16" and on_cpu:
        raise NoDevice(key="train.precision", asked="fp16", reason=NO_HALF)
    accelerator = _accelerator(recipe, cpu=on_cpu)
    rank, world = accelerator.process_index, accelerator.num_processes
    batch, accumulate = recipe.train.batch, recipe.train.accumulate
    batches = Batches(len(train), batch, seed=recipe.seed, rank=rank, world=world)
    wide = batch * world * accumulate
    if batches.whole < accumulate:
        words = FEW_CLIPS.fill(clips=len(train), batch=wide, processes=world, accumulate=accumulate)
        raise BadValue(path="recipe", key="train.batch", reason=words)
    if recipe.deterministic:
        torch.use_deterministic_algorithms(mode=True)
    randomness.seeded(recipe.seed, 0)  # every process begins with the same weights
    recognizer = Recognizer(recipe.model, taxonomy_of(recipe.taxonomy))
    filled = None
    if recipe.load_from is not None:
        least = recipe.least_loaded
        given = Path(recipe.load_from)
        weights = checkpoints.weights_file(given) if given.is_dir() else given
        filled = initialise(recognizer, weights, least=least, option="least_loaded=0")
    if recipe.model.norm == "sync" and world > 1 and on_cpu:
        raise NoDevice(key="model.norm", asked="sync", reason=NO_SYNC)
    if recipe.model.norm == "sync" and world > 1:
        recognizer = nn.SyncBatchNorm.convert_sync_batchnorm(recognizer)  # type: ignore[no-untyped-call]
    recognizer = recognizer.to(accelerator.device)
    if recipe.train.channels_last:
        recognizer = recognizer.to(memory_format=torch.channels_last_3d)  # type: ignore[call-overload]
    _measured(recipe.evaluate.metric, recognizer)
    losses = Losses(recipe.loss, recognizer).to(accelerator.device)
    rate = optim.peak_rate(recipe.optim, wide)
    optimizer = optim.optimizer_of(recipe.optim, recognizer, rate)
    averaged = None
    if recipe.train.ema is not None:
        smooth = get_ema_multi_avg_fn(recipe.train.ema)  # type: ignore[no-untyped-call]
        averaged = AveragedModel(recognizer, multi_avg_fn=smooth, use_buffers=True)
    called = cast("nn.Module", torch.compile(recognizer)) if recipe.train.compile else recognizer
    with warnings.catch_warnings():
        # The name that every torch of our range knows; 2.13 says that it will be renamed.
        warnings.filterwarnings("ignore", message="`broadcast_buffers` is deprecated", category=FutureWarning)
        model, optimizer = accelerator.prepare(called, optimizer)
    randomness.seeded(recipe.seed, rank)
    folder = Path(recipe.work_dir)
    if accelerator.is_main_process:
        _opened(folder, recipe)
    return Built(
        accelerator=accelerator,
        recognizer=recognizer,
        model=model,
        averaged=averaged,
        losses=losses,
        optimizer=optimizer,
        branches=recognizer.branches(),
        batches=batches,
        feed=feeding.training(train, batches, recipe.train.workers),
        held_out=feeding.held_out(val, recipe.evaluate.batch, recipe.train.workers, rank, world),
        log=Log(folder, writes=accelerator.is_main_process),
        filled=filled,
        rate=rate,
        precision=Precision(recipe.train.precision, accelerator.device),
        statistics=Statistics(recognizer),
        _accumulate=accumulate,
    )


def _opened(folder: Path, recipe: Recipe) -> None:
    """The work directory with its recipe. Raises WorkDirUnwritable."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        text = json.dumps(to_builtins(recipe), indent=1, ensure_ascii=False)
        (folder / "recipe.json").write_text(text, encoding="utf-8")
    except OSError as error:
        raise WorkDirUnwritable(path=folder, reason=reason(error)) from None


def _measured(metric: str, recognizer: Recognizer) -> None:
    """Refuse a metric that no evaluation gives: no checkpoint would ever be the best. Raises BadValue."""
    known = evaluation.names_of(recognizer)
    if metric not in known:
        near = ", ".join(difflib.get_close_matches(metric, known, NEAREST, 0.3) or known[:NEAREST])
        raise BadValue(path="recipe", key="evaluate.metric", reason=NOT_MEASURED.fill(metric=metric, near=near))


def _accelerator(recipe: Recipe, *, cpu: bool) -> Accelerator:
    spread = DistributedDataParallelKwargs(broadcast_buffers=False, find_unused_parameters=_some_unused(recipe))
    tracking.check(recipe.trackers)
    made = Accelerator(
        mixed_precision="no",  # `precision.py` does it: its state would be one for the whole process
        cpu=cpu,
        log_with=list(recipe.trackers) or None,
        project_dir=recipe.work_dir,
        kwargs_handlers=[spread],
    )
    tracking.start(made, recipe)
    return made


def _some_unused(recipe: Recipe) -> bool:
    """Whether a step may leave parameters without a gradient, which distributed training has to be told."""
    model, loss = recipe.model, recipe.loss
    idle = model.prototypes is not None and not (loss.calibration and loss.diversity)
    headless = set(loss.components or model.streams) != set(model.branches) and not loss.tree
    return idle or headless or model.rgb_drop_path > 0 or model.pose_drop_path > 0
