"""Diversity of directions."""

import pytest
import torch

from defib.action.model.losses.diversity import diversity


def test_it_is_the_root_of_the_sum_of_all_cosines():
    prototypes = torch.randn(5, 4, dtype=torch.float64, generator=torch.Generator().manual_seed(1)) * 7
    cosines = torch.nn.functional.cosine_similarity(prototypes[:, None], prototypes[None], dim=2)
    assert float(diversity(prototypes)) == pytest.approx(float(cosines.sum().sqrt()))


def test_opposite_prototypes_cost_nothing_and_equal_ones_most():
    assert float(diversity(torch.tensor([[1.0, 0.0], [-3.0, 0.0]]))) == pytest.approx(0, abs=1e-5)
    assert float(diversity(torch.ones(4, 3))) == pytest.approx(4)


def test_its_gradient_is_right():
    prototypes = torch.randn(4, 3, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(diversity, (prototypes,))
    zero = torch.tensor([[1.0, 0.0], [-1.0, 0.0]], requires_grad=True)
    diversity(zero).backward()
    assert torch.isfinite(zero.grad).all()
