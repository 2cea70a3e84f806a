import msgspec
import numpy as np

from defib.diagnosis.diagnose import diagnose, verdict
from defib.diagnosis.headline import headline
from defib.records import Cause, Checkup, Fact, Incident, Point, Symptom
from defib.samples import run_of
from defib.words import same

RUN = run_of({"val/top1": [20.0, 60.0, 8.0, 8.0]})


def fell(severity="act", epoch=3.0, cleared=None, fall=True):  # noqa: FBT002
    return Symptom(rule="val_collapse", metric="val/top1", severity=severity, onset=Point(epoch=epoch), record=2,
                   cleared=cleared, fall=fall, says=same("it fell"))  # fmt: skip


def checkup(*symptoms, onset=3.0):
    best = Fact(metric="val/top1", value=60.0, at=Point(epoch=2.0))
    incident = Incident(key="val/top1", onset=Point(epoch=onset), rule="val_collapse", best=best)
    return Checkup(symptoms=symptoms, incident=incident, checked=("val_collapse",))


def test_a_confirmed_fall_that_has_not_healed_asks_for_a_rescue():
    assert verdict(RUN, checkup(fell())) == "rescue"


def test_a_fault_in_the_validation_alone_leaves_the_run_running():
    fault = cause("validation_fault", "likely", event=True, verdict="leave-running")
    assert verdict(RUN, checkup(fell()), (fault,)) == "leave-running"
    assert verdict(RUN, checkup(fell()), (fault, cause("jump", "likely", event=True))) == "rescue"
    possible = cause("validation_fault", "possible", event=True, verdict="leave-running")
    assert verdict(RUN, checkup(fell()), (possible,)) == "rescue"
    words = headline(RUN, checkup(fell()), (fault,), "leave-running")
    assert "Leave the run alone" in words.en
    assert "不要重启" in words.zh


def test_a_fall_that_is_not_confirmed_is_watched():
    assert verdict(RUN, checkup(fell("watch"))) == "watch"


def test_a_fall_that_healed_is_only_watched():
    assert verdict(RUN, checkup(fell(cleared=Point(epoch=4.0)))) == "watch"


def test_a_fall_that_healed_and_was_surpassed_is_over():
    run = run_of({"val/top1": [20.0, 60.0, 30.0, 61.0]})
    found = Checkup(symptoms=(fell(cleared=Point(epoch=4.0)),), checked=("val_collapse",))
    assert verdict(run, found) == "healthy"


def test_a_fall_before_the_open_incident_does_not_make_it_worse():
    assert verdict(RUN, checkup(fell(epoch=1.0), fell("watch"))) == "watch"


def test_standing_symptoms_are_watched_and_notes_are_not():
    assert verdict(RUN, Checkup(symptoms=(fell("watch", fall=False),))) == "watch"
    found = Checkup(symptoms=(fell("note", fall=False),), checked=("val_collapse",))
    assert verdict(RUN, found) == "healthy"


def test_nothing_found_is_healthy_and_says_how_much_could_be_checked():
    found = Checkup(checked=("val_collapse",))
    assert verdict(RUN, found) == "healthy"
    assert "1 of 1" in headline(RUN, found, (), "healthy").en


def test_a_run_without_a_held_out_metric_is_never_called_healthy():
    run = run_of({"train/loss": [2.0, 1.0]}, not_understood=("coco/bbox_mAP",))
    assert verdict(run, Checkup()) == "watch"
    words = headline(run, Checkup(), (), "watch")
    assert "coco/bbox_mAP" in words.en
    assert "coco/bbox_mAP" in words.zh


def cause(name, standing, event=False, explains=("val_collapse",), verdict=None):  # noqa: FBT002
    return Cause(cause=name, standing=standing, says=same(name), event=event, explains=explains, verdict=verdict)


def test_the_headline_names_the_event_alone_where_there_is_one():
    causes = (cause("jump", "likely", event=True), cause("rate", "likely"))
    words = headline(RUN, checkup(fell()), causes, "rescue")
    assert "Most likely: jump." in words.en
    assert "rate" not in words.en


def test_the_headline_names_all_likely_constants_and_no_trap():
    causes = (cause("rate", "likely"), cause("init", "likely"), cause("trap", "likely", explains=()))
    assert "Most likely: rate; and init." in headline(RUN, checkup(fell()), causes, "rescue").en


def test_the_headline_does_not_pretend_to_know():
    assert "Possibly: rate." in headline(RUN, checkup(fell()), (cause("rate", "possible"),), "rescue").en
    assert "not known: no cause has evidence" in headline(RUN, checkup(fell()), (), "rescue").en


def test_what_explains_no_fall_is_not_called_the_reason_of_one():
    slow = cause("no start", "likely", explains=("never_learned",))
    words = headline(RUN, checkup(fell()), (slow,), "rescue")
    assert "Most likely" not in words.en
    assert "not known: no cause has evidence. Wrong before the fall already: no start." in words.en
    assert "下跌的直接原因未知：没有任何原因有证据支持。下跌之前就已存在的问题：no start。" in words.zh
    words = headline(RUN, checkup(fell()), (slow, cause("rate", "possible")), "rescue")
    assert "cannot be told from what was logged; possibly: rate. Wrong before the fall already: no start." in words.en
    assert "下跌的直接原因无法仅凭现有记录断定，可能是：rate。下跌之前就已存在的问题：no start。" in words.zh


def test_a_fall_that_healed_is_no_fall_to_explain():
    found = checkup(fell(), fell(epoch=3.0, cleared=Point(epoch=4.0)), fell(epoch=2.0), fell(fall=False))
    assert [one.onset.epoch for one in found.falls] == [3.0]
    assert Checkup(symptoms=(fell(),)).falls == ()


def test_a_run_without_config_and_logs_has_no_causes():
    assert diagnose(RUN, Checkup()) == ()


def ended(cleared=None):
    return Symptom(rule="out_of_memory", metric="out-of-memory", severity="watch", onset=Point(epoch=3.0), record=3,
                   cleared=cleared, says=same("memory ran out"))  # fmt: skip


def test_a_run_that_ran_out_of_memory_is_watched_and_the_headline_says_so_first():
    found = Checkup(symptoms=(fell("watch", fall=False), ended()), checked=("val_collapse",))
    assert verdict(RUN, found) == "watch"
    assert headline(RUN, found, (), "watch").en == "Training has stopped: memory ran out."


def test_an_error_that_training_survived_needs_no_attention():
    found = Checkup(symptoms=(ended(cleared=Point(epoch=4.0)),), checked=("val_collapse",))
    assert verdict(RUN, found) == "healthy"


def test_a_run_that_counts_steps_only_is_told_in_steps():
    run = run_of({"val/top1": [50.0, 60.0, 8.0]}, epochs=[float("nan")] * 3)
    score = msgspec.structs.replace(run.series[0], step=np.array([100.0, 200.0, 300.0]))
    run = msgspec.structs.replace(run, series=(score,))
    best = Fact(metric="val/top1", value=60.0, at=Point(step=200))
    incident = Incident(key="val/top1", onset=Point(step=300), rule="val_collapse", best=best)
    said = headline(run, Checkup(incident=incident), (), "rescue")
    assert "from 60.00% (step 200) to 8.00% (step 300); it began at step 300" in said.en
    assert "从第 200 步的 60.00% 跌到第 300 步的 8.00%，始于第 300 步" in said.zh
    assert "?" not in said.en + said.zh
