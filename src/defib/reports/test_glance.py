import numpy as np

from defib.records import Case, Checkup
from defib.reports.glance import glance, trend
from defib.samples import run_of
from defib.words import same


def seen(curves, **fields):
    run = run_of(curves, deciding="val/top1/fused", **fields)
    return glance(Case(run=run, checkup=Checkup(), verdict="healthy", says=same("x")))


def test_how_far_it_is_and_how_long_it_takes():
    config = {"train_cfg": {"max_epochs": 10}}
    found = seen({"val/top1/fused": [10.0, 20.0, 15.0]}, config=config, seconds_per_epoch=60.0)
    assert (found.phase.en, found.phase.zh) == ("epoch 3 of 10", "第 3 轮，共 10 轮")
    assert (found.done, found.left) == (0.3, 420.0)
    assert (found.curves[0].best, found.curves[0].best_at) == ("20.00%", "2")
    assert found.curves[0].last == "15.00%"


def test_what_is_not_known_is_left_open():
    found = seen({"val/top1/fused": [10.0, None, 20.0]})
    assert (found.phase.en, found.done, found.left) == ("epoch 3", None, None)
    assert seen({"train/loss": [3.0]}).curves == ()


def test_a_run_that_went_on_past_its_plan_is_done():
    found = seen({"val/top1/fused": [10.0] * 5}, config={"train_cfg": {"max_epochs": 4}}, seconds_per_epoch=60.0)
    assert (found.done, found.left) == (1.0, 0.0)


def test_the_deciding_metric_stands_before_its_branches():
    curves = {"val/top1/rgb": [5.0], "val/top1/pose": [6.0], "val/top1/fused": [7.0]}
    assert next(one.last for one in seen(curves).curves) == "7.00%"
    assert len(seen(curves).curves) == 3


def test_a_trend_shows_the_last_values_and_its_gaps():
    assert trend(np.arange(40.0), 4) == "▁▃▆█"
    assert trend(np.array([np.nan, np.nan])) == "  "
