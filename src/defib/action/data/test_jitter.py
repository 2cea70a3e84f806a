"""Colours."""

import numpy as np
import pytest

from defib.action.data.config import JitterConfig
from defib.action.data.jitter import Colours, coloured, drawn

CLIP = np.random.default_rng(0).integers(0, 256, (2, 8, 8, 3), dtype=np.uint8)
SAME = Colours(1.0, 1.0, 1.0, 0.0)


def test_no_change_changes_nothing():
    assert (coloured(CLIP, SAME) == CLIP).all()


@pytest.mark.parametrize("hue", [0.15, -0.15, 0.5, -0.5])
def test_a_turn_of_the_colour_circle_goes_round(hue):
    red = np.zeros((1, 2, 2, 3), np.uint8)
    red[..., 0] = 255
    import colorsys

    wanted = np.array(colorsys.hsv_to_rgb(hue % 1, 1, 1)) * 255
    assert np.abs(coloured(red, SAME._replace(hue=hue))[0, 0, 0] - wanted).max() < 5


def test_grey_has_no_saturation():
    found = coloured(CLIP, SAME._replace(saturation=0.0)).astype(int)
    assert np.abs(found[..., 0] - found[..., 2]).max() <= 1


def test_brightness_is_cut_at_white():
    assert coloured(CLIP, SAME._replace(brightness=9.0)).max() == 255


def test_a_draw_stays_within_what_was_asked():
    chance = np.random.default_rng(3)
    for _ in range(50):
        found = drawn(JitterConfig(brightness=0.4, hue=0.1), chance)
        assert 0.6 <= found.brightness <= 1.4
        assert abs(found.hue) <= 0.1
        assert found.contrast == 1
