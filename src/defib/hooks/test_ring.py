"""Snapshots: whole, thinned, and good only when something after them was."""

import random

import numpy as np
import pytest
import torch
from torch import nn

from defib.hooks.ring import Ring
from defib.hooks.state import put_back, size, taken


def parts():
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(4, 8), nn.BatchNorm1d(8), nn.Linear(8, 2))
    optimizer = torch.optim.AdamW(model.parameters(), lr=0.1)
    scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, 100)
    return {"model": model, "optimizer": optimizer, "scheduler": scheduler}


def step(of, count=1):
    for _ in range(count):
        of["optimizer"].zero_grad()
        of["model"](torch.randn(8, 4)).square().mean().backward()
        of["optimizer"].step()
        of["scheduler"].step()


def values(of):
    return [one.detach().clone() for one in of["model"].state_dict().values()]


@pytest.mark.parametrize("on_disk", [False, True])
def test_a_run_goes_on_exactly_as_it_did(tmp_path, on_disk):
    of = parts()
    step(of, 3)
    ring = Ring(of, folder=tmp_path / "ring" if on_disk else None)
    snapshot = ring.take(3, [0.1])
    step(of, 4)
    first, drawn = values(of), (torch.rand(()), random.random(), np.random.rand())  # noqa: NPY002 (its state is kept)
    for _ in range(2):  # a snapshot serves more than once
        put_back(of, snapshot.state())
        step(of, 4)
        assert all(torch.equal(one, other) for one, other in zip(first, values(of)))
        assert (torch.rand(()), random.random(), np.random.rand()) == drawn  # noqa: NPY002
    assert len(list((tmp_path / "ring").glob("*"))) == 1 if on_disk else snapshot.path is None


def test_what_happens_later_does_not_reach_a_snapshot():
    of = parts()
    state = taken(of)
    kept = state["parts"]["model"]["0.weight"].clone()
    step(of, 5)
    assert torch.equal(kept, state["parts"]["model"]["0.weight"])


def test_only_what_something_later_proved_is_good():
    ring = Ring(parts())
    for at in (10, 20, 30):
        ring.take(at, [0.1])
    assert ring.newest_good(100) is None
    ring.prove(25)
    assert ring.newest_good(100).step == 20
    assert ring.newest_good(20).step == 10


def test_ages_double():
    ring = Ring(parts(), most=6)
    for at in range(10, 2010, 10):
        ring.take(at, [0.1])
    ages = [2000 - one.step for one in ring.snapshots]
    assert len(ages) == 6
    assert ages[-1] == 0
    assert ages[0] == 1990
    assert all(older >= 1.3 * newer for older, newer in zip(ages, ages[1:]))


def test_the_newest_good_one_is_never_thinned_away():
    ring = Ring(parts(), most=4)
    ring.take(10, [0.1])
    ring.take(20, [0.1])
    ring.prove(20)
    for at in range(30, 400, 10):
        ring.take(at, [0.1])
    assert ring.newest_good(1000).step == 20


def test_what_is_forgotten_leaves_the_disk(tmp_path):
    ring = Ring(parts(), folder=tmp_path)
    for at in (10, 20, 30):
        ring.take(at, [0.1])
    ring.forget_from(20)
    assert [one.step for one in ring.snapshots] == [10]
    assert len(list(tmp_path.glob("*.pt"))) == 1
    ring.close()
    assert not list(tmp_path.glob("*.pt"))


def test_its_size_is_known_beforehand():
    of = parts()
    step(of)
    ring = Ring(of)
    assert ring.bytes == size(taken(of)) > 3 * sum(one.numel() * 4 for one in of["model"].parameters())
