import pytest

from defib.diagnosis.climb import climb
from defib.records import Fact, Incident, Point
from defib.samples import run_of


def climbed(rates, scores=(20.0, 40.0, 60.0, 8.0), best=3.0, onset=4.0):
    run = run_of({"val/top1": list(scores)} | ({"train/lr": list(rates)} if rates else {}))
    fact = Fact(metric="val/top1", value=60.0, at=None if best is None else Point(epoch=best))
    return climb(run, Incident(key="val/top1", onset=Point(epoch=onset), rule="x", best=fact))


def test_a_rate_that_climbs_beyond_all_that_was_learned_with_is_found_with_both_values():
    found = climbed([0.01, 0.02, 0.02, 0.3])
    assert (found.before.value, found.now.value, found.factor) == (0.02, 0.3, 15.0)


def test_the_highest_value_on_the_way_counts_and_not_the_last():
    assert climbed([0.01, 0.2, 0.02, 0.3]) is None
    assert climbed([0.01, 0.02, 0.02, 0.9, 0.01], scores=(20, 40, 60, 30, 8), onset=5.0).factor == pytest.approx(45)


@pytest.mark.parametrize(
    "rates",
    [
        [0.02, 0.02, 0.02, 0.02],  # constant
        [0.002, 0.01, 0.02, 0.05],  # a warm-up that goes on, not to three times
        [0.02, 0.02, 0.02, 0.002],  # a step down
        [0.02, 0.02, 0.02, float("nan")],
        [0.0, 0.0, 0.0, 0.1],  # nothing to compare with
        None,
    ],
)
def test_it_stays_quiet_on(rates):
    assert climbed(rates) is None


def test_a_dip_by_chance_just_before_the_fall_does_not_hide_the_climb():
    found = climbed([0.01, 0.02, 0.02, 0.02, 0.4, 0.8], scores=(20, 40, 60, 41, 8, 8))
    assert found.now.value == 0.4


def test_what_climbs_long_after_the_fall_is_not_its_cause():
    assert climbed([0.01, 0.02, 0.02, 0.02, 0.02, 0.8], scores=(20, 40, 60, 8, 8, 8)) is None


def test_without_the_moment_of_the_best_nothing_is_said():
    assert climbed([0.01, 0.02, 0.02, 0.3], best=None) is None
