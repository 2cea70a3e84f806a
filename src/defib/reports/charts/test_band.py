"""The forecast opens at the start of the rescue and never hides what happened."""

import msgspec
import pytest

from defib.records import Target
from defib.reports.charts.axis import axis_of
from defib.reports.charts.band import AHEAD, band_of
from defib.reports.test_made_up_cases import seed


def with_targets(*epochs):
    case = seed()
    targets = tuple(Target(epochs=one, low=60.0, high=70.0 + one, families=("a",)) for one in epochs)
    forecast = msgspec.structs.replace(case.plan.forecast, targets=targets)
    return msgspec.structs.replace(case, plan=msgspec.structs.replace(case.plan, forecast=forecast))


def test_it_begins_at_the_checkpoint_with_its_value():
    case = with_targets(2, 4)
    begin, start = case.plan.start_from.epoch, case.plan.start_from.value
    rows = band_of(case, axis_of(case.run)).rows
    assert rows[0] == (begin, start, start)
    assert rows[1:] == ((begin + 2, 60.0, 72.0), (begin + 4, 60.0, 74.0))


def test_a_far_forecast_is_cut_where_the_picture_ends():
    case = with_targets(1000)
    axis = axis_of(case.run)
    last, low, high = band_of(case, axis).rows[-1]
    assert last == pytest.approx(axis.high + AHEAD * (axis.high - axis.low))
    assert case.plan.start_from.value < low < 60
    assert low < high < 1070


def test_without_a_forecast_there_is_none():
    case = seed()
    bare = msgspec.structs.replace(case, plan=msgspec.structs.replace(case.plan, forecast=None))
    assert band_of(bare, axis_of(bare.run)) is None
    unplanned = msgspec.structs.replace(case, plan=None)
    assert band_of(unplanned, axis_of(case.run)) is None
