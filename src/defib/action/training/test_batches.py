"""The same clips for one process as for several, and after a restart."""

from defib.action.training.batches import Batches


def of(epoch=0, skip=0, **given):
    found = Batches(**({"length": 22, "batch": 4, "seed": 3} | given))
    found.set(epoch, skip)
    return list(found)


def test_an_epoch_holds_each_clip_once_at_most():
    flat = [index for batch in of() for index in batch]
    assert len(flat) == 20 == len(set(flat))


def test_epochs_and_seeds_differ():
    assert of(0) != of(1)
    assert of(0) != of(0, seed=4)
    assert of(1) == of(1)


def test_two_processes_take_one_global_batch_together():
    whole = of(batch=4)
    parts = [of(batch=2, rank=rank, world=2) for rank in (0, 1)]
    assert [one + other for one, other in zip(*parts, strict=True)] == whole


def test_what_was_done_is_left_out():
    assert of(skip=2) == of()[2:]
    found = Batches(22, 4, seed=3)
    found.set(0, 2)
    assert len(found) == 3
