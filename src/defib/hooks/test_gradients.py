"""Norms and clipping are those of torch."""

import copy

import pytest
import torch
from torch import nn

from defib.hooks.branches import branches_of
from defib.hooks.gradients import Gradients


def network():
    torch.manual_seed(0)
    made = nn.Module()
    made.rgb_path, made.pose_path, made.fc = nn.Linear(4, 8), nn.Linear(4, 8), nn.Linear(16, 3)
    given = torch.randn(5, 4)
    made.fc(torch.cat([made.rgb_path(given), made.pose_path(given)], 1)).square().sum().backward()
    return made


def of(made):
    return Gradients(made, branches_of(made))


def norm(module):
    return float(torch.linalg.vector_norm(torch.cat([one.grad.flatten() for one in module.parameters()])))


def test_total_and_branches():
    made = network()
    total, found = of(made).norms()
    assert torch.equal(total, nn.utils.get_total_norm([one.grad for one in made.parameters()]))
    expected = {"rgb": norm(made.rgb_path), "pose": norm(made.pose_path), "shared": norm(made.fc)}
    assert {name: float(value) for name, value in found.items()} == pytest.approx(expected)


@pytest.mark.parametrize("share", [0.5, 2.0])
def test_clipping_is_that_of_torch(share):
    made = network()
    limit = share * norm(made)
    theirs = copy.deepcopy(made)
    for mine, other in zip(made.parameters(), theirs.parameters(), strict=True):
        other.grad = mine.grad.clone()
    gradients = of(made)
    gradients.clip(gradients.norms()[0], limit)
    nn.utils.clip_grad_norm_(theirs.parameters(), limit)
    for mine, other in zip(made.parameters(), theirs.parameters(), strict=True):
        assert torch.equal(mine.grad, other.grad)


def test_what_has_no_gradient_does_not_count():
    made = network()
    alone = norm(made.rgb_path)
    for one in (*made.pose_path.parameters(), *made.fc.parameters()):
        one.grad = None
    total, found = of(made).norms()
    assert set(found) == {"rgb"}
    assert float(total) == pytest.approx(alone)


def test_nothing_at_all():
    made = network()
    made.zero_grad(set_to_none=True)
    assert of(made).norms() is None


def test_the_branch_that_is_not_finite_is_told_from_the_one_that_is():
    made = network()
    made.pose_path.weight.grad[0, 0] = float("nan")
    total, found = of(made).norms()
    assert torch.isfinite(found["rgb"])
    assert not torch.isfinite(found["pose"])
    assert not torch.isfinite(total)


def test_half_precision_and_sparse_gradients():
    table = nn.Embedding(10, 4, sparse=True)
    half = nn.Linear(4, 2).to(torch.bfloat16)
    made = nn.ModuleDict({"text": table, "rgb": half})
    (half(table(torch.tensor([1, 2])).to(torch.bfloat16)).float().sum() * 300).backward()
    _, found = of(made).norms()
    assert float(found["text"]) == pytest.approx(float(table.weight.grad.to_dense().norm()), rel=1e-3)
    assert found["rgb"].dtype == torch.float32
