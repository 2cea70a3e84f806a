"""What the trainer needs and the engine does not."""

from __future__ import annotations

from contextlib import contextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING

from defib.action.errors.training import TrainerMissing

if TYPE_CHECKING:
    from collections.abc import Iterator

EXTRAS = {
    **dict.fromkeys(("torch", "accelerate", "av", "cv2", "psutil", "safetensors", "torchmetrics"), "action"),
    **dict.fromkeys(("onnx", "onnxruntime", "onnxscript"), "action,export"),
}
"""Module -> what has to be installed with defib."""


@contextmanager
def trainer() -> Iterator[None]:
    """Imports within say what to install when something is not there.

    Raises TrainerMissing.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        module = (error.name or "").split(".")[0]
        if module not in EXTRAS:
            raise
        raise TrainerMissing(module=module, extra=EXTRAS[module]) from None


def demanded() -> None:
    """Say what to install before a command begins that starts trainings in processes of their own.

    Raises TrainerMissing.
    """
    for module in ("torch", "accelerate"):
        if find_spec(module) is None:
            raise TrainerMissing(module=module, extra=EXTRAS[module])
