"""Axes that show something, and strings from a run that only are shown."""

import msgspec
import pytest

from defib.records import Case, Checkup
from defib.reports.charts import album
from defib.samples import run_of
from defib.words import same


def definition(values, key="train/loss"):
    run = run_of({key: values})
    return album(Case(run=run, checkup=Checkup(), verdict="healthy", says=same("-")))[0].build("en")


def scale(definition):
    return next(layer["encoding"]["y"]["scale"] for layer in definition["layer"] if layer["mark"]["type"] == "point")


@pytest.mark.parametrize(
    ("values", "wanted"),
    [
        ([1.0, 2.0, 3.0], {"zero": False}),
        ([1.0, 100.0, 3.0], {"type": "log"}),
        ([-1.0, 100.0, 3.0], {"zero": False}),
        ([0.0, 100.0, 3.0], {"zero": False}),
        ([1e-14, 0.1, 0.1], {"zero": False}),  # the last step of a cosine must not flatten the rest
    ],
)
def test_a_wide_range_is_drawn_in_decades(values, wanted):
    assert scale(definition(values)) == wanted


def test_control_characters_of_a_name_do_not_reach_the_picture():
    run = run_of({"train/loss/a": [1.0, 2.0], "train/loss/b": [1.0, 2.0]})
    evil = msgspec.structs.replace(run.series[0], branch="\x1b[31m\u202ered")
    run = msgspec.structs.replace(run, series=(evil, run.series[1]))
    built = album(Case(run=run, checkup=Checkup(), verdict="healthy", says=same("-")))[0].build("en")
    text = str(built)
    assert "\x1b" not in text
    assert "\\x1b" not in text
    assert "\u202e" not in text
    assert "red" in text
