"""What the trainer refuses, as the root of three branches: `data.py`, `model.py`, `training.py`. No torch is needed here.

    DefibError
    `-- ActionRefused               exit code 3
        |-- DataRefused             videos, skeletons, annotations, stores
        |-- ModelRefused            sizes, checkpoints, taxonomies
        `-- TrainingRefused         recipes, resuming, devices

Each class holds its message in both languages; `defib explain SLUG` prints its page.
"""

from __future__ import annotations

from defib.errors import DefibError


class ActionRefused(DefibError):
    """The parent of everything that the trainer refuses to do."""

    exit_code = 3


class DataRefused(ActionRefused):
    """Videos, skeletons, annotations or a store that cannot be used as they are."""


class ModelRefused(ActionRefused):
    """Sizes, checkpoints or taxonomies that do not fit together."""


class TrainingRefused(ActionRefused):
    """A recipe, a resume or a device that does not work as asked."""
