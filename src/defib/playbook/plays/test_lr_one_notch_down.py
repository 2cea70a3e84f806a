import pytest

from defib.playbook.plays.lr_one_notch_down import lr_one_notch_down
from defib.records import Launch, Reference
from defib.samples import run_of
from defib.words import same


def edits(lr, **fields):
    config = {"optim_wrapper": {"optimizer": {"lr": lr}}, "train_dataloader": {"batch_size": 4}}
    return lr_one_notch_down(run_of({"val/top1": [1.0]}, config=config, **fields), None)


@pytest.mark.parametrize(("lr", "new"), [(0.1, 0.08), (0.008, 0.005), (0.05, 0.03), (0.0007, 0.0005)])
def test_the_rate_goes_one_notch_down(lr, new):
    assert edits(lr)[0].new == new


def test_gives_up_where_a_reference_says_how_far():
    recipe = Reference(name="r", says=same("r"), source="made up", batch=4, settings={"lr": 0.01})
    assert edits(0.1, reference=recipe, launch=Launch(gpus=1)) == ()


def test_gives_up_at_the_lowest_rate():
    assert edits(1e-5) == ()


def test_gives_up_without_a_rate():
    assert lr_one_notch_down(run_of({"val/top1": [1.0]}), None) == ()
