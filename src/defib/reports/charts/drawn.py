"""A chart becomes a picture, without a browser and without a network."""

from __future__ import annotations

from functools import cache
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from defib.reports.charts.picture import UNSEEN

if TYPE_CHECKING:
    from collections.abc import Mapping

EVERYTHING = "window.vegaEmbed = vegaEmbed;"
"""What the scripts leave for those of the page. Whoever changes it changes `bundle_name` too."""
SCALE = 2.0  # pixels of a PNG for one of the chart; sharp on today's screens


def svg(definition: Mapping[str, Any]) -> str:
    """The picture as SVG. Its text takes the colour of the text around it."""
    import vl_convert  # noqa: PLC0415 (30 MB, loaded only where a picture is drawn)

    return str(vl_convert.vegalite_to_svg(_still(definition), vl_version=_version()))


def png(definition: Mapping[str, Any]) -> bytes:
    """The picture as PNG, black on white."""
    import vl_convert  # noqa: PLC0415 (30 MB, loaded only where a picture is drawn)

    white = {**_still(definition), "background": "white"}
    return bytes(vl_convert.vegalite_to_png(white, vl_version=_version(), scale=SCALE))


def bundle_name() -> str:
    """The name of a file for the bundle: the versions that it was made by."""
    return f"charts-{version('vl-convert-python')}-{_version()}.js"


@cache
def bundle() -> str:
    """The scripts that make charts live in a page: Vega, Vega-Lite and vega-embed, as one text.

    Putting it together takes seconds; see `livepage`.
    """
    import vl_convert  # noqa: PLC0415 (30 MB, loaded only where a picture is drawn)

    return str(vl_convert.javascript_bundle(EVERYTHING, vl_version=_version()))


def _still(definition: Mapping[str, Any]) -> dict[str, Any]:
    """The definition without what is only there to be pointed at."""
    return {**definition, "layer": [layer for layer in definition["layer"] if layer["mark"].get("opacity") != UNSEEN]}


def _version() -> str:
    import altair as alt  # noqa: PLC0415 (slow to load)

    return ".".join(alt.SCHEMA_VERSION.removeprefix("v").split(".")[:2])
