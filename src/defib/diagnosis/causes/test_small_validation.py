import pytest

from defib.diagnosis.causes.small_validation import small_validation
from defib.records import Checkup, Fact, Point, Symptom
from defib.samples import run_of
from defib.words import same

RUN = run_of({"val/top1": [1.0]})


def symptom(rule, size=None, values=(), metric="val/top1"):
    facts = tuple(Fact(metric=metric, value=value) for value in values)
    return Symptom(rule=rule, metric=metric, severity="watch", onset=Point(epoch=2.0), record=1, size=size,
                   facts=facts, says=same("x"))  # fmt: skip


SMALL = symptom("validation_too_small", size=5.1)


def opinion(*symptoms):
    return small_validation(RUN, Checkup(symptoms=symptoms))


@pytest.mark.parametrize("rule", ["val_collapse", "oscillation"])
def test_falls_within_chance_are_likely(rule):
    found = opinion(SMALL, symptom(rule, values=(60.0, 42.0)))
    assert (found.standing, found.verdict, found.explains) == ("likely", "leave-running", (rule,))
    assert "18 points" in found.for_[0].measured.en
    assert "5.1" in found.for_[0].measured.zh


@pytest.mark.parametrize("values", [(66.67, 8.33), (60.0, 10.0)])
def test_falls_far_beyond_chance_rule_it_out(values):
    assert opinion(SMALL, symptom("val_collapse", values=values)).standing == "ruled-out"


def test_the_largest_fall_counts():
    small, large = symptom("oscillation", values=(60.0, 50.0)), symptom("val_collapse", values=(60.0, 8.0))
    assert opinion(SMALL, small, large).standing == "ruled-out"


def test_a_branch_that_broke_meanwhile_is_no_luck():
    broke = Symptom(rule="branch_collapse", metric="val/top1", branch="pose", severity="act", fall=True,
                    onset=Point(epoch=2.0), record=1, says=same("x"))  # fmt: skip
    assert opinion(SMALL, symptom("oscillation", values=(60.0, 42.0)), broke).standing == "possible"


def test_no_opinion_in_between():
    assert opinion(SMALL, symptom("val_collapse", values=(60.0, 28.0))) is None


def test_no_opinion_without_a_small_set_or_a_fall_of_that_metric():
    assert opinion(symptom("val_collapse", values=(60.0, 42.0))) is None
    assert opinion(SMALL) is None
    assert opinion(SMALL, symptom("val_collapse", values=(60.0, 42.0), metric="val/map")) is None
    assert opinion(SMALL, symptom("val_collapse", values=())) is None
