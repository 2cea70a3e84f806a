import pytest

from defib.playbook.plays.keep_lr_times_decay import keep_lr_times_decay
from defib.records import Edit
from defib.samples import run_of
from defib.words import same


def edits(lr, decay, new):
    config = {"optim_wrapper": {"optimizer": {"lr": lr, "weight_decay": decay}}}
    lowered = Edit(key="lr", old=lr, new=new, why=same("x"), play="x")
    return keep_lr_times_decay(run_of({"val/top1": [1.0]}, config=config), None, (lowered,))


@pytest.mark.parametrize(
    ("lr", "decay", "new", "kept"),
    [
        (0.008, 0.0003, 0.005, 0.0005),
        (0.1, 1e-4, 0.05, 2e-4),
        (0.02, 0.01, 0.005, 0.04),
        (0.0075, 1e-4, 0.0025, 3e-4),
    ],
)
def test_the_product_is_kept_to_one_digit(lr, decay, new, kept):
    assert edits(lr, decay, new)[0].new == kept


def test_gives_up_when_the_rate_was_not_lowered():
    assert edits(0.1, 1e-4, 0.1) == ()


def test_gives_up_when_rounding_leaves_it_as_it_was():
    assert edits(0.1, 1e-4, 0.099) == ()


def test_gives_up_without_weight_decay():
    assert edits(0.1, 0.0, 0.05) == ()


def test_gives_up_when_the_rate_falls_too_far_to_keep_the_product():
    assert edits(0.02, 1e-4, 0.00125) == ()
