"""The tree loss against a sum over all states, written out."""

import math

import pytest
import torch

from defib.action.model.losses.tree import TreeLoss
from defib.action.taxonomy import ROOT, ma52, ntu60_tree8

TREES = {
    "two levels": (ROOT, ROOT, 0, 0, 1),
    "three levels": (ROOT, 0, 0, 1, 1, 2),
    "a chain": (ROOT, 0, 1),
    "alone": (ROOT,),
    "shuffled": (2, 0, ROOT, 2),
}


def brute(parents, scores, node):
    """-log of the states with the node over all states, one by one."""

    def way(at):
        return [] if at == ROOT else [at, *way(parents[at])]

    chances = [1 / (1 + math.exp(-score)) for score in scores]
    mass = {end: math.exp(sum(chances[at] for at in way(end))) for end in range(len(parents))}
    return -math.log(sum(m for end, m in mass.items() if node in way(end)) / sum(mass.values()))


@pytest.mark.parametrize("name", TREES)
def test_it_is_the_sum_over_all_states(name):
    parents = TREES[name]
    scores = torch.randn(len(parents), len(parents), generator=torch.Generator().manual_seed(3)) * 3
    loss = TreeLoss(parents)
    for node in range(len(parents)):
        found = loss(scores[node][None], torch.tensor([node]))
        assert float(found) == pytest.approx(brute(parents, scores[node].tolist(), node), abs=1e-5)


@pytest.mark.parametrize("name", TREES)
def test_its_gradient_is_right(name):
    parents = TREES[name]
    scores = torch.randn(3, len(parents), dtype=torch.float64, requires_grad=True)
    node = torch.tensor([0, len(parents) - 1, 0])
    assert torch.autograd.gradcheck(lambda x: TreeLoss(parents)(x, node), (scores,))


def test_no_scores_go_below_the_floor_and_training_reaches_it():
    parents = TREES["three levels"]
    loss = TreeLoss(parents)
    for node in range(len(parents)):
        wanted = torch.tensor([node])
        scores = torch.zeros(1, len(parents), requires_grad=True)
        optimizer = torch.optim.Adam([scores], lr=0.5)
        for _ in range(300):
            optimizer.zero_grad()
            loss(scores, wanted).backward()
            optimizer.step()
        reached, floor = float(loss(scores.detach(), wanted)), float(loss.floor(wanted))
        assert floor <= reached < floor + 0.01


def test_the_floors_of_the_reference():
    """MA-52: 2.28 to 2.47 for the classes, and 4.03 where all scores are zero (measured by others)."""
    taxonomy = ma52()
    loss = TreeLoss(taxonomy.parents)
    floors = loss.floor(torch.arange(52) + 7)
    assert 2.27 < float(floors.min()) < float(floors.max()) < 2.48
    assert float(loss(torch.zeros(1, 59), torch.tensor([7]))) == pytest.approx(4.03, abs=0.005)


def test_half_precision_loses_nothing():
    taxonomy = ntu60_tree8()
    loss = TreeLoss(taxonomy.parents)
    scores = torch.randn(4, 68).bfloat16()
    node = torch.tensor([8, 20, 40, 67])
    assert float(loss(scores, node)) == pytest.approx(float(loss(scores.float(), node)), abs=1e-6)
    assert torch.isfinite(loss(torch.full((1, 68), 6e4, dtype=torch.float16), torch.tensor([8])))
