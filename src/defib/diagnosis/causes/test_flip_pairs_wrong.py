import pytest

from defib.diagnosis.causes.flip_pairs_wrong import flip_pairs_wrong
from defib.records import Checkup, Point, Symptom
from defib.samples import run_of
from defib.words import same

COCO = {"left_kp": [1, 3, 5, 7, 9, 11, 13, 15], "right_kp": [2, 4, 6, 8, 10, 12, 14, 16]}
NTU = {"left_kp": [4, 5, 6, 7, 12, 13, 14, 15, 21, 22], "right_kp": [8, 9, 10, 11, 16, 17, 18, 19, 23, 24]}
BODY = {
    "left_kp": [5, 6, 7, 12, 13, 14, 16, 18, 19, 20, 21],
    "right_kp": [2, 3, 4, 9, 10, 11, 15, 17, 22, 23, 24],
}
FLIP = {"type": "Flip", "flip_ratio": 0.5}
WEAK = Checkup(
    symptoms=(
        Symptom(rule="fusion_below_branch", metric="val/top1", severity="watch", onset=Point(epoch=1.0), record=0,
                says=same("x")),
    )
)  # fmt: skip


def opinion(*steps, joints=17, checkup=WEAK, classes=None):
    config = {
        "model": {"backbone": {"pose_pathway": {"in_channels": joints}}},
        "train_dataloader": {"dataset": {"pipeline": list(steps)}},
    }
    if classes:
        config["classes"] = classes
    return flip_pairs_wrong(run_of({"val/top1": [1.0]}, config=config), checkup)


@pytest.mark.parametrize(
    ("pairs", "joints"),
    [
        (NTU, 17),
        ({"left_kp": [1, 3, 5], "right_kp": [2, 4]}, 17),
        ({"left_kp": [1, 3, 5], "right_kp": [2, 4, 5]}, 17),
        ({"left_kp": [1, 3, 30], "right_kp": [2, 4, 31]}, 17),
    ],
)
def test_pairs_that_cannot_be_right_are_likely(pairs, joints):
    found = opinion(FLIP | pairs, joints=joints)
    assert (found.standing, found.verdict) == ("likely", "escalate")
    assert "train_dataloader.dataset.pipeline.0" in found.for_[0].measured.zh


@pytest.mark.parametrize("joints", [18, 25, 28, 133])
def test_the_pairs_of_a_smaller_skeleton_may_be_part_of_a_larger_one(joints):
    found = opinion(FLIP | COCO, joints=joints)
    assert found.standing == "possible"
    assert found.missing


def test_unknown_pairs_are_only_possible():
    found = opinion(FLIP | {"left_kp": [1, 3], "right_kp": [2, 4]})
    assert found.standing == "possible"
    assert found.missing


def test_a_flip_of_joints_without_pairs_is_only_possible():
    assert opinion(FLIP, {"type": "GeneratePoseTarget"}).standing == "possible"


def test_classes_that_mirror_each_other_need_a_map_of_labels():
    names = ["pushing left to right", "pushing right to left", "drinking"]
    assert opinion(FLIP, classes=names).standing == "likely"
    assert opinion(FLIP | {"flip_label_map": {0: 1, 1: 0}}, classes=names) is None
    assert opinion(FLIP, classes=["turning left", "drinking"]) is None


def named(file, **flip):
    data = {"ann_file": file, "pipeline": [FLIP | flip]}
    return flip_pairs_wrong(run_of({"val/top1": [1.0]}, config={"train_dataloader": {"dataset": data}}), WEAK)


def test_a_data_set_known_for_mirrored_classes_is_possible_without_a_map():
    assert named("data/sthv2/sthv2_train_list.txt").standing == "possible"
    assert named("data/sthv2/sthv2_train_list.txt", flip_label_map={86: 87, 87: 86}) is None
    assert named("data/kinetics400/train.txt") is None


@pytest.mark.parametrize(
    ("pairs", "joints"),
    [(COCO, 17), (NTU, 25), (BODY, 25), ({"left_kp": [4, 5, 6, 11, 12, 13], "right_kp": [1, 2, 3, 14, 15, 16]}, 17)],
)
def test_the_pairs_of_the_skeleton_rule_it_out(pairs, joints):
    assert opinion(FLIP | pairs, joints=joints).standing == "ruled-out"
    assert opinion(FLIP | pairs, joints=joints, checkup=Checkup()) is None
    swapped = {"left_kp": pairs["right_kp"], "right_kp": pairs["left_kp"]}
    assert opinion(FLIP | swapped, joints=joints).standing == "ruled-out"


def test_no_opinion_on_a_flip_that_never_happens_or_shows_no_joints():
    assert opinion({"type": "Flip", "flip_ratio": 0} | NTU) is None
    assert opinion(FLIP | {"direction": "vertical"} | NTU) is None
    assert opinion(FLIP) is None
    assert opinion() is None


def test_no_opinion_when_the_number_of_joints_is_unknown():
    assert opinion(FLIP | NTU, joints=3) is None
    assert opinion(FLIP | {"left_kp": {"$expression": "left_kp"}, "right_kp": [2]}, joints=17) is None


def test_no_opinion_without_a_config():
    assert flip_pairs_wrong(run_of({"val/top1": [1.0]}), WEAK) is None
