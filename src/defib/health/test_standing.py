import math

from defib.health.standing import agrees_with_guessing, losses_stand
from defib.samples import run_of, wobble


def stands(**curves):
    return losses_stand(run_of({key.replace("_", "/"): values for key, values in curves.items()}), 10**6)


def test_a_noisy_loss_without_a_trend_stands():
    assert stands(train_loss=[2.3 + 0.2 * wobble(1, epoch) for epoch in range(40)])


def test_a_loss_that_creeps_down_does_not_stand():
    assert not stands(train_loss=[2.3 - 0.01 * epoch for epoch in range(40)])


def test_a_loss_that_fell_at_once_and_then_levelled_off_has_learned_something():
    assert not stands(train_loss=[2.3, 2.2, 2.0, 1.9, 1.8, *[1.2] * 35])


def test_one_of_two_losses_that_falls_is_enough():
    assert not stands(train_loss=[2.3] * 20, val_loss=[2.3 * 0.97**epoch for epoch in range(20)])


def test_of_a_few_values_or_none_there_is_no_telling():
    assert not stands(train_loss=[2.3] * 9)
    assert not stands(val_top1=[10.0] * 20)


def agrees(share, loss):
    run = run_of({"train/top1": [share] * 12, "train/loss": [loss] * 12})
    return agrees_with_guessing(run.get("train/top1"), run.get("train/loss"), 10**6)


def test_a_tenth_right_at_the_cost_of_ten_classes_is_guessing():
    assert agrees(10.0, math.log(10))


def test_more_hits_than_the_loss_says_is_no_guessing():
    assert not agrees(45.0, 1.6)
    assert not agrees(98.0, 0.02)
    assert not agrees(0.0, 2.3)
