import pytest

from defib.playbook.plays.drop_color_jitter import drop_color_jitter
from defib.records import Reference
from defib.samples import run_of
from defib.words import same

RECIPE = Reference(name="r", says=same("r"), source="made up", batch=1, settings={"color_jitter": None})


def edits(pipeline, reference=RECIPE, *, repeat=False):
    dataset = {"pipeline": pipeline}
    dataset = {"type": "RepeatDataset", "dataset": dataset} if repeat else dataset
    config = {"train_pipeline": pipeline, "train_dataloader": {"dataset": dataset}}
    return drop_color_jitter(run_of({"val/top1": [1.0]}, config=config, reference=reference), None)


@pytest.mark.parametrize("strength", [0.4, 0.2, 0.8])
@pytest.mark.parametrize("repeat", [True, False])
def test_the_transform_goes_wherever_the_training_pipeline_is_written(strength, repeat):
    (edit,) = edits([{"type": "Decode"}, {"type": "ColorJitter", "brightness": strength}], repeat=repeat)
    assert {site.action for site in edit.sites} == {"delete"}
    assert {site.path.rpartition(".")[2] for site in edit.sites} == {"1"}
    assert any(site.path.startswith("train_pipeline") for site in edit.sites)


def test_gives_up_when_there_is_none():
    assert edits([{"type": "Decode"}]) == ()


def test_gives_up_when_the_reference_uses_it_too():
    recipe = Reference(name="r", says=same("r"), source="made up", batch=1, settings={"color_jitter": {"hue": 0.1}})
    assert edits([{"type": "ColorJitter"}], recipe) == ()


def test_gives_up_without_a_reference():
    assert edits([{"type": "ColorJitter"}], None) == ()
