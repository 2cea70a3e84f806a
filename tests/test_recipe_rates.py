"""The rates of recipes are those that the trainer takes."""

import pytest

from defib.diagnosis.rates import schedule, warms_up
from defib.diagnosis.recipe_rates import of_recipe
from defib.samples import run_of

SCHEDULES = [
    {},
    {"type": "cosine", "end": 0.1, "warmup_epochs": 2},
    {"type": "steps", "milestones": [3, 5], "factor": 25.0},
    {"type": "constant", "warmup_epochs": 1.5, "warmup_start": 0.2},
    {"warmup_epochs": 3, "ramp": 400.0},
]


@pytest.mark.parametrize("given", SCHEDULES)
def test_they_agree_with_the_trainer(given):
    pytest.importorskip("torch")
    from defib.action.training.recipe import ScheduleConfig
    from defib.action.training.schedule import share

    tree = {"schedule": given, "train": {"max_epochs": 8}}
    rate = of_recipe(tree, 0.02, 7.0)
    for step in range(56):
        assert rate(step, float("nan")) == pytest.approx(0.02 * share(ScheduleConfig(**given), step, 7, 8))


@pytest.mark.parametrize(
    "given",
    [{"type": "mine"}, {"milestones": "late", "type": "steps"}, {"ramp": "steep"}, {"warmup_epochs": "some"}],
)
def test_what_is_not_understood_is_not_guessed(given):
    assert of_recipe({"schedule": given, "train": {"max_epochs": 8}}, 0.02, 7.0) is None
    assert of_recipe({"schedule": {}, "train": {"max_epochs": 8}}, 0.02, None) is None


def test_a_recipe_is_found_in_a_run():
    tree = {"optim": {"lr": 0.02, "type": "sgd"}, "train": {"max_epochs": 8, "batch": 4}, "data": {"kind": "micro"}}
    run = run_of({"val/top1": [1.0]}, config={**tree, "schedule": {"warmup_epochs": 2}}, dialect="yaml")
    assert schedule(run, 10.0).at(21, 2) == pytest.approx(0.02)
    assert warms_up(run.config.tree)


def test_what_another_program_does_by_default_is_not_taken_for_constant():
    tree = {"model": {"class_path": "Net"}, "trainer": {"max_epochs": 8}, "optimizer": {"init_args": {"lr": 0.1}}}
    assert schedule(run_of({"val/top1": [1.0]}, config=tree, dialect="yaml"), 10.0) is None
