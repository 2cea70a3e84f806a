"""A trained network from what a training left on the disk, or from somebody else's checkpoint and a recipe."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import torch

from defib.action.errors.training import NoCheckpoint
from defib.action.model import Recognizer
from defib.action.model.initialise import Filled, initialise
from defib.action.naming import taxonomy_of
from defib.action.training import checkpoints
from defib.action.training import recipe as recipes
from defib.words import Words

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from defib.action.training.recipe import Recipe

NO_RECIPE = Words(en="a file of weights without a recipe", zh="一个没有配方的权重文件")


class Restored(NamedTuple):
    """A network that can be asked."""

    recipe: Recipe
    recognizer: Recognizer
    """On its device, in evaluation mode."""
    path: Path
    """The file that its weights came from."""
    filled: Filled | None
    """What somebody else's checkpoint filled; ours fits as a whole."""

    @property
    def device(self) -> torch.device:
        """Where its tensors have to go."""
        return next(self.recognizer.parameters()).device


def restored(path: Path, recipe: str | None = None, changes: Sequence[str] = ()) -> Restored:
    """A trained network: the averaged weights where there are any.

    path: a work directory (its best checkpoint, else its last), a checkpoint folder, or with a recipe any file of weights.
    recipe: a recipe's name or file; that of the checkpoint by default.
    changes: `key=value` words.

    Raises NoCheckpoint, RecipeUnreadable, NoSuchKey, BadValue, ModelMisfit, TaxonomyRefused, WeightsUnreadable, WeightsMisfit.
    """
    weights = checkpoints.weights_file(path)
    beside = weights.parent / checkpoints.RECIPE
    if recipe is None and not beside.is_file():
        raise NoCheckpoint(path=path, found=NO_RECIPE)
    asked = recipes.read(recipe or str(beside), changes)
    recognizer = Recognizer(asked.model, taxonomy_of(asked.taxonomy))
    ours = recipe is None and not changes
    filled = initialise(recognizer, weights, least=1.0 if ours else asked.least_loaded, option="least_loaded=0")
    cpu = asked.device == "cpu" or not torch.cuda.is_available()
    return Restored(asked, recognizer.to("cpu" if cpu else "cuda").eval(), weights, None if ours else filled)
