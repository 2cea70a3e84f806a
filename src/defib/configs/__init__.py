"""Foreign configs, parsed and never run. One file for each way of writing them."""

from defib.configs.mmengine import parse
from defib.configs.text import text_of
from defib.configs.where import where

__all__ = ["parse", "text_of", "where"]
