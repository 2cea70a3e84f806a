import msgspec
import pytest

from defib.diagnosis.causes.branch_input_broken import branch_input_broken
from defib.records import Checkup, Event, Point, Segment, Symptom
from defib.samples import run_of
from defib.words import same

FELL = Checkup(
    symptoms=(
        Symptom(rule="branch_collapse", metric="val/top1", branch="pose", severity="act", onset=Point(epoch=4.0),
                record=3, says=same("x")),
    )
)  # fmt: skip
RGB, POSE = [20.0, 40.0, 50.0, 52.0, 53.0, 54.0], [20.0, 38.0, 45.0, 1.7, 1.6, 1.7]
MISSING = Event(kind="traceback", text="FileNotFoundError: data/pose/S001.pkl", record=3)


def run(rgb=RGB, pose=POSE, classes=60, **fields):
    return run_of({"val/top1/fused": rgb, "val/top1/rgb": rgb, "val/top1/pose": pose}, classes=classes, **fields)


def opinion(checkup=FELL, **fields):
    return branch_input_broken(run(**fields), checkup)


def test_a_branch_that_is_back_at_guessing_alone_is_possible_and_the_probe_is_named():
    found = opinion()
    assert (found.standing, found.verdict) == ("possible", "escalate")
    assert "pose" in found.says.en
    assert "45.00%" in found.for_[0].measured.zh
    assert "pose" in found.missing[0].en


def test_a_branch_that_never_left_guessing_is_possible():
    found = opinion(pose=[1.7, 1.6, 1.7, 1.7, 1.6, 1.7])
    assert found.standing == "possible"
    assert "6" in found.for_[0].measured.en


def test_files_that_were_not_found_make_it_likely():
    assert opinion(events=(MISSING,)).standing == "likely"


def test_a_resume_at_that_moment_is_one_more_clue():
    resumed = msgspec.structs.replace(
        run(),
        segments=(
            Segment(start=Point(epoch=1.0), record=0, file="a.json"),
            Segment(start=Point(epoch=4.0), record=3, file="b.json", resumed=True),
        ),
    )
    found = branch_input_broken(resumed, FELL)
    assert found.standing == "possible"
    assert len(found.for_) == 2


def test_siblings_that_fell_too_rule_it_out():
    assert opinion(rgb=[20.0, 40.0, 50.0, 1.7, 1.7, 1.7]).standing == "ruled-out"
    assert opinion(rgb=[20.0, 40.0, 50.0, 9.0, 8.0, 7.0], events=(MISSING,)).standing == "ruled-out"


@pytest.mark.parametrize(
    "fields",
    [
        {"pose": [20.0, 38.0, 45.0, 12.0, 13.0, 12.0]},
        {"pose": [20.0, 38.0, 45.0, 1.7, 20.0, 40.0]},
        {"pose": [20.0, 38.0, 45.0, 46.0, 47.0, 1.7]},
        {"classes": None},
        {"rgb": [1.7] * 6, "pose": [1.6] * 6},
        {"checkup": Checkup()},
    ],
)
def test_no_opinion_on_weak_healed_or_single_values_or_without_chance(fields):
    assert opinion(**fields) is None


def test_missing_files_alone_are_no_reason():
    assert opinion(pose=[20.0, 38.0, 45.0, 46.0, 47.0, 48.0], events=(MISSING,)) is None
