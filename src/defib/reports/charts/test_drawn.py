"""The same definition as SVG, as PNG, and as scripts for a page."""

import re
import xml.etree.ElementTree as ET

import msgspec

from defib.reports.charts import album, bundle, comparison, png, svg
from defib.reports.test_made_up_cases import seed

WIDTH = 760


def texts(picture):
    return {element.text for element in ET.fromstring(picture).iter() if element.tag.endswith("text")}


def test_the_svg_holds_axis_legend_and_marks():
    picture = svg(album(seed())[0].build("en"))
    assert {"Epoch", "RGBPose", "Pose", "it falls: epoch 12"} <= texts(picture)
    assert int(re.search(r'width="(\d+)"', picture)[1]) >= WIDTH


def test_a_name_that_is_markup_is_only_read():
    case = seed()
    evil = "<script>alert(1)</script>"
    run = msgspec.structs.replace(case.run, path="/made/up")
    series = tuple(
        msgspec.structs.replace(one, key=one.key.replace("pose", evil), branch=one.branch.replace("pose", evil))
        for one in run.series
    )
    picture = svg(album(msgspec.structs.replace(case, run=msgspec.structs.replace(run, series=series)))[0].build("en"))
    assert "<script" not in picture
    assert any(text and "<script>" in text for text in texts(picture))


def test_the_png_is_twice_as_wide_as_the_chart():
    picture = png(album(seed())[0].build("en"))
    assert picture[:8] == b"\x89PNG\r\n\x1a\n"
    assert int.from_bytes(picture[16:20]) >= 2 * WIDTH


def test_the_scripts_are_whole_and_name_the_entry():
    assert "window.vegaEmbed" in bundle()
    assert "</script" not in bundle()


def test_one_run_is_compared_with_nothing():
    assert comparison([seed()]) is None
