import pytest

from defib.playbook.plays.crop_area_to_reference import crop_area_to_reference
from defib.records import Reference
from defib.samples import run_of
from defib.words import same


def edits(area, theirs=(0.56, 1.0)):
    settings = {} if theirs is None else {"crop_area": list(theirs)}
    recipe = Reference(name="r", says=same("r"), source="made up", batch=1, settings=settings)
    step = {"type": "RandomResizedCrop", "area_range": area}
    config = {"train_pipeline": [step], "train_dataloader": {"dataset": {"pipeline": [{"type": "Decode"}, step]}}}
    return crop_area_to_reference(run_of({"val/top1": [1.0]}, config=config, reference=recipe), None)


@pytest.mark.parametrize("area", [[0.4, 1.0], [0.08, 1.0], [0.5, 0.9]])
def test_a_smaller_crop_goes_back_to_the_references(area):
    (edit,) = edits(area)
    assert (edit.old, edit.new) == (area, [0.56, 1.0])
    assert edit.sites[0].path == "train_dataloader.dataset.pipeline.1.area_range"


def test_another_reference_gives_another_area():
    assert edits([0.1, 1.0], (0.25, 1.0))[0].new == [0.25, 1.0]


@pytest.mark.parametrize("area", [[0.56, 1.0], [0.7, 1.0]])
def test_gives_up_at_the_references_area(area):
    assert edits(area) == ()


def test_gives_up_when_the_reference_names_none():
    assert edits([0.1, 1.0], None) == ()
