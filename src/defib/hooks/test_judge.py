"""Falls are seen, noise and slow declines are not."""

import random

import pytest

from defib.hooks.judge import BAD, GOOD, UNSURE, Looks, Losses


def looked(values, *, higher=True):
    looks = Looks(higher=higher)
    return [looks.look(value) for value in values]


RISING = [10, 22, 31, 38, 44, 48, 52, 55, 57]


def test_a_run_that_learns_is_good():
    assert set(looked(RISING)) == {GOOD}


def test_a_fall_to_chance_counts_at_once():
    assert looked([*RISING, 12])[-1] == BAD


def test_a_smaller_fall_counts_when_it_is_seen_twice():
    flat = [57, 58, 57, 58, 57, 58, 57]
    assert looked([*flat, 48])[-1] == UNSURE
    assert looked([*flat, 48, 47])[-2:] == [UNSURE, BAD]


def test_a_dip_that_comes_back_is_nothing():
    assert looked([57, 58, 57, 58, 57, 58, 57, 48, 57, 48, 58])[-4:].count(BAD) == 0


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_number_that_is_none_is_bad(value):
    assert looked([*RISING, value])[-1] == BAD
    assert Losses().loss(value) == BAD


def test_a_loss_that_doubles_is_bad_and_one_that_falls_is_good():
    falling = [2.3, 1.9, 1.6, 1.4, 1.2, 1.1]
    assert set(looked(falling, higher=False)) == {GOOD}
    assert looked([*falling, 2.4], higher=False)[-1] == BAD


@pytest.mark.parametrize("seed", range(20))
def test_noise_alone_never_counts(seed):
    drawn = random.Random(seed)
    values = [min(60, 10 + 2 * at) + drawn.gauss(0, 2.0) for at in range(200)]
    assert BAD not in looked(values)


@pytest.mark.parametrize("seed", range(10))
def test_a_slow_decline_never_counts(seed):
    drawn = random.Random(seed)
    assert BAD not in looked([60 - 0.1 * at + drawn.gauss(0, 1.0) for at in range(200)])
    assert BAD not in looked([1.0 + 0.01 * at + drawn.gauss(0, 0.02) for at in range(200)], higher=False)


def test_what_never_learned_is_told_from_what_did():
    stuck, learning = Looks(higher=True), Looks(higher=True)
    for at in range(8):
        stuck.look(10.0)
        learning.look(10.0 + 2 * at)
    assert not stuck.learned()
    assert learning.learned()


def losses(values):
    seen = Losses()
    return [seen.loss(value) for value in values]


@pytest.mark.parametrize("seed", range(20))
def test_noisy_losses_are_rarely_worth_a_question(seed):
    drawn = random.Random(seed)
    told = losses([1.0 + drawn.gauss(0, 0.2) for _ in range(1000)])
    assert told.count(UNSURE) <= 2


def test_a_rise_is_worth_a_question_within_tens_of_steps():
    drawn = random.Random(0)
    told = losses([1.0 + drawn.gauss(0, 0.1) for _ in range(200)] + [2.3 + drawn.gauss(0, 0.1) for _ in range(20)])
    assert UNSURE not in told[:200]
    assert UNSURE in told[200:210]


def test_a_scaler_that_looks_for_its_scale_is_no_fault():
    seen = Losses()
    assert [seen.norm(float("inf"), scaled=True) for _ in range(15)] == [GOOD] * 15
    assert seen.norm(float("inf"), scaled=True) == BAD
    assert Losses().norm(float("inf"), scaled=False) == BAD
