import pytest

from defib.playbook.plays.fewer_test_clips import fewer_test_clips
from defib.samples import run_of


def edits(clips):
    config = {"test_dataloader": {"dataset": {"pipeline": [{"type": "Sample", "num_clips": clips}]}}}
    return fewer_test_clips(run_of({"val/top1": [1.0]}, config=config), None)


@pytest.mark.parametrize(("clips", "new"), [(10, 3), (20, 10), (3, 1), (5, 3)])
def test_goes_one_step_down(clips, new):
    assert edits(clips)[0].new == new


def test_is_called_a_convention():
    (edit,) = edits(10)
    assert edit.convention
    assert edit.cause is None
    assert "convention" in edit.why.en
    assert "惯例" in edit.why.zh


def test_gives_up_at_one_clip():
    assert edits(1) == ()


def test_gives_up_without_a_test_pipeline():
    assert fewer_test_clips(run_of({"val/top1": [1.0]}), None) == ()
