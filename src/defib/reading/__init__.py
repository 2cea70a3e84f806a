"""A work directory, a log or a table becomes a Run."""

from defib.reading.attach import with_checkpoints, with_config
from defib.reading.below import is_run, runs_below
from defib.reading.beside import printed
from defib.reading.checkpoint import inspect, write_weights
from defib.reading.earlier import with_earlier
from defib.reading.predictions import read_predictions
from defib.reading.run import all_formats, find_config, read, read_case

__all__ = [
    "all_formats",
    "find_config",
    "inspect",
    "is_run",
    "printed",
    "read",
    "read_case",
    "read_predictions",
    "runs_below",
    "with_checkpoints",
    "with_config",
    "with_earlier",
    "write_weights",
]
