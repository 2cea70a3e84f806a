import pytest

from defib.diagnosis.causes.clips_at_test_time import clips_at_test_time
from defib.records import Checkup, Point, Symptom
from defib.samples import run_of
from defib.words import same

SICK = Checkup(
    symptoms=(
        Symptom(
            rule="val_collapse", metric="val/top1", severity="act", onset=Point(epoch=1.0), record=0, says=same("x")
        ),
    )
)


def run(clips):
    config = {"test_dataloader": {"dataset": {"pipeline": [{"type": "Sample", "num_clips": clips}]}}}
    return run_of({"val/top1": [1.0]}, config=config)


@pytest.mark.parametrize("clips", [3, 10])
def test_several_clips_at_test_time_are_ruled_out(clips):
    found = clips_at_test_time(run(clips), SICK)
    assert found.standing == "ruled-out"
    assert str(clips) in found.against[0].measured.zh


def test_no_opinion_on_one_clip():
    assert clips_at_test_time(run(1), SICK) is None


def test_no_opinion_when_nothing_is_wrong():
    assert clips_at_test_time(run(10), Checkup()) is None


def test_no_opinion_without_a_config():
    assert clips_at_test_time(run_of({"val/top1": [1.0]}), SICK) is None
