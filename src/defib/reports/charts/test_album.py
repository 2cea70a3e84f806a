"""Each question has one chart, and what was not logged has none."""

import json

import numpy as np
import pytest

from defib.records import Case, Checkup
from defib.reports.charts import album
from defib.reports.charts.picture import MOST_LINES
from defib.reports.test_made_up_cases import EVERY, seed
from defib.samples import run_of
from defib.words import same


def case_of(series, **fields):
    return Case(run=run_of(series, **fields), checkup=Checkup(), verdict="healthy", says=same("-"))


def rows(chart, language="en"):
    return [row for data in chart.build(language)["datasets"].values() for row in data]


def test_only_what_was_logged_is_drawn():
    names = [chart.name for chart in album(case_of({"val/top1": [1.0, 2.0]}))]
    assert names == ["scores"]
    logged = {"val/top1": [1.0, 2.0], "train/loss": [3.0, 2.0], "train/lr": [0.1, 0.1], "train/grad_norm": [1.0, 2.0]}
    assert [chart.name for chart in album(case_of(logged))] == ["scores", "rate", "losses", "gradient"]


def test_every_branch_of_the_deciding_metric_is_in_the_first_chart():
    chart = album(seed())[0]
    assert set(chart.keys) == {"val/top1/fused", "val/top1/rgb", "val/top1/pose"}
    assert {row["of"] for row in rows(chart) if "y" in row and "of" in row} == {"RGBPose", "RGB", "Pose"}


def test_the_fall_the_best_and_the_start_are_marked_in_both_languages():
    english, chinese = ({row.get("says") for row in rows(album(seed())[0], one)} for one in ("en", "zh"))
    assert {"best, and where to restart: epoch 11", "it falls: epoch 12"} <= english
    assert {"最佳，也是重启点：第 11 轮", "开始下跌：第 12 轮"} <= chinese


def test_a_healthy_run_is_not_asked_when_it_fell():
    assert album(case_of({"val/top1": [1.0, 2.0]}))[0].asks.en == "How did it go?"
    assert album(seed())[0].asks.en == "When did it fall, and which part of it?"


def test_a_value_that_is_no_number_breaks_the_line():
    chart = album(case_of({"val/top1": [1.0, np.nan, np.inf, 2.0]}))[0]
    assert [row["y"] for row in rows(chart) if "value" in row] == [1.0, None, None, 2.0]


def test_nothing_but_nan_is_no_picture():
    assert album(case_of({"val/top1": [np.nan, np.nan]})) == ()


def test_too_many_lines_are_named_and_not_drawn():
    losses = {f"train/loss/part{index}": [3.0, 2.0] for index in range(MOST_LINES + 3)}
    (chart,) = [one for one in album(case_of({"val/top1": [1.0], **losses})) if one.name == "losses"]
    assert len(chart.keys) == MOST_LINES
    assert len(chart.left_out) == 3
    assert not set(chart.keys) & set(chart.left_out)


def test_series_that_are_called_alike_stay_two_lines():
    chart = album(case_of({"train/loss/a": [3.0], "val/loss/a": [2.0], "val/loss": [1.0]}))[0]
    names = {row["of"] for row in rows(chart) if "value" in row}
    assert len(names) == len(chart.keys)


def test_every_point_says_where_it_stands_in_the_log():
    told = [row["where"] for row in rows(album(seed())[0]) if "value" in row]
    assert all(told)


@pytest.mark.parametrize("name", EVERY)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_made_up_case_is_drawn_with_valid_json(name, language):
    for chart in album(EVERY[name]()):
        json.dumps(chart.build(language), allow_nan=False)
