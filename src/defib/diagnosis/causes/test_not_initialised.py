from defib.diagnosis.causes.not_initialised import not_initialised
from defib.diagnosis.references.rgb_only import rgb_only
from defib.diagnosis.references.rgbpose_joint import rgbpose_joint
from defib.records import Checkup, Event, Point, Symptom
from defib.samples import run_of
from defib.words import same

LOW = Checkup(
    symptoms=(
        Symptom(rule="never_learned", metric="val/top1", branch="fused", severity="watch", onset=Point(epoch=1.0),
                record=0, says=same("7.85% where 96.0% is expected")),
    )
)  # fmt: skip


def run(load_from=None, reference=rgbpose_joint, events=()):
    return run_of({"val/top1/fused": [7.85]}, config={"load_from": load_from}, reference=reference, events=events)


def test_a_start_far_below_a_loaded_one_is_likely():
    found = not_initialised(run(), LOW)
    assert (found.standing, found.explains) == ("likely", ("never_learned",))


def test_an_empty_load_from_alone_is_only_possible():
    assert not_initialised(run(), Checkup()).standing == "possible"


def test_a_checkpoint_that_matched_nothing_speaks_for_it():
    bad = Event(kind="not-matched", text="The model and loaded state dict do not match exactly")
    assert not_initialised(run("merged.pth", events=(bad,)), Checkup()).standing == "likely"


def test_a_loaded_checkpoint_rules_it_out():
    good = Event(kind="loaded", text="Load checkpoint from merged.pth")
    assert not_initialised(run("merged.pth", events=(good,)), LOW).standing == "ruled-out"


def test_no_opinion_when_the_reference_itself_starts_from_nothing():
    assert not_initialised(run(reference=rgb_only), LOW) is None


def test_no_opinion_without_a_reference():
    assert not_initialised(run(reference=None), LOW) is None


def test_the_console_log_is_missed():
    assert any("console log" in words.en for words in not_initialised(run(), LOW).missing)
