"""A thinned line keeps what a reader would look for."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from defib.reports.charts.thinning import POINTS, thinned

VALUES = st.lists(st.floats(width=32), min_size=1, max_size=3000).map(np.array)


@settings(deadline=None)
@given(values=VALUES, most=st.integers(8, 100))
def test_extremes_and_ends_stay_and_the_bound_holds(values, most):
    kept = thinned(values, most)
    assert (np.diff(kept) > 0).all()
    assert kept[0] == 0
    assert kept[-1] == len(values) - 1
    assert len(kept) <= 1.5 * most + 3
    finite = values[np.isfinite(values)]
    if len(finite):
        assert np.nanmax(np.where(np.isfinite(values[kept]), values[kept], np.nan)) == finite.max()
        assert np.nanmin(np.where(np.isfinite(values[kept]), values[kept], np.nan)) == finite.min()
    assert np.isfinite(values).all() == np.isfinite(values[kept]).all()


def test_a_single_spike_of_a_million_points_is_drawn():
    values = np.zeros(1_000_000)
    values[654_321] = 7.0
    kept = thinned(values)
    assert 654_321 in kept
    assert len(kept) <= POINTS


@pytest.mark.parametrize("count", [1, 2, POINTS])
def test_a_short_series_is_drawn_whole(count):
    assert thinned(np.arange(float(count))).tolist() == list(range(count))
