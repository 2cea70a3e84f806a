"""A branch whose input broke, and falls that have another reason."""

import msgspec
import pytest

from defib.diagnosis.causes.branch_input_broken import branch_input_broken
from defib.records import Checkup, Fact, Incident, Point, Segment, Symptom
from defib.samples import run_of
from defib.words import same

EPOCHS = [1 + at / 10 for at in range(40)]
CALM = [2.0] * 40
BROKE = [2.0] * 20 + [4.1] * 20
ONSET = Point(epoch=3.0)


def symptom(rule="branch_collapse", branch="pose", onset=ONSET):
    return Symptom(rule=rule, metric="val/top1", branch=branch, severity="act", onset=onset, record=8, says=same("x"))


def opinion(pose=BROKE, rgb=CALM, *symptoms, segments=()):
    run = run_of({"train/loss/pose": pose, "train/loss/rgb": rgb}, epochs=EPOCHS)
    run = msgspec.structs.replace(run, segments=segments)
    incident = Incident(key="val/top1", onset=ONSET, rule="branch_collapse", best=Fact(metric="val/top1", value=50.0))
    return branch_input_broken(run, Checkup(symptoms=symptoms or (symptom(),), incident=incident))


def test_a_loss_that_rises_alone_is_likely_and_asks_for_a_look():
    found = opinion()
    assert (found.standing, found.explains) == ("likely", ("branch_collapse",))
    assert "from 2 to 4.1 at epoch 3" in found.for_[0].measured.en
    assert found.says.zh == "pose 分支的输入出了问题"
    assert "pose" in found.missing[0].en


def test_a_start_at_the_onset_is_another_sign():
    first, second = (Segment(start=Point(epoch=epoch), record=0, file="a") for epoch in (1.0, 3.0))
    assert len(opinion(segments=(first, second)).for_) == 2
    assert len(opinion(segments=(first,)).for_) == 1


def test_branches_that_break_together_rule_it_out():
    assert opinion(BROKE, BROKE).standing == "ruled-out"


def test_a_loss_that_goes_on_rules_it_out():
    assert opinion(CALM, CALM).standing == "ruled-out"


def test_a_jump_of_the_rate_explains_it_as_well():
    assert opinion(BROKE, CALM, symptom(), symptom("lr_jump", None)).standing == "possible"


@pytest.mark.parametrize("onset", [Point(step=9), Point(epoch=1.0), Point(epoch=4.9)])
def test_no_opinion_where_too_little_stands_on_one_side(onset):
    assert opinion(BROKE, CALM, symptom(onset=onset)) is None


def test_no_opinion_on_other_symptoms_or_a_small_rise():
    assert opinion(BROKE, CALM, symptom("fusion_below_branch")) is None
    assert opinion(BROKE, CALM, symptom(branch=None)) is None
    assert opinion([2.0] * 20 + [2.6] * 20, CALM) is None
