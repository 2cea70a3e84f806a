"""The commands of the trainer. Nothing of torch is imported before one of them runs."""

from defib.cli.trainer.commands import add

__all__ = ["add"]
