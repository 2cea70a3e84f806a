"""Several runs in one picture."""

import msgspec
import numpy as np

from defib.records import Case, Checkup
from defib.reports.charts import comparison
from defib.samples import run_of
from defib.words import same


def case_of(path, series, **fields):
    return Case(run=run_of(series, path=path, **fields), checkup=Checkup(), verdict="healthy", says=same("-"))


def names(chart):
    return {row["of"] for data in chart.build("en")["datasets"].values() for row in data if "value" in row}


def test_runs_are_laid_epoch_beside_epoch_under_names_that_tell_them_apart():
    chart = comparison([case_of("/a/x/run", {"val/top1": [1.0, 2.0]}), case_of("/a/y/run", {"val/top1": [3.0] * 5})])
    assert names(chart) == {"x/run", "y/run"}
    assert chart.left_out == ()
    built = chart.build("en")
    point = next(layer for layer in built["layer"] if layer["mark"]["type"] == "point")
    assert point["encoding"]["x"]["scale"]["domain"] == [0, 5]


def test_a_run_with_another_metric_or_another_count_is_named_and_not_drawn():
    other = case_of("/c", {"val/loss": [1.0, 2.0]})
    stepped = case_of("/d", {"val/top1": [1.0, 2.0]}, epochs=[np.nan, np.nan])
    nothing = case_of("/e", {"val/top1": [np.nan]})
    chart = comparison(
        [case_of("/a", {"val/top1": [1.0]}), case_of("/b", {"val/top1": [2.0]}), other, stepped, nothing]
    )
    assert names(chart) == {"a", "b"}
    assert chart.left_out == ("/c", "/d", "/e")


def test_the_same_run_twice_is_drawn_twice():
    case = case_of("/a", {"val/top1": [1.0, 2.0]})
    assert comparison([case, msgspec.structs.replace(case)]) is not None


def test_no_runs_are_no_picture():
    assert comparison([]) is None
