import math

from defib.health.rules.loss_at_chance import loss_at_chance
from defib.samples import healthy, run_of, wobble

GUESS = math.log(60)
STANDS = [GUESS + 0.05 * wobble(1, step) for step in range(60)]


def found(losses, classes=60, key="train/loss", **others):
    run = run_of({key: losses, **others}, classes=classes)
    return [(one.severity, one.branch, one.onset.epoch, one.record) for one in loss_at_chance(run)]


def test_fires_on_a_loss_that_never_leaves_the_level_of_guessing():
    assert found(STANDS) == [("watch", None, 1.0, 19)]


def test_names_the_branch_that_learned_nothing():
    curves = {"train/loss": [5.0 - 0.02 * step for step in range(60)], "train/loss/rgb": [1.0] * 60}
    run = run_of({**curves, "train/loss/pose": STANDS}, classes=60)
    assert [one.branch for one in loss_at_chance(run)] == ["pose"]
    assert "Pose" in loss_at_chance(run)[0].says.zh


def test_a_loss_that_starts_above_and_comes_down_to_guessing_is_stuck_too():
    assert [one[0] for one in found([6.0] * 10 + STANDS)] == ["watch"]


def test_a_late_start_clears_it():
    run = run_of({"train/loss": STANDS + [2.0] * 20}, classes=60)
    assert [one.cleared.epoch for one in loss_at_chance(run)] == [70.0]


def test_stays_quiet_on_a_loss_that_starts_there_and_falls():
    assert found([GUESS * 0.99**step for step in range(60)]) == []


def test_stays_quiet_on_a_loss_that_was_learned_and_lost():
    assert found([1.0] * 20 + STANDS) == []


def test_stays_quiet_on_the_first_epochs():
    run = run_of({"train/loss": STANDS}, epochs=[1.0 + step / 20 for step in range(60)], classes=60)
    assert loss_at_chance(run) == ()


def test_stays_quiet_on_a_sum_that_happens_to_lie_there():
    assert found(STANDS, **{"train/loss/rgb": [2.1] * 60, "train/loss/pose": [2.0] * 60}) == []
    assert found(STANDS, **{"train/loss_part/a": [2.1] * 60, "train/loss_part/b": [2.0] * 60}) == []


def test_stays_quiet_on_a_loss_of_another_kind():
    assert found([0.3] * 60) == []
    assert found([25.0] * 60) == []


def test_stays_quiet_on_a_healthy_run():
    assert loss_at_chance(healthy(60)) == ()


def test_cannot_look_without_the_number_of_classes():
    assert "classes" in loss_at_chance.unseen(run_of({"train/loss": STANDS})).en
    assert loss_at_chance.unseen(run_of({"train/loss": STANDS}, classes=1)) is not None
