from defib.diagnosis.causes.label_or_data_fault import label_or_data_fault
from defib.records import Checkup, Point, Symptom
from defib.samples import run_of
from defib.words import same

RGB, FUSED = [8.0, 56.0, 66.0], [8.0, 46.0, 57.0]


def run(pose=(5.0, 19.0, 16.0)):
    return run_of({"val/top1/fused": FUSED, "val/top1/rgb": RGB, "val/top1/pose": list(pose)})


def checkup(*rules):
    return Checkup(
        symptoms=tuple(
            Symptom(rule=rule, metric="val/top1", severity="watch", onset=Point(epoch=1.0), record=0, says=same(rule))
            for rule in rules
        )
    )


def test_a_weak_branch_under_a_fusion_that_subtracts_and_a_low_start_are_possible():
    found = label_or_data_fault(run(), checkup("fusion_below_branch", "never_learned"))
    assert found.standing == "possible"
    assert "19.00%" in found.for_[0].measured.en
    assert "shifted by one" in found.missing[0].en
    assert "平移一位" in found.missing[0].zh


def test_it_is_never_likely_from_curves_alone():
    rules = ("fusion_below_branch", "never_learned", "overfitting")
    assert label_or_data_fault(run(), checkup(*rules)).standing == "possible"


def test_no_opinion_on_a_single_clue():
    for rule in ("fusion_below_branch", "never_learned", "overfitting"):
        assert label_or_data_fault(run(), checkup(rule)) is None


def test_a_branch_that_is_only_somewhat_weaker_is_no_clue():
    assert label_or_data_fault(run((6.0, 40.0, 50.0)), checkup("fusion_below_branch", "never_learned")) is None


def test_no_opinion_when_nothing_is_wrong():
    assert label_or_data_fault(run(), Checkup()) is None
