"""defib brings a collapsed training run back to life."""

__version__ = "0.1.0"
