import pytest

from defib.diagnosis.causes.augmentation_too_strong import augmentation_too_strong
from defib.diagnosis.references.rgbpose_joint import rgbpose_joint
from defib.records import Checkup
from defib.samples import run_of

JITTER = {"type": "ColorJitter", "brightness": 0.4}


def run(*steps, reference=rgbpose_joint, **curves):
    pipeline = [{"type": "MMDecode"}, *steps]
    config = {"train_dataloader": {"dataset": {"pipeline": pipeline}}}
    return run_of({"val/top1": [10.0]} | curves, config=config, reference=reference)


def crop(low):
    return {"type": "RandomResizedCrop", "area_range": [low, 1.0]}


@pytest.mark.parametrize("low", [0.08, 0.25, 0.4])
def test_a_smaller_crop_than_the_references_is_possible(low):
    assert augmentation_too_strong(run(crop(low)), Checkup()).standing == "possible"


def test_colour_jitter_counts_too():
    assert len(augmentation_too_strong(run(crop(0.4), JITTER), Checkup()).for_) == 2


def test_clips_that_can_be_learned_all_the_same_speak_against_it():
    assert augmentation_too_strong(run(crop(0.4), **{"train/top1": [95.0]}), Checkup()).against


@pytest.mark.parametrize("low", [0.56, 0.7, 1.0])
def test_no_opinion_on_crops_like_the_references(low):
    assert augmentation_too_strong(run(crop(low)), Checkup()) is None


def test_no_opinion_without_a_reference():
    assert augmentation_too_strong(run(crop(0.1), JITTER, reference=None), Checkup()) is None


def test_the_training_accuracy_is_missed():
    assert augmentation_too_strong(run(crop(0.4)), Checkup()).missing
