"""A PNG never shows a box for a letter that its font does not have."""

import json

import msgspec

from defib.reports.charts import album, png, svg
from defib.reports.charts.legible import ALSO, LAST, legible
from defib.reports.test_made_up_cases import seed


def chinese():
    """The seed's case with a branch that the run calls by a Chinese name."""
    case = seed()
    series = tuple(
        msgspec.structs.replace(one, key=one.key.replace("pose", "姿态"), branch="姿态")
        if one.branch == "pose"
        else one
        for one in case.run.series
    )
    return msgspec.structs.replace(case, run=msgspec.structs.replace(case.run, series=series))


def test_every_letter_of_a_png_is_one_that_its_font_has():
    definition = album(chinese())[0].build("en")
    assert "姿态" in json.dumps(definition, ensure_ascii=False)
    text = json.dumps(legible(definition), ensure_ascii=False)
    assert all(ord(one) <= LAST or one in ALSO for one in text)
    assert "\\\\u59ff\\\\u6001" in text


def test_the_lines_of_such_a_run_are_still_drawn():
    definition = album(chinese())[0].build("en")
    drawn = [
        svg(one).count("mark-line role-mark") + svg(one).count("<path") for one in (definition, legible(definition))
    ]
    assert drawn[0] == drawn[1]
    assert "姿态" not in svg(legible(definition))
    assert png(legible(definition))[:4] == b"\x89PNG"


def test_numbers_and_plain_names_stay_as_they_are():
    definition = {"values": [{"x": 1.5, "of": "top-1 – é", "y": None}], "log": True}
    assert legible(definition) == definition


def test_names_that_differ_stay_different():
    assert legible("准确率") != legible("召回率")
