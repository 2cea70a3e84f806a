from defib.health.rules.plateau import plateau
from defib.samples import healthy, run_of


def found(values, classes=10):
    return plateau(run_of({"val/top1": values}, classes=classes))


def test_eight_evaluations_at_guessing_are_a_watch():
    (symptom,) = found([10.0, 10.3, 9.8, 10.0, 10.1, 9.9, 10.0, 10.2, 10.0])
    assert (symptom.severity, symptom.onset.epoch, symptom.record) == ("watch", 1.0, 7)
    assert "10.30%" in symptom.says.zh


def test_a_late_start_clears_it():
    (symptom,) = found([10.0] * 9 + [30.0, 50.0])
    assert symptom.cleared.epoch == 10.0


def test_a_slow_start_of_seven_evaluations_is_quiet():
    assert found([10.0] * 7) == ()


def test_a_metric_that_rose_and_levelled_off_is_quiet():
    assert found([20.0, 40.0, *[60.0] * 20]) == ()


def test_a_hard_problem_that_is_slowly_learned_is_quiet():
    assert found([1.0, 3.0, 6.0, 9.0, 12.0, 14.0, 15.0, 16.0], classes=100) == ()


def test_a_healthy_run_is_quiet():
    assert plateau(healthy()) == ()


def test_eight_equal_values_are_stuck_whatever_guessing_scores():
    assert [one.severity for one in found([72.414] * 9, classes=None)] == ["watch"]
    assert found([100.0] * 9, classes=None) == ()


def test_a_flat_and_low_metric_is_stuck_without_a_known_number_of_classes():
    assert [one.severity for one in found([0.2, 0.0, 0.1, 0.0, 0.3, 0.1, 0.0, 0.1], classes=None)] == ["watch"]
    assert found([40.0, 40.3, 40.1, 40.2, 40.3, 40.1, 40.2, 40.0], classes=None) == ()


def test_a_training_accuracy_that_rises_meanwhile_is_another_story():
    curves = {"val/top1": [10.0] * 9, "train/top1": [10.0 + 9.0 * epoch for epoch in range(9)]}
    assert plateau(run_of(curves, classes=10)) == ()


def test_cannot_look_at_a_loss():
    assert "loss" in plateau.unseen(run_of({"val/loss": [2.0, 1.0]})).en
