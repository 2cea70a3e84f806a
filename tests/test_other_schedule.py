"""An attempt whose first rate fits, and whose next ones do not: a schedule that was restored in secret shows there."""

import pytest

from defib.samples import run_of
from defib.supervision.vigil import _other_schedule

CONFIG = {
    "optim_wrapper": {"optimizer": {"type": "SGD", "lr": 0.1}},
    "param_scheduler": [
        {"type": "LinearLR", "start_factor": 0.1, "by_epoch": True, "begin": 0, "end": 5},
        {"type": "MultiStepLR", "milestones": [8], "gamma": 0.1, "by_epoch": True, "begin": 0, "end": 20},
    ],
    "train_cfg": {"max_epochs": 20},
}
WARM = [0.01, 0.0325, 0.055, 0.0775, 0.1]
"""What LinearLR asks for: it climbs in four steps of a fifth, at its end the whole rate."""


def said(rates, config=CONFIG):
    return list(_other_schedule(run_of({"train/lr": rates}, config=config)))


def test_a_rate_that_climbs_as_the_config_asks_is_left_alone():
    assert said(WARM) == []
    assert said([*WARM, 0.1, 0.1, 0.1, 0.01, 0.01]) == []


@pytest.mark.parametrize(("rates", "found"), [([0.01, 0.1, 0.1, 0.1, 0.1, 0.5], "0.5"), ([0.01] * 6, "0.01")])
def test_rates_of_another_schedule_are_shown_with_those_that_were_asked_for(rates, found):
    (words,) = said(rates)
    assert words.en.startswith(f"the learning rate is {found} in epoch 6, the running config asks for 0.1 there")
    assert words.zh.startswith(f"第 6 轮的学习率为 {found}")


def test_where_the_schedule_is_not_known_nothing_is_claimed():
    assert said([0.01, 0.5, 0.5, 0.5, 0.5, 0.5], {"optim_wrapper": {"optimizer": {"type": "SGD", "lr": 0.1}}, "param_scheduler": [{"type": "Mine"}]}) == []  # fmt: skip
    assert said(WARM[:4]) == []  # four rates say too little
    assert list(_other_schedule(run_of({"val/top1": [1.0] * 6}, config=CONFIG))) == []
