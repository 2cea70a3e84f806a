import pytest

from defib.diagnosis.causes.repeated_data import repeated_data
from defib.records import Checkup, Point, Symptom
from defib.samples import run_of
from defib.words import same

DATA = {"type": "PoseDataset", "ann_file": "train.pkl"}
LEARNT_BY_HEART = Checkup(
    symptoms=(
        Symptom(rule="overfitting", metric="val/top1", severity="watch", onset=Point(epoch=5.0), record=0,
                says=same("x")),
    )
)  # fmt: skip


def opinion(data, checkup=LEARNT_BY_HEART, loader="train_dataloader"):
    return repeated_data(run_of({"val/top1": [1.0]}, config={loader: {"dataset": data}}), checkup)


def test_repeated_data_are_possible_and_the_passes_are_counted():
    found = opinion({"type": "RepeatDataset", "times": 10, "dataset": DATA})
    assert found.standing == "possible"
    assert "50 times" in found.for_[0].measured.en
    assert "50" in found.for_[0].measured.zh
    assert found.missing


def test_repetitions_in_each_other_multiply():
    inner = {"type": "RepeatDataset", "times": 3, "dataset": DATA}
    found = opinion({"type": "RepeatDataset", "times": 10, "dataset": inner})
    assert "30 times an epoch" in found.for_[0].measured.en


def test_the_same_data_listed_twice_are_possible():
    found = opinion({"type": "ConcatDataset", "datasets": [DATA, dict(DATA)]})
    assert found.standing == "possible"
    assert "datasets.1" in found.for_[0].measured.en


@pytest.mark.parametrize(
    "data",
    [
        DATA,
        {"type": "RepeatDataset", "times": 1, "dataset": DATA | {"type": "VideoDataset"}} | {"type": "Wrapped"},
        {"type": "ConcatDataset", "datasets": [DATA, DATA | {"ann_file": "more.pkl"}]},
    ],
)
def test_data_that_are_listed_once_rule_it_out(data):
    assert opinion(data).standing == "ruled-out"


def test_no_opinion_where_it_explains_nothing():
    assert opinion({"type": "RepeatDataset", "times": 10, "dataset": DATA}, checkup=Checkup()) is None
    assert opinion({"type": "RepeatDataset", "times": 10, "dataset": DATA}, loader="val_dataloader") is None


def test_no_opinion_when_the_number_could_not_be_read():
    unknown = {"$expression": "n", "line": 1}
    assert opinion({"type": "RepeatDataset", "times": unknown, "dataset": DATA}) is None
