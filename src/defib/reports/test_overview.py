from io import StringIO

import pytest
from rich.cells import cell_len
from rich.console import Console

from defib.reports.overview import overview
from defib.reports.test_made_up_cases import EVERY


def shown(cases, language="en", width=80):
    out = StringIO()
    Console(width=width, file=out).print(overview(cases, language))
    return out.getvalue()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_all_runs_fit_on_the_screen(language):
    text = shown([make() for make in EVERY.values()], language)
    assert max(cell_len(line) for line in text.splitlines()) <= 80


def test_a_row_holds_verdict_onset_best_last_and_cause():
    text = shown([EVERY["seed"]()], width=160)
    for expected in (
        "pcan_ntu60",
        "rescue",
        "epoch 12",
        "57.45%",
        "27.69%",
        "The learning rate is too high",
        "RGBPose",
    ):
        assert expected in text


def test_a_run_without_a_deciding_metric_shows_dashes():
    assert "—" in shown([EVERY["unreadable"]()])
    assert "nan" not in shown([EVERY["unreadable"]()]).lower()


def test_no_runs_is_said_in_words():
    assert "没有找到" in shown([], "zh")
