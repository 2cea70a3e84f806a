"""Foreign configs, parsed and never run. One file for each way of writing them."""

from defib.configs.dialects import dialect, parse, places
from defib.configs.text import text_of

__all__ = ["dialect", "parse", "places", "text_of"]
