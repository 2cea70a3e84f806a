"""Heatmaps against the per-joint loop, written out."""

import numpy as np
import pytest

from defib.action.data.heatmaps import LEAST, heatmaps


def loop(points, scores, size, sigma):
    """One joint at a time, as GeneratePoseTarget draws it."""
    people, frames, joints = scores.shape
    found = np.zeros((joints, frames, *size), np.float32)
    for person, frame, joint in np.ndindex(people, frames, joints):
        x, y = points[person, frame, joint]
        if scores[person, frame, joint] < LEAST:
            continue
        columns = range(max(int(x - 3 * sigma), 0), min(int(x + 3 * sigma) + 1, size[1]))
        rows = range(max(int(y - 3 * sigma), 0), min(int(y + 3 * sigma) + 1, size[0]))
        for row in rows:
            for column in columns:
                value = np.exp(-((column - x) ** 2 + (row - y) ** 2) / 2 / sigma**2) * scores[person, frame, joint]
                found[joint, frame, row, column] = max(found[joint, frame, row, column], value)
    return found


@pytest.mark.parametrize("sigma", [0.7, 0.6, 1.5])
@pytest.mark.parametrize("people", [1, 2, 3])
def test_they_are_what_the_loop_draws(people, sigma):
    chance = np.random.default_rng(people)
    points = chance.uniform(-6, 26, (people, 3, 5, 2))  # some outside
    scores = chance.uniform(0, 1, (people, 3, 5))
    scores[0, 0, 0] = 0
    found = heatmaps(points, scores, (20, 18), sigma)
    assert found.shape == (5, 3, 20, 18)
    assert np.abs(found - loop(points, scores, (20, 18), sigma)).max() < 1e-5
    assert found.max() > 0.3


def test_whole_pixels_and_edges():
    points = np.array([[[[0, 0], [19, 17], [19.9, 0.1], [5, 5], [-2.0, 3.0]]]], float)
    scores = np.ones((1, 1, 5))
    assert np.abs(heatmaps(points, scores, (18, 20), 0.7) - loop(points, scores, (18, 20), 0.7)).max() < 1e-6


def test_what_is_no_number_is_not_drawn():
    points = np.array([[[[np.nan, 3], [np.inf, 3], [4, 4]]]])
    found = heatmaps(points, np.array([[[1, 1, np.nan]]]), (8, 8), 0.7)
    assert not found.any()


def test_nobody_gives_empty_pictures():
    assert not heatmaps(np.zeros((0, 4, 3, 2)), np.zeros((0, 4, 3)), (8, 8), 0.7).any()
