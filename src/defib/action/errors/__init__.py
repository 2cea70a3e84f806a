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
from defib.words import Words, same

LONGEST = 300
"""Characters of another library's message within ours."""


class ActionRefused(DefibError):
    """The parent of everything that the trainer refuses to do."""

    exit_code = 3


class DataRefused(ActionRefused):
    """Videos, skeletons, annotations or a store that cannot be used as they are."""


class ModelRefused(ActionRefused):
    """Sizes, checkpoints or taxonomies that do not fit together."""


class TrainingRefused(ActionRefused):
    """A recipe, a resume or a device that does not work as asked."""


def reason(error: BaseException) -> Words:
    r"""What another library said, as one line within a message of ours; the kind of the error where it said nothing.

    >>> reason(ValueError("two   words")).en, reason(EOFError()).zh, reason(OSError(28, "No space left")).en
    ('two words', 'EOFError', 'No space left')
    """
    said = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return same(" ".join(said.split())[:LONGEST] or type(error).__name__)
