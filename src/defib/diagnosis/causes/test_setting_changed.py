import pytest

from defib.diagnosis.causes.setting_changed import setting_changed
from defib.records import Checkup, Earlier, Fact, Incident, Point, Segment
from defib.samples import run_of


def run(now, before, *, at=5.0, resumed=True):
    """Fifteen epochs, restarted at the beginning of the eleventh."""
    segments = (
        Segment(start=Point(epoch=1.0), record=0, file="a.json"),
        Segment(start=Point(epoch=11.0), record=20, file="b.json", resumed=resumed),
    )
    earlier = (Earlier(file="best/recipe.json", at=Point(epoch=at), settings=before),)
    config = {
        "optim": {"lr": 0.1, "clip": 40.0, **{key: now[key] for key in now if key != "batch"}},
        "train": {"max_epochs": 15, "batch": now.get("batch", 16)},
        "data": {"kind": "micro"},
    }
    curves = {"val/top1": [60.0] * 10 + [8.0] * 5}
    return run_of(curves, config=config, dialect="yaml", segments=segments, earlier=earlier)


def fell(epoch=11.0):
    best = Fact(metric="val/top1", value=60.0, at=Point(epoch=epoch - 1))
    return Checkup(incident=Incident(key="val/top1", onset=Point(epoch=epoch), rule="val_collapse", best=best))


@pytest.mark.parametrize(
    ("now", "before", "said"),
    [
        ({"lr": 1.0}, {"lr": 0.1}, "learning rate went from 0.1 (best/recipe.json) to 1"),
        ({"clip": 400.0}, {"clip": 40.0}, "went from 40"),
        ({"clip": None}, {"clip": 40.0}, "which was 40 (best/recipe.json), was taken out"),
        ({"batch": 4}, {"batch_size": 16}, "from 16 (best/recipe.json) to 4"),
    ],
)
def test_a_large_change_at_the_restart_before_the_fall_is_likely(now, before, said):
    found = setting_changed(run(now, before), fell())
    assert (found.standing, found.event) == ("likely", True)
    assert said in found.for_[0].measured.en
    was, is_now, restart = found.for_[0].facts
    assert (was.place.file, restart.place.file) == ("best/recipe.json", "b.json")
    assert is_now.metric == was.metric


def test_a_small_change_is_weak():
    found = setting_changed(run({"lr": 0.15}, {"lr": 0.1}), fell())
    assert (found.standing, found.for_[0].strength) == ("possible", "weak")


@pytest.mark.parametrize(
    ("now", "before"),
    [
        ({"lr": 0.1}, {"lr": 0.1}),
        ({"lr": 0.01}, {"lr": 0.1}),  # calmer than before
        ({"lr": 0.11}, {"lr": 0.1}),
        ({"clip": 20.0}, {"clip": 40.0}),
        ({"batch": 32}, {"batch_size": 16}),
        ({"lr": 1.0}, {"max_epochs": 30, "work_dir": "b"}),  # what it was before is not known
    ],
)
def test_what_did_not_get_wilder_says_nothing(now, before):
    assert setting_changed(run(now, before), fell()) is None


def test_a_fall_long_after_the_restart_speaks_against_it():
    assert setting_changed(run({"lr": 1.0}, {"lr": 0.1}), fell(15.0)).standing == "ruled-out"


def test_without_a_restart_or_a_fall_it_says_nothing():
    assert setting_changed(run({"lr": 1.0}, {"lr": 0.1}, resumed=False), fell()) is None
    assert setting_changed(run({"lr": 1.0}, {"lr": 0.1}), Checkup()) is None


def test_settings_of_after_the_restart_are_no_earlier_ones():
    assert setting_changed(run({"lr": 1.0}, {"lr": 0.1}, at=12.0), fell()) is None
