import pytest

from defib.playbook.plays.halve_clip import halve_clip
from defib.samples import run_of


def edits(norm):
    config = {"optim_wrapper": {"clip_grad": {"max_norm": norm, "norm_type": 2}}}
    return halve_clip(run_of({"val/top1": [1.0]}, config=config), None)


@pytest.mark.parametrize(("norm", "new"), [(40, 20), (35, 17.5), (10.0, 5.0), (2, 1)])
def test_halves_the_limit_and_keeps_its_kind(norm, new):
    (edit,) = edits(norm)
    assert edit.new == new
    assert edit.convention


@pytest.mark.parametrize("norm", [1.0, 0.5, 1])
def test_gives_up_at_one(norm):
    assert edits(norm) == ()


def test_gives_up_without_clipping():
    assert halve_clip(run_of({"val/top1": [1.0]}, config={"optim_wrapper": {}}), None) == ()
