import math

import msgspec
import pytest

from defib.diagnosis.causes.bad_batch import bad_batch
from defib.records import Checkup, Point, Symptom
from defib.samples import run_of, wobble
from defib.words import same

PER = 50  # logged steps of an epoch; every one is logged here
NAN = math.nan


def run(outliers, *, epochs=5, per=PER, config=None, key="train/loss"):
    """A calm curve with the given {(epoch from 1, iteration from 1): value}."""
    values = [1.0 + 0.05 * wobble(3, step) for step in range(epochs * per)]
    for (epoch, iteration), value in outliers.items():
        values[(epoch - 1) * per + iteration - 1] = value
    made = run_of({key: values}, config=config)
    steps = [float(step + 1) for step in range(epochs * per)]
    series = msgspec.structs.replace(
        made.series[0],
        step=made.series[0].step * 0 + steps,
        epoch=made.series[0].epoch * 0 + [float(step // per + 1) for step in range(epochs * per)],
    )
    return msgspec.structs.replace(made, series=(series,))


def sick(rule="non_finite"):
    return Checkup(
        symptoms=(
            Symptom(rule=rule, metric="train/loss", severity="act", onset=Point(epoch=2.0), record=9, says=same("x")),
        )
    )


IN_ORDER = {"train_dataloader": {"sampler": {"type": "DefaultSampler", "shuffle": False}}}
SHUFFLED = {"train_dataloader": {"sampler": {"type": "DefaultSampler", "shuffle": True}}}
SAME_PLACE = {(2, 17): 9.0, (3, 17): 8.0, (4, 17): 9.5, (5, 17): 9.0}
ELSEWHERE = {(1, 40): 9.0, (2, 17): 9.0, (3, 31): 8.0, (4, 9): 9.5, (5, 22): 9.0}


def test_outliers_at_one_place_of_several_epochs_are_likely():
    found = bad_batch(run(SAME_PLACE), sick("loss_divergence"))
    assert found.standing == "likely"
    assert "at iteration 17 of 50 in epochs 2, 3, 4, 5 (4 of 4 outliers)" in found.for_[0].measured.en
    assert [fact.at.step for fact in found.for_[0].facts] == [67, 117, 167, 217]
    assert "names of the samples" in found.missing[0].en


def test_values_that_are_not_finite_always_at_the_same_iteration_are_likely():
    assert bad_batch(run({(epoch, 30): NAN for epoch in (2, 3, 4)}), sick()).standing == "likely"


def test_gradients_count_too_when_the_loss_tells_how_long_an_epoch_is():
    norms = run(SAME_PLACE, key="train/grad_norm").series
    both = msgspec.structs.replace(run({}), series=(*run({}).series, *norms))
    assert bad_batch(both, sick("gradient_not_finite")).standing == "likely"


def test_a_last_batch_that_is_smaller_is_only_possible():
    found = bad_batch(run({(epoch, PER): 9.0 for epoch in (1, 2, 3, 4)}), sick("oscillation"))
    assert found.standing == "possible"
    assert "smaller than the others" in found.for_[0].means.en


def test_places_all_over_the_epoch_rule_it_out_when_the_order_is_fixed():
    assert bad_batch(run(ELSEWHERE, config=IN_ORDER), sick()).standing == "ruled-out"


@pytest.mark.parametrize("config", [SHUFFLED, None])
def test_places_all_over_the_epoch_say_nothing_when_the_order_may_change(config):
    assert bad_batch(run(ELSEWHERE, config=config), sick()) is None


@pytest.mark.parametrize(
    "outliers",
    [
        {},
        {(3, 17): 9.0},
        {(3, 17): 9.0, (4, 17): 9.0},  # one in fifty: chance may do that
        SAME_PLACE | {(1, 3): 9.0, (2, 40): 9.0, (4, 28): 9.0},  # most of them, but not nearly all
        {(2, at): 9.0 for at in range(10, 30)},  # a rise, no outliers
        {(epoch, 17): 2.0 for epoch in (2, 3, 4)},  # not far enough above the others
    ],
)
def test_no_opinion_on_what_chance_may_do(outliers):
    assert bad_batch(run(outliers), sick()) is None


def test_few_places_in_an_epoch_need_more_epochs():
    assert bad_batch(run({(epoch, 3): 9.0 for epoch in (2, 4)}, per=8), sick()) is None


def test_no_opinion_without_a_symptom_or_without_the_length_of_an_epoch():
    assert bad_batch(run(SAME_PLACE), Checkup()) is None
    assert bad_batch(run(SAME_PLACE), sick("plateau")) is None
    short = run({(1, 17): 9.0, (2, 17): 9.0}, epochs=2)
    assert bad_batch(short, sick()) is None
