import pytest

from defib.diagnosis.causes.not_shuffled import not_shuffled
from defib.records import Checkup, Point, Symptom
from defib.samples import run_of
from defib.words import same


def sick(rule):
    symptom = Symptom(rule=rule, metric="val/top1", severity="watch", onset=Point(epoch=1.0), record=0, says=same("x"))
    return Checkup(symptoms=(symptom,))


def opinion(config, checkup):
    return not_shuffled(run_of({"val/top1": [1.0]}, config=config), checkup)


@pytest.mark.parametrize(
    "config",
    [
        {"train_dataloader": {"sampler": {"type": "DefaultSampler", "shuffle": False}}},
        {"train_dataloader": {"shuffle": False}},
        {"data": {"train_dataloader": {"shuffle": False}}},
    ],
)
def test_a_switch_that_is_off_is_possible_and_asks_for_the_order(config):
    found = opinion(config, sick("oscillation"))
    assert (found.standing, found.explains) == ("possible", ("oscillation",))
    assert found.missing


def test_a_switch_that_is_on_rules_it_out_where_it_could_explain_something():
    config = {"train_dataloader": {"sampler": {"type": "DefaultSampler", "shuffle": True}}}
    assert opinion(config, sick("oscillation")).standing == "ruled-out"
    assert opinion(config, sick("val_collapse")) is None


def test_the_order_of_validation_does_not_matter():
    assert opinion({"val_dataloader": {"sampler": {"shuffle": False}}}, sick("oscillation")) is None


def test_no_opinion_where_the_config_does_not_say():
    assert opinion({"train_dataloader": {"sampler": {"type": "DefaultSampler"}}}, sick("oscillation")) is None
    unknown = {"$expression": "not debug", "line": 3}
    assert opinion({"train_dataloader": {"sampler": {"shuffle": unknown}}}, sick("oscillation")) is None
