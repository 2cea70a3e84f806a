"""Asking leaves nothing behind."""

import random

import numpy as np
import pytest
import torch
from torch import nn

from defib.hooks.canary import Canary


def network():
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(4, 8), nn.BatchNorm1d(8), nn.Dropout(0.5), nn.Linear(8, 2))


def test_it_is_asked_in_evaluation_mode_without_gradients():
    made = network()
    seen = {}

    def look():
        seen["mode"], seen["gradients"] = made.training, torch.is_grad_enabled()
        return {"loss": made(torch.ones(3, 4)).sum(), "top1": 50.0}

    found = Canary(made, look).ask()
    assert seen == {"mode": False, "gradients": False}
    assert set(found) == {"train/canary_loss", "train/canary_top1"}
    assert float(found["train/canary_top1"]) == 50.0


def test_mode_buffers_and_chance_are_as_they_were():
    made = network()
    made[1].eval()  # a frozen BatchNorm
    before = {name: value.clone() for name, value in made.state_dict().items()}

    def look():
        made.train()  # somebody's evaluation that forgets itself
        return {"loss": made(torch.randn(3, 4)).sum() + random.random() + np.random.rand()}  # noqa: NPY002 (whose state would be lost)

    states = torch.get_rng_state(), random.getstate(), np.random.get_state()[1].tolist()  # noqa: NPY002 (whose state would be lost)
    Canary(made, look).ask()
    after = torch.get_rng_state(), random.getstate(), np.random.get_state()[1].tolist()  # noqa: NPY002 (whose state would be lost)
    assert torch.equal(states[0], after[0])
    assert states[1:] == after[1:]
    assert [module.training for module in made] == [True, False, True, True]
    assert all(torch.equal(value, made.state_dict()[name]) for name, value in before.items())


def test_they_are_as_they_were_even_if_the_question_fails():
    made = network()

    def look():
        made(torch.randn(3, 4))
        msg = "no such file"
        raise RuntimeError(msg)

    state = torch.get_rng_state()
    with pytest.raises(RuntimeError, match="no such file"):
        Canary(made, look).ask()
    assert made.training
    assert torch.equal(state, torch.get_rng_state())
