"""The pictures of a case: one chart for each question, all on the same axis of time.

A chart is defined once (Vega-Lite, by way of altair) and drawn three ways: alive in the HTML, as SVG beside the
Markdown, as PNG.
"""

from defib.reports.charts.album import album
from defib.reports.charts.chart import Chart
from defib.reports.charts.comparison import comparison
from defib.reports.charts.drawn import bundle, bundle_name, png, svg

__all__ = ["Chart", "album", "bundle", "bundle_name", "comparison", "png", "svg"]
