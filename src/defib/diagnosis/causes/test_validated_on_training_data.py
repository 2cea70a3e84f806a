import pytest

from defib.diagnosis.causes.validated_on_training_data import validated_on_training_data
from defib.records import Checkup
from defib.samples import run_of

DATA = {"type": "PoseDataset", "ann_file": "ntu60.pkl", "split": "xsub_train", "data_prefix": {"video": "videos"}}


def opinion(train, val):
    config = {"train_dataloader": {"dataset": train}, "val_dataloader": {"dataset": val}}
    return validated_on_training_data(run_of({"val/top1": [1.0]}, config=config), Checkup())


def test_the_same_part_of_the_same_file_is_likely():
    found = opinion(DATA | {"pipeline": [{"type": "Flip"}]}, DATA | {"test_mode": True, "pipeline": []})
    assert (found.standing, found.verdict) == ("likely", "escalate")
    assert "xsub_train" in found.for_[0].measured.zh


def test_it_is_seen_through_a_repetition():
    assert opinion({"type": "RepeatDataset", "times": 10, "dataset": DATA}, DATA).standing == "likely"


def test_a_difference_that_is_not_understood_leaves_it_possible():
    found = opinion(DATA, DATA | {"fold": 3})
    assert found.standing == "possible"
    assert "fold" in found.missing[0].en


@pytest.mark.parametrize(
    "other",
    [
        {"split": "xsub_val"},
        {"ann_file": "val.pkl"},
        {"data_prefix": {"video": "others"}},
        {"indices": 100},
    ],
)
def test_another_part_or_file_is_no_suspicion(other):
    assert opinion(DATA, DATA | other) is None


def test_a_data_set_without_an_annotation_file_says_nothing():
    assert opinion({"type": "CIFAR10", "data_prefix": "data"}, {"type": "CIFAR10", "data_prefix": "data"}) is None
    unknown = {"$expression": "ann", "line": 2}
    assert opinion(DATA | {"ann_file": unknown}, DATA | {"ann_file": unknown}) is None


def test_no_opinion_without_a_config():
    assert validated_on_training_data(run_of({"val/top1": [1.0]}), Checkup()) is None
