"""A file of predictions becomes a Table, in one of three forms, told apart by content. Nothing is executed."""

from defib.reading.predictions.reading import read_predictions

__all__ = ["read_predictions"]
