import math

from defib.health.rules.plateau import plateau
from defib.samples import healthy, run_of, wobble


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


def unknown(score, loss, length=20):
    curves = {
        "val/top1": [score + 0.8 * wobble(1, epoch) for epoch in range(length)],
        "train/loss": [loss(epoch) for epoch in range(length)],
    }
    return [(one.severity, one.record) for one in plateau(run_of(curves))]


def stands(epoch):
    return 1.61 + 0.1 * wobble(3, epoch)


def test_sixteen_evaluations_without_a_trend_are_a_watch_where_the_loss_stands_too():
    assert unknown(20.0, stands) == [("watch", 31)]


def test_fifteen_evaluations_without_a_trend_are_quiet():
    assert unknown(20.0, stands, length=15) == []


def test_a_loss_that_still_falls_is_quiet():
    assert unknown(20.0, lambda epoch: 1.61 * 0.97**epoch) == []


def test_a_high_score_that_stands_is_quiet():
    assert unknown(70.0, stands) == []


def test_a_low_score_that_grows_is_quiet():
    assert found([0.1, 0.2, 0.3, 0.4, 0.6, 0.8, 1.0, 1.3], classes=None) == ()


def test_a_low_score_that_goes_up_and_down_is_stuck():
    assert [one.severity for one in found([1.5, 0.2, 1.0, 0.1, 0.9, 0.4, 1.2, 0.3], classes=None)] == ["watch"]


def training(top1, loss):
    return [one.severity for one in plateau(run_of({"train/top1": top1, "train/loss": loss}))]


def test_training_alone_that_guesses_for_ten_epochs_is_a_watch():
    loss = [math.log(6) + 0.03 * wobble(2, epoch) for epoch in range(14)]
    assert training([16.0 + 3.0 * wobble(1, epoch) for epoch in range(14)], loss) == ["watch"]


def test_training_alone_that_learns_is_quiet():
    assert training([16.0 + 3.0 * epoch for epoch in range(14)], [1.8 * 0.95**epoch for epoch in range(14)]) == []


def test_training_alone_that_knows_much_and_stands_is_quiet():
    assert training([80.0] * 14, [0.6] * 14) == []


def test_nine_epochs_of_training_alone_are_quiet():
    assert training([16.7] * 9, [math.log(6)] * 9) == []
