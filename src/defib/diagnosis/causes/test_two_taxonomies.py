import pytest

from defib.diagnosis.causes.two_taxonomies import two_taxonomies
from defib.records import Checkup, Point, Symptom
from defib.samples import run_of
from defib.words import same

LOW = Checkup(
    symptoms=(
        Symptom(rule="never_learned", metric="val/top1", severity="watch", onset=Point(epoch=1.0), record=0,
                says=same("x")),
    )
)  # fmt: skip


def opinion(checkup=LOW, classes=60, head=None, train=None, val=None, **tree):
    config = {
        "model": {"cls_head": {"num_classes": classes, **(head or {})}, **tree},
        "train_dataloader": {"dataset": train or {}},
        "val_dataloader": {"dataset": val or {}},
    }
    return two_taxonomies(run_of({"val/top1": [1.0]}, config=config), checkup)


def test_data_with_another_number_of_classes_than_the_head_are_likely():
    found = opinion(val={"num_classes": 120})
    assert (found.standing, found.verdict) == ("likely", "escalate")
    assert "val_dataloader.dataset.num_classes" in found.for_[0].measured.zh


def test_mixing_clips_with_another_number_is_likely():
    mixing = {"blending": {"augments": [{"type": "MixupBlending", "num_classes": 400}]}}
    assert opinion(data_preprocessor=mixing).standing == "likely"


def test_two_lists_in_another_order_or_of_another_length_are_likely():
    drink, eat = {"metainfo": {"classes": ["drink", "eat"]}}, {"metainfo": {"classes": ["eat", "drink"]}}
    assert "drink" in opinion(train=drink, val=eat).for_[0].measured.en
    assert opinion(train=drink, val={"metainfo": {"classes": ["drink"]}}).standing == "likely"


def test_groups_that_are_no_fewer_than_what_they_group_are_likely():
    assert opinion(head={"num_coarse_classes": 60}).standing == "likely"
    assert opinion(head={"num_coarse_classes": 8}) is None


def test_a_data_set_known_by_its_name_is_only_possible():
    found = opinion(classes=12, train={"ann_file": "data/skeleton/ntu60_2d.pkl"})
    assert found.standing == "possible"
    assert found.missing


def test_numbers_that_agree_rule_it_out():
    assert opinion(train={"num_classes": 60}, val={"num_classes": 60}).standing == "ruled-out"


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"train": {"ann_file": "data/skeleton/ntu60_2d.pkl"}},
        {"train": {"metainfo": {"classes": ["eat", "drink"]}}, "val": {"metainfo": {"classes": ["eat", "drink"]}}},
        {"classes": {"$expression": "n", "line": 1}, "val": {"num_classes": 120}},
        {"backbone": {"num_classes": 1000}},
    ],
)
def test_no_opinion_where_nothing_disagrees(fields):
    assert opinion(**fields) is None


def test_no_opinion_where_it_explains_nothing_or_without_a_config():
    assert opinion(Checkup(), val={"num_classes": 120}) is None
    assert two_taxonomies(run_of({"val/top1": [1.0]}), LOW) is None
