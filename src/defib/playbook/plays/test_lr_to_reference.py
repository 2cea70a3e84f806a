import pytest

from defib.playbook.plays.lr_to_reference import lr_to_reference
from defib.records import Launch, Reference
from defib.samples import run_of
from defib.words import same

RECIPE = Reference(name="a_recipe", says=same("a recipe"), source="made up", batch=48, settings={"lr": 0.0075})
OTHER = Reference(name="other", says=same("other"), source="made up", batch=256, settings={"lr": 0.1})


def edits(lr, batch, gpus, reference=RECIPE, **more):
    config = {"optim_wrapper": {"optimizer": {"lr": lr}}, "train_dataloader": {"batch_size": batch}, **more}
    return lr_to_reference(
        run_of({"val/top1": [1.0]}, config=config, reference=reference, launch=Launch(gpus=gpus)), None
    )


@pytest.mark.parametrize(
    ("lr", "batch", "gpus", "reference", "new"),
    [
        (0.008, 16, 2, RECIPE, 0.005),
        (0.0075, 12, 1, RECIPE, 0.00187),
        (0.01, 10, 1, RECIPE, 0.00156),
        (0.5, 32, 4, OTHER, 0.05),
        (0.02, 8, 1, RECIPE, 0.00125),
    ],
)
def test_the_rate_goes_to_the_reference_scaled_to_the_batch(lr, batch, gpus, reference, new):
    (edit,) = edits(lr, batch, gpus, reference)
    assert (edit.old, edit.new) == (lr, new)


@pytest.mark.parametrize(("lr", "gpus"), [(0.005, 2), (0.0051, 2), (0.001, 2)])
def test_gives_up_at_or_below_the_reference(lr, gpus):
    assert edits(lr, 16, gpus) == ()


def test_gives_up_without_a_known_batch_or_reference():
    assert edits(0.1, 16, None) == ()
    assert edits(0.1, 16, 2, None) == ()


def test_gives_up_where_the_framework_scales_by_itself():
    assert edits(0.1, 16, 2, auto_scale_lr={"enable": True, "base_batch_size": 48}) == ()


def test_accumulated_steps_count_into_the_batch():
    config = {
        "optim_wrapper": {"optimizer": {"lr": 0.1}, "accumulative_counts": 3},
        "train_dataloader": {"batch_size": 16},
    }
    run = run_of({"val/top1": [1.0]}, config=config, reference=RECIPE, launch=Launch(gpus=1))
    assert lr_to_reference(run, None)[0].new == 0.0075
