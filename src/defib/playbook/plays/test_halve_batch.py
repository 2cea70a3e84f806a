import pytest

from defib.playbook.plays.halve_batch import halve_batch
from defib.records import Cause, Evidence, Fact
from defib.samples import run_of
from defib.words import same


def edits(config, dialect="yaml", at=8):
    facts = (Fact(metric="batch_size", value=at),)
    seen = Evidence(strength="normal", measured=same("the batch"), means=same("too large"), facts=facts)
    cause = Cause(cause="memory_ran_out", standing="likely", says=same("memory"), for_=(seen,))
    return halve_batch(run_of({"val/top1": [1.0]}, config=config, dialect=dialect), cause)


def mmengine(batch=8, **more):
    return {
        "optim_wrapper": {"optimizer": {"type": "SGD", "lr": 0.1}, **more},
        "train_cfg": {"max_epochs": 12},
        "train_dataloader": {"batch_size": batch},
    }


def recipe(batch=8, **more):
    return {"optim": {"lr": 0.1, **more}, "train": {"max_epochs": 3, "batch": batch}, "data": {"kind": "micro"}}


HF = {"learning_rate": 1e-4, "num_train_epochs": 3, "per_device_train_batch_size": 8, "output_dir": "out"}


@pytest.mark.parametrize(
    ("config", "dialect", "at", "batch", "written"),
    [
        (mmengine(), "mmengine", 8, 4, ("optim_wrapper.accumulative_counts", 2, "insert")),
        (mmengine(accumulative_counts=2), "mmengine", 8, 4, ("optim_wrapper.accumulative_counts", 4, "set")),
        (mmengine(), "mmengine", 2, 1, ("optim_wrapper.accumulative_counts", 8, "insert")),  # the third attempt
        (mmengine(15), "mmengine", 15, 5, ("optim_wrapper.accumulative_counts", 3, "insert")),
        (recipe(), "yaml", 8, 4, ("train.accumulate", 2, "insert")),
        (recipe(base_batch=48), "yaml", 8, 4, ("train.accumulate", 2, "insert")),  # it counts what is accumulated
        (HF, "json", 8, 4, ("gradient_accumulation_steps", 2, "insert")),
        ({**HF, "gradient-accumulation-steps": 4}, "json", 8, 4, ("gradient-accumulation-steps", 8, "set")),
    ],
)
def test_a_step_sees_as_many_samples_as_before(config, dialect, at, batch, written):
    (edit,) = edits(config, dialect, at)
    assert (edit.key, edit.new) == ("batch_size", batch)
    *_, accumulated = edit.sites
    assert (accumulated.path, accumulated.new, accumulated.action) == written
    assert edit.sites[0].new == batch
    assert f"ran out at {at} per GPU" in edit.why.en
    assert "学习率因此仍然合适" in edit.why.zh


@pytest.mark.parametrize(
    ("config", "dialect", "at"),
    [
        (mmengine(1), "mmengine", 1),
        (mmengine(accumulative_counts={"$expression": "count()", "line": 3}), "mmengine", 8),
        ({**mmengine(), "auto_scale_lr": {"enable": True, "base_batch_size": 16}}, "mmengine", 8),
        ({**mmengine(), "train_cfg": {"max_iters": 1000}}, "mmengine", 8),
        ({"model": {"depth": 3}, "batch_size": 8}, "yaml", 8),
    ],
)
def test_gives_up_where_the_step_would_not_stay_as_it_was(config, dialect, at):
    assert edits(config, dialect, at) == ()


def test_gives_up_where_the_batch_is_not_known():
    assert halve_batch(run_of({"val/top1": [1.0]}, config=mmengine(), dialect="mmengine"), None) == ()
