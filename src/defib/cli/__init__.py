"""Arguments in, pipeline calls, words out."""

from defib.cli.app import main

__all__ = ["main"]
