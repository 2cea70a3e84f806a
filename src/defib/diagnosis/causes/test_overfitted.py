from defib.diagnosis.causes.overfitted import overfitted
from defib.records import Checkup, Fact, HistoryRow, Incident, Point, Symptom
from defib.samples import run_of
from defib.words import same

RUN = run_of({"val/top1": [50.0, 57.0, 30.0]})


def checkup(severity="watch", change=-2.0):
    symptom = Symptom(rule="overfitting", metric="val/top1", severity=severity, onset=Point(epoch=3.0), record=2,
                      says=same("a gap"))  # fmt: skip
    best = Fact(metric="val/top1", value=57.0, at=Point(epoch=2.0))
    row = HistoryRow(epoch=3.0, values={}, mark="down", change=change, says=same("down"))
    incident = Incident(key="val/top1", onset=Point(epoch=3.0), rule="x", best=best)
    return Checkup(symptoms=(symptom,), history=(row,), incident=incident)


def test_a_gap_over_whole_epochs_and_a_slow_decline_are_likely():
    assert overfitted(RUN, checkup()).standing == "likely"


def test_one_weak_fact_is_only_possible_and_says_what_is_missing():
    found = overfitted(RUN, checkup("note"))
    assert found.standing == "possible"
    assert [one.strength for one in found.for_] == ["weak"]
    assert found.missing


def test_a_sudden_fall_speaks_against_it():
    assert "24.8" in overfitted(RUN, checkup(change=-24.81)).against[0].measured.en


def test_no_opinion_without_the_symptom():
    assert overfitted(RUN, Checkup()) is None
