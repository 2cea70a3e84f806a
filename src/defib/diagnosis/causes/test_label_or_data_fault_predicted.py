"""What predictions add to the suspicion; without them see test_label_or_data_fault.py."""

from defib.diagnosis import diagnose, headline, verdict
from defib.diagnosis.causes.label_or_data_fault import label_or_data_fault
from defib.predictions import summarise
from defib.predictions.test_made_up_tables import answers_of, labels_of, table
from defib.records import Checkup, Incident, Point, Symptom
from defib.samples import run_of
from defib.words import same

LABELS = labels_of(1200, 12)
GOOD = answers_of(LABELS, 12, 0.6)
CURVES = {"val/top1/fused": [8.0, 46.0, 57.0], "val/top1/rgb": [8.0, 56.0, 66.0], "val/top1/pose": [5.0, 19.0, 16.0]}


def run(**answers):
    return run_of(CURVES, predictions=summarise(table(LABELS, 12, **answers)))


def symptom(rule, *, fall=False):
    return Symptom(rule=rule, metric="val/top1/fused", severity="act" if fall else "watch", onset=Point(epoch=2.0),
                   record=1, says=same(rule), fall=fall)  # fmt: skip


def fallen(one):
    best = one.fact(one.get("val/top1/fused"), 1)
    incident = Incident(key="val/top1/fused", onset=Point(epoch=2.0), rule="val_collapse", best=best)
    return Checkup(symptoms=(symptom("val_collapse", fall=True),), incident=incident, checked=("val_collapse",))


SUSPECTED = Checkup(symptoms=(symptom("fusion_below_branch"), symptom("never_learned")))


def test_a_shift_is_likely_and_asks_for_a_person_whether_or_not_the_curves_suspect_it():
    for checkup in (SUSPECTED, Checkup()):
        found = label_or_data_fault(run(pose=(GOOD + 1) % 12, rgb=GOOD), checkup)
        assert (found.standing, found.verdict) == ("likely", "escalate")
        assert "shifted by one" in found.says.en


def test_a_fault_that_is_found_escalates_a_run_that_fell_and_no_restart_is_promised():
    one = run(pose=(GOOD + 1) % 12, rgb=GOOD)
    checkup = fallen(one)
    causes = diagnose(one, checkup)
    assert causes[0].cause == "label_or_data_fault"
    assert verdict(one, checkup, causes) == "escalate"
    words = headline(one, checkup, causes, "escalate")
    assert words.en.startswith("A person must act: the labels are shifted by one")
    assert "branch Pose: accuracy" in words.en
    assert "none is planned" in words.en
    assert words.zh.startswith("需要人工处理：标签与模型学到的标签错开了一位")
    assert "不制定重启方案" in words.zh


def test_a_fault_that_is_found_escalates_a_run_without_a_symptom():
    one = run_of({"val/top1": [50.0, 60.0]}, predictions=summarise(table(LABELS, 12, fused=(GOOD + 1) % 12)))
    checkup = Checkup(checked=("val_collapse",))
    assert verdict(one, checkup, diagnose(one, checkup)) == "escalate"


def test_honest_predictions_leave_the_verdict_as_it_is():
    one = run(pose=answers_of(LABELS, 12, 0.2), rgb=GOOD)
    checkup = fallen(one)
    causes = diagnose(one, checkup)
    assert verdict(one, checkup, causes) == "rescue"
    (fault,) = (cause for cause in causes if cause.cause == "label_or_data_fault")
    assert fault.standing == "ruled-out"
    assert "shifted, or in another order" in fault.says.en


def test_honest_predictions_stand_beside_what_the_curves_suspect():
    found = label_or_data_fault(run(pose=answers_of(LABELS, 12, 0.2), rgb=GOOD), SUSPECTED)
    assert found.standing == "possible"
    assert "may be wrong" in found.says.en
    assert not any("--predictions" in one.en for one in found.missing)


def test_predictions_that_say_nothing_leave_the_suspicion_and_ask_for_better_ones():
    found = label_or_data_fault(run(pose=labels_of(1200, 12, 5), rgb=labels_of(1200, 12, 6)), SUSPECTED)
    assert found.standing == "possible"
    assert "better checkpoint" in found.missing[0].en
    assert label_or_data_fault(run(rgb=labels_of(1200, 12, 5)), Checkup()) is None


def test_a_weak_sign_in_predictions_is_possible_and_never_escalates():
    one = run(rgb=(answers_of(LABELS, 12, 0.2, 3) + 1) % 12)
    for checkup in (fallen(one), Checkup(checked=("val_collapse",))):
        causes = diagnose(one, checkup)
        assert next(cause.standing for cause in causes if cause.cause == "label_or_data_fault") == "possible"
        assert verdict(one, checkup, causes) in ("rescue", "healthy")
