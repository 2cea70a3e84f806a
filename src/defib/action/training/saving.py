"""What a training leaves on the disk, and how it is taken up again."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from accelerate.utils import gather_object

from defib.action.errors import reason
from defib.action.errors.training import CannotResume, WorkDirTaken
from defib.action.training import checkpoints, optim, randomness
from defib.action.training.evaluation import beats
from defib.action.training.recipe import to_builtins
from defib.words import Words, same

if TYPE_CHECKING:
    from defib.action.training.loop import Trainer
    from defib.action.training.recipe import Recipe

FORMAT = 2
NOTHING = Words(en="there is no checkpoint in it", zh="其中没有检查点")
OTHER_WORLD = Words(
    en="it was saved by {found} processes, and there are {now}: exact resuming needs the same number. "
    "Take its weights with load_from={weights}",
    zh="它由 {found} 个进程保存，而现在有 {now} 个：精确续训需要相同的数量。可以用 load_from={weights} 只取权重",
)
OTHER_ORDER = Words(
    en="it was saved within an epoch, and {key} was {old} and is {new}: the rest of that epoch would be other clips. "
    "Go on with {old}, or begin a new schedule with load_from",
    zh="它保存于一轮中途，而 {key} 原为 {old}，现为 {new}：这一轮剩下的将是别的片段。请沿用 {old} 继续，或用 load_from 开始新的调度",
)
FINISHED = Words(
    en="it is finished: {epochs} epochs of {wanted}; raise train.max_epochs",
    zh="训练已经完成：{wanted} 轮中的 {epochs} 轮；请增大 train.max_epochs",
)


def refuse_taken(recipe: Recipe) -> None:
    """Keep the checkpoints of another training from being replaced.

    Raises WorkDirTaken.
    """
    if not recipe.resume and checkpoints.found(Path(recipe.work_dir) / checkpoints.LAST) is not None:
        raise WorkDirTaken(path=recipe.work_dir)


def resume(trainer: Trainer) -> None:
    """Go on where a run was interrupted, where the recipe says so; tell the log how this process begins.

    Raises CannotResume.
    """
    recipe, built = trainer.recipe, trainer.built
    at: tuple[int, float] | None = None
    if recipe.resume:
        named = trainer.folder / checkpoints.LAST if recipe.resume is True else Path(str(recipe.resume))
        folder = checkpoints.found(named)
        if folder is None and recipe.resume is not True:
            raise CannotResume(path=named, reason=NOTHING)
        if folder is not None:
            _restore(trainer, folder)
            at = trainer.step, trainer.position
    trainer.log.start(
        config=trainer.folder / "recipe.json",
        work_dir=recipe.work_dir,
        processes=built.accelerator.num_processes,
        classes=len(built.recognizer.taxonomy.fine),
        resumed=at,
    )
    if built.filled is not None and at is None:
        filled = built.filled
        kind = "loaded" if filled.share == 1 else "not-matched"
        text = f"{filled.path}: {len(filled.loaded)} of {filled.wanted} tensors loaded, {len(filled.missing)} missing, "
        text += f"{len(filled.unexpected)} unexpected, {len(filled.resized)} of another size"
        trainer.log.event(kind, 0, 0.0, text)


def after_epoch(trainer: Trainer) -> None:
    """The last checkpoint, the best where this one is it, and one that stays where its turn has come."""
    recipe = trainer.recipe
    value = trainer.values.get(recipe.evaluate.metric)
    better = value is not None and beats(recipe.evaluate.metric, value, trainer.best)
    if better:
        trainer.best = value
    state = _state(trainer)
    _write(trainer, checkpoints.LAST, state)
    if better:
        _write(trainer, checkpoints.BEST, state)
        trainer.log.event("best", trainer.step, trainer.position, f"{recipe.evaluate.metric} {value:.4f}")
    if recipe.keep.every and trainer.epoch % recipe.keep.every == 0:
        _write(trainer, f"epoch_{trainer.epoch}", state)


def last(trainer: Trainer) -> None:
    """The last checkpoint, in the middle of an epoch."""
    _write(trainer, checkpoints.LAST, _state(trainer))


def _state(trainer: Trainer) -> dict[str, Any]:
    """Everything but the weights. Every process has to call it."""
    built = trainer.built
    everybody = gather_object([randomness.state()])
    scaler = built.precision.scaler
    return {
        "format": FORMAT,
        "step": trainer.step,
        "epoch": trainer.epoch,
        "batch_in_epoch": trainer.batch_in_epoch,
        "position": trainer.position,
        "best": trainer.best,
        "values": dict(trainer.values),
        "accuracy": trainer.accuracy.state(),
        "optimizer": built.optimizer.state_dict(),
        "scaler": None if scaler is None else scaler.state_dict(),
        "averaged": None if built.averaged is None else int(built.averaged.n_averaged),
        "processes": built.accelerator.num_processes,
        "order": _order(trainer),
        "random": everybody,
    }


def _order(trainer: Trainer) -> dict[str, int]:
    """What the order of an epoch's clips follows from."""
    recipe = trainer.recipe
    return {"seed": recipe.seed, "train.batch": recipe.train.batch, "clips": trainer.built.batches.length}


def _write(trainer: Trainer, name: str, state: dict[str, Any]) -> None:
    built, folder = trainer.built, trainer.folder / name
    if built.main:
        averaged = None if built.averaged is None else built.evaluated.state_dict()
        checkpoints.save(folder, built.recognizer.state_dict(), state, to_builtins(trainer.recipe), averaged)
        trainer.log.event("saved", trainer.step, trainer.position, str(folder))
    built.accelerator.wait_for_everyone()
    trainer.tell("after_checkpoint", folder)


def _fits(trainer: Trainer, folder: Path, state: dict[str, Any]) -> None:
    """Refuse a state from which this training could not go on exactly. Raises CannotResume."""
    recipe, now = trainer.recipe, trainer.built.accelerator.num_processes
    if state.get("format") != FORMAT:
        raise CannotResume(path=folder, reason=same(f"format {state.get('format')}"))
    if state["processes"] != now:
        words = OTHER_WORLD.fill(found=state["processes"], now=now, weights=folder / checkpoints.WEIGHTS)
        raise CannotResume(path=folder, reason=words)
    if state["epoch"] >= recipe.train.max_epochs:
        words = FINISHED.fill(epochs=state["epoch"], wanted=recipe.train.max_epochs)
        raise CannotResume(path=folder, reason=words)
    before, after = state["order"] if state["batch_in_epoch"] else {}, _order(trainer)
    for key, old in before.items():
        if old != after[key]:
            raise CannotResume(path=folder, reason=OTHER_ORDER.fill(key=key, old=old, new=after[key]))


def _restore(trainer: Trainer, folder: Path) -> None:
    built = trainer.built
    state = checkpoints.state_of(folder)
    _fits(trainer, folder, state)
    try:
        built.recognizer.load_state_dict(checkpoints.weights_of(folder))
        optim.restore(built.optimizer, state["optimizer"])
        if built.averaged is not None and state["averaged"] is not None:
            built.evaluated.load_state_dict(checkpoints.weights_of(folder, checkpoints.AVERAGED))
            built.averaged.n_averaged.fill_(state["averaged"])
    except (RuntimeError, ValueError, KeyError) as error:
        raise CannotResume(path=folder, reason=reason(error)) from None
    if built.precision.scaler is not None and state["scaler"] is not None:
        built.precision.scaler.load_state_dict(state["scaler"])
    trainer.step, trainer.epoch, trainer.batch_in_epoch = state["step"], state["epoch"], state["batch_in_epoch"]
    trainer.best, trainer.values = state["best"], state["values"]
    if trainer.batch_in_epoch:
        trainer.accuracy.restore(state["accuracy"], built.device)
    randomness.restore(state["random"][built.accelerator.process_index])
