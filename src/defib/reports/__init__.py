"""Records become text for people.

The page in HTML is not among these names: `defib.reports.page` loads altair, which takes most of a second.
"""

from defib.reports.markdown import markdown
from defib.reports.overview import overview
from defib.reports.terminal import terminal

__all__ = ["markdown", "overview", "terminal"]
