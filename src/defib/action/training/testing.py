"""Held-out scores of trained networks: many clips of a sample, mirrored ones, several networks together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from accelerate import PartialState

from defib.action.data.sets import held_out
from defib.action.errors.training import TestsDiffer
from defib.action.training import evaluation, feeding
from defib.action.training.evaluation import Scores
from defib.action.training.precision import Precision
from defib.words import Words

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from defib.action.training.restoring import Restored

CLIPS = Words(en="{found} clips instead of {wanted}, or others", zh="{found} 个片段而不是 {wanted} 个，或片段不同")
BRANCHES = Words(en="branches {found} instead of {wanted}", zh="分支为 {found} 而不是 {wanted}")
CLASSES = Words(en="classes {found} instead of {wanted}", zh="分类体系为 {found} 而不是 {wanted}")


def scored(
    network: Restored,
    *,
    clips: int | None = None,
    flip: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> Scores:
    """The scores of a network on the held-out clips of its recipe. Every process has to call it.

    clips: of each sample, whose chances are averaged; the recipe's by default.
    flip: once more with everything mirrored, averaged.
    progress: told how many of how many samples are done, by this process.

    Raises as `train_and_val` does.
    """
    recipe, taxonomy = network.recipe, network.recognizer.taxonomy
    processes = PartialState()
    found = []
    for turn, flipped in enumerate((False, True) if flip else (False,)):
        data = held_out(recipe.data, taxonomy, test_clips=clips or recipe.evaluate.clips, flipped=flipped)
        rank, world = processes.process_index, processes.num_processes
        feed = feeding.held_out(data, recipe.evaluate.batch, recipe.train.workers, rank, world)
        told, mine = 0, len(range(rank, len(data), world))

        def seen(count: int, begin: int = turn * mine, whole: int = mine * (1 + flip)) -> None:
            nonlocal told
            told += count
            if progress is not None:
                progress(begin + told, whole)

        precision = Precision(recipe.train.precision, network.device)
        found.append(evaluation.scores_of(network.recognizer, feed, network.device, precision, seen=seen)[0])
    return together(found, [1.0] * len(found), ["", "flipped"])


def together(scores: Sequence[Scores], weights: Sequence[float], names: Sequence[str]) -> Scores:
    """The weighted mean of what several networks say of the same clips.

    names: what each is called, for the message.

    Raises TestsDiffer.
    """
    first = scores[0]
    for one, name in zip(scores, names, strict=False):
        if one.names != first.names or not torch.equal(one.label, first.label):
            raise TestsDiffer(path=name, reason=CLIPS.fill(found=len(one.names), wanted=len(first.names)))
        if set(one.chances) != set(first.chances):
            found, wanted = (", ".join(sorted(each.chances)) for each in (one, first))
            raise TestsDiffer(path=name, reason=BRANCHES.fill(found=found, wanted=wanted))
        if any(one.chances[branch].shape != first.chances[branch].shape for branch in first.chances):
            found, wanted = (next(iter(each.chances.values())).shape[1] for each in (one, first))  # type: ignore[assignment]
            raise TestsDiffer(path=name, reason=CLASSES.fill(found=found, wanted=wanted))
    whole = sum(weights)
    mean = {
        branch: torch.stack(
            [weight / whole * one.chances[branch] for one, weight in zip(scores, weights, strict=True)]
        ).sum(0)
        for branch in first.chances
    }
    return Scores(first.names, first.label, mean)
