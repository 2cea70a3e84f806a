"""A checkpoint file is looked at, and its weights are copied out, without torch and without executing anything in it."""

from defib.reading.checkpoint.copying import write_weights
from defib.reading.checkpoint.inspection import inspect

__all__ = ["inspect", "write_weights"]
