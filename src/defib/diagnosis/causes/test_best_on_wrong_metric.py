from defib.diagnosis.causes.best_on_wrong_metric import best_on_wrong_metric
from defib.records import Checkup, Tracked
from defib.samples import run_of

CURVES = {"val/top1/fused": [50.0, 60.0], "val/top1/rgb": [55.0, 58.0]}


def run(tracked, **config):
    return run_of(CURVES, tracked=tracked, config=config or None)


def test_a_best_kept_by_one_branch_is_a_trap():
    tracked = Tracked(setting="auto", raw="acc/rgb_top1", key="val/top1/rgb", epoch=2.0, value=58.0)
    found = best_on_wrong_metric(run(tracked), Checkup())
    assert (found.standing, found.explains) == ("likely", ())
    assert "acc/rgb_top1" in found.for_[0].measured.zh


def test_a_best_kept_by_the_deciding_metric_is_fine():
    tracked = Tracked(setting="auto", raw="val/top1/fused", key="val/top1/fused")
    assert best_on_wrong_metric(run(tracked), Checkup()).standing == "ruled-out"


def test_no_opinion_when_nothing_says_what_was_followed():
    assert best_on_wrong_metric(run(None), Checkup()) is None
    config = {"default_hooks": {"checkpoint": {"save_best": "auto"}}}
    assert best_on_wrong_metric(run(None, **config), Checkup()) is None


def test_no_opinion_without_a_deciding_metric():
    tracked = Tracked(setting="auto", raw="acc/rgb_top1", key="val/top1/rgb")
    assert best_on_wrong_metric(run_of({"train/loss": [1.0]}, tracked=tracked, deciding=None), Checkup()) is None
