"""Calibration: what is right costs nothing, what is wrong is drawn and pushed the right way."""

import math

import pytest
import torch
from torch.nn import functional

from defib.action.model.losses.calibration import Judged, calibration, fine_misses, others


def batch(label, predicted, dtype=torch.float64, channels=6):
    generator = torch.Generator().manual_seed(5)
    embedded = functional.normalize(torch.randn(len(label), channels, generator=generator, dtype=dtype), dim=1)
    chance = torch.rand(len(label), generator=generator, dtype=dtype)
    return Judged(embedded, torch.tensor(label), torch.tensor(predicted), chance)


def centres(classes=3, channels=6, dtype=torch.float64):
    return torch.randn(classes, channels, generator=torch.Generator().manual_seed(6), dtype=dtype)


def missed(found):
    return ((1.0, found.predicted != found.label),)


def test_what_is_right_costs_nothing():
    found = batch([0, 1, 2], [0, 1, 2])
    assert calibration(found, centres(), missed(found)) == 0


def test_the_formula_written_out():
    found = batch([0, 0, 0, 1], [1, 1, 0, 1])
    directions, embedded = functional.normalize(centres(), dim=1), found.embedded
    total = 0.0
    for at, other in ((0, 1), (1, 0)):  # both are in one set of false negatives and one of false positives
        cosine = float(embedded[at] @ embedded[other])
        for penalty in (1 - cosine, 1 + cosine):
            score = 8 * embedded[at] @ directions.T
            score[0] -= (1 - found.chance[at]) * penalty
            total += float(score.logsumexp(0) - score[0])
    assert float(calibration(found, centres(), missed(found))) == pytest.approx(total / 4, abs=1e-9)


def test_a_sample_alone_in_its_set_has_no_penalty():
    found = batch([0, 1], [1, 1])
    score = 8 * found.embedded[0] @ functional.normalize(centres(), dim=1).T
    alone = float(score.logsumexp(0) - score[0])
    assert float(calibration(found, centres(), missed(found))) == pytest.approx(2 * alone / 2, abs=1e-9)
    assert torch.isnan(others(found.embedded, found.label, found.predicted != found.label, 3)).all()


@pytest.mark.parametrize("form", ["divide", "multiply"])
def test_its_gradient_is_right(form):
    found = batch([0, 0, 0, 1, 2, 2], [1, 1, 2, 1, 0, 0])
    raw = found.embedded.clone().requires_grad_()

    def loss(x):
        return calibration(found._replace(embedded=functional.normalize(x, dim=1)), centres(), missed(found), form)

    assert torch.autograd.gradcheck(loss, (raw,))


def test_a_step_against_the_gradient_draws_the_sample_to_its_class():
    found = batch([0, 0], [1, 1])
    raw = found.embedded.clone().requires_grad_()
    before = functional.cosine_similarity(raw, centres()[:1])
    calibration(found._replace(embedded=functional.normalize(raw, dim=1)), centres(), missed(found)).backward()
    after = functional.cosine_similarity(raw - 0.05 * raw.grad, centres()[:1])
    assert (after > before).all()


def test_no_gradient_goes_through_the_chance():
    found = batch([0, 0], [1, 1])
    chance = found.chance.clone().requires_grad_()
    loss = calibration(
        found._replace(chance=chance, embedded=found.embedded.requires_grad_()), centres(), missed(found)
    )
    loss.backward()
    assert chance.grad is None


def range_of(form):
    """The cross-entropy of one wrong sample of sixty classes, from the worst direction to the best."""
    directions = torch.zeros(60, 61, dtype=torch.float64)
    directions[:, :60] = -torch.eye(60, dtype=torch.float64)
    found = []
    for towards in (1.0, -1.0):
        point = torch.zeros(1, 61, dtype=torch.float64)
        point[0, 0] = towards  # the one prototype that it can meet, or turn its back on
        judged = Judged(point, torch.tensor([0]), torch.tensor([1]), torch.tensor([1.0], dtype=torch.float64))
        found.append(float(calibration(judged, directions, (), form)))
    return found


def test_the_printed_form_is_nearly_inert_and_the_dividing_one_is_not():
    worst, best = range_of("multiply")
    assert math.log(60) - 0.13 < best < worst < math.log(60) + 0.13
    worst, best = range_of("divide")
    assert worst - best > 10


def test_the_sets_of_the_fine_head():
    label, predicted = torch.tensor([0, 0, 0, 0]), torch.tensor([0, 1, 0, 2])
    group = torch.tensor([True, True, False, False])
    sets = [(weight, chosen.tolist()) for weight, chosen in fine_misses(label, predicted, group)]
    assert sets == [
        (1.0, [False, True, False, False]),
        (0.5, [False, False, False, True]),
        (0.1, [False, False, True, False]),
    ]
