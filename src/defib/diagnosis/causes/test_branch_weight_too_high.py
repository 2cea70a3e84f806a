from defib.diagnosis.causes.branch_weight_too_high import branch_weight_too_high
from defib.diagnosis.references.rgbpose_joint import rgbpose_joint
from defib.records import Checkup, Fact, Incident, Point, Symptom
from defib.samples import run_of
from defib.words import same

RGB = [8.0, 56.0, 49.0, 66.0, 41.0]
POSE = [5.0, 20.0, 11.5, 16.0, 13.9]


def run(weights=(1.0, 1.5), reference=rgbpose_joint, rgb=RGB, pose=POSE):
    head = {"loss_components": ["rgb", "pose"], "loss_weights": list(weights)}
    curves = {"val/top1/fused": [8.0, 46.0, 35.0, 57.0, 32.0], "val/top1/rgb": rgb, "val/top1/pose": pose}
    return run_of(curves, config={"model": {"cls_head": head}}, reference=reference)


def fell(branch, epoch):
    return Symptom(rule="branch_collapse", metric="val/top1", branch=branch, severity="act", onset=Point(epoch=epoch),
                   record=1, size=9.0, fall=True, says=same("fell"))  # fmt: skip


def checkup(*symptoms):
    best = Fact(metric="val/top1/fused", value=57.0, at=Point(epoch=4.0))
    return Checkup(
        symptoms=symptoms, incident=Incident(key="val/top1/fused", onset=Point(epoch=5.0), rule="x", best=best)
    )


def test_the_first_fall_speaks_for_it_and_the_larger_fall_of_another_branch_against_it():
    found = branch_weight_too_high(run(), checkup(fell("pose", 3.0), fell("rgb", 5.0)))
    assert found.standing == "possible"
    assert any("first branch to fall" in one.measured.en for one in found.for_)
    assert "RGB lost 38%" in found.against[0].measured.en


def test_nothing_against_it_when_the_weighted_branch_leads():
    found = branch_weight_too_high(run(pose=[5.0, 20.0, 18.0, 20.0, 2.0]), checkup(fell("pose", 5.0)))
    assert found.against == ()


def test_no_opinion_on_weights_at_the_reference():
    assert branch_weight_too_high(run(weights=(1.0, 1.0)), checkup(fell("pose", 3.0))) is None


def test_no_opinion_without_a_reference_or_an_incident():
    assert branch_weight_too_high(run(reference=None), checkup(fell("pose", 3.0))) is None
    assert branch_weight_too_high(run(), Checkup()) is None


def test_what_would_settle_it_is_named():
    assert any("by branch" in words.en for words in branch_weight_too_high(run(), checkup()).missing)
