"""What the trainer needs and the engine does not."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from defib.action.errors.training import TrainerMissing

if TYPE_CHECKING:
    from collections.abc import Iterator

MODULES = ("torch", "accelerate", "av", "cv2", "safetensors", "torchmetrics", "onnx", "onnxruntime", "onnxscript")


@contextmanager
def trainer() -> Iterator[None]:
    """Imports within say what to install when something is not there.

    Raises TrainerMissing.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        module = (error.name or "").split(".")[0]
        if module not in MODULES:
            raise
        raise TrainerMissing(module=module) from None
