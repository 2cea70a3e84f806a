"""Records become text for people."""

from defib.reports.markdown import markdown
from defib.reports.overview import overview
from defib.reports.terminal import terminal

__all__ = ["markdown", "overview", "terminal"]
