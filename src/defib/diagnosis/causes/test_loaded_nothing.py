from defib.diagnosis.causes.loaded_nothing import loaded_nothing
from defib.records import Checkup, Event, Place, Point, Symptom
from defib.samples import run_of
from defib.words import same

SICK = Checkup(
    symptoms=(
        Symptom(rule="plateau", metric="val/top1", severity="watch", onset=Point(epoch=1.0), record=0, says=same("x")),
    )
)
UNFIT = Event(
    kind="not-matched", text="missing keys in source state_dict: conv1.weight", place=Place(file="a.log", line=7)
)
LOADED = Event(kind="loaded", text="Load checkpoint from merged.pth")


def found(*events, checkup=SICK):
    return loaded_nothing(run_of({"val/top1": [1.0]}, events=events), checkup)


def test_a_complaint_about_keys_is_likely_and_names_its_line():
    cause = found(LOADED, UNFIT)
    assert cause.standing == "likely"
    assert cause.for_[0].facts[0].place.line == 7


def test_a_checkpoint_that_loaded_without_complaint_rules_it_out():
    assert found(LOADED).standing == "ruled-out"


def test_no_opinion_without_events_or_on_a_healthy_run():
    assert found() is None
    assert found(LOADED, UNFIT, checkup=Checkup()) is None


def test_a_new_classifier_is_meant_and_rules_it_out():
    head = Event(kind="head-not-loaded", text="missing keys in source state_dict: fc.weight, fc.bias")
    assert found(LOADED, head).standing == "ruled-out"
    assert found(LOADED, head, UNFIT).standing == "likely"
