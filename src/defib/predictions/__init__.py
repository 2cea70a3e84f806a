"""Scores and labels become numbers: accuracy, other labellings, what each branch knows, whether fusing them pays.

Arithmetic only: files are read in `reading`, and what a number means is said in `diagnosis`.
"""

from defib.predictions.summary import summarise
from defib.predictions.table import Table

__all__ = ["Table", "summarise"]
