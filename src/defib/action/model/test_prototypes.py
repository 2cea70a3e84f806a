"""Prototypes move to what was right, and are saved with the network."""

import torch
from torch.nn import functional

from defib.action.model import PrototypeConfig
from defib.action.model.prototypes import Prototypes
from defib.action.model.recognizer import right_of
from defib.action.model.test_rgbpose import batch, small


def bank(classes=3):
    torch.manual_seed(2)
    return Prototypes(features=5, channels=4, classes=classes, momentum=0.9)


def test_only_classes_with_a_right_sample_move_and_by_a_tenth():
    found = bank()
    before = found.centres.clone()
    embedded = functional.normalize(torch.randn(4, 4), dim=1)
    found.update(embedded, torch.tensor([0, 0, 0, 1]), torch.tensor([True, True, False, False]))
    assert torch.allclose(found.centres[0], 0.9 * before[0] + 0.1 * embedded[:2].mean(0))
    assert torch.equal(found.centres[1:], before[1:])


def test_the_mix_has_a_gradient_and_the_stored_ones_have_none():
    found = bank()
    embedded = functional.normalize(torch.randn(2, 4), dim=1).requires_grad_()
    mixed = found.mixed(embedded, torch.tensor([0, 1]), torch.tensor([True, False]))
    mixed.sum().backward()
    assert embedded.grad[0].abs().sum() > 0
    assert embedded.grad[1].abs().sum() == 0
    assert not found.centres.requires_grad


def test_the_network_observes_fine_ones_only_where_the_group_was_right():
    model = small(coarse=True, prototypes=PrototypeConfig(fine_channels=4, coarse_channels=4)).eval()
    outputs = model(*batch())
    label = torch.tensor([0, 0])
    sure, unsure = torch.tensor([[9.0, 0, 0], [9.0, 0, 0]]), torch.tensor([[9.0, 0], [0, 9.0]])
    logits = {"rgb": sure, "pose": sure, "rgb_coarse": unsure, "pose_coarse": unsure}
    before = {branch: one.centres.clone() for branch, one in model.banks.items()}
    model.observe(outputs, label, right_of(logits, label, model.groups))
    moved = 0.9 * before["rgb"][0] + 0.1 * outputs.embedded["rgb"][0]
    assert torch.allclose(model.banks["rgb"].centres[0], moved, atol=1e-6)
    assert torch.equal(model.banks["rgb"].centres[1:], before["rgb"][1:])


def test_they_are_saved_and_restored():
    config = PrototypeConfig(fine_channels=4, coarse_channels=4)
    one = small(coarse=True, prototypes=config)
    one.banks["pose_coarse"].centres.fill_(7)
    other = small(coarse=True, prototypes=config)
    other.load_state_dict(one.state_dict())
    assert (other.banks["pose_coarse"].centres == 7).all()
    assert {f"prototypes.{branch}.centres" for branch in one.banks} <= set(one.state_dict())


def test_rectification_is_off_until_it_is_asked_for_and_never_while_training():
    plain = small(coarse=True, prototypes=PrototypeConfig()).eval()
    assert plain(*batch()).rectified == {}
    model = small(coarse=True, prototypes=PrototypeConfig(rectify_pose=5.0)).eval()
    found = model(*batch())
    assert list(found.rectified) == ["pose"]
    change = (found.rectified["pose"] - found.logits["pose"]) / 5
    assert torch.allclose(change, model.banks["pose"].cosine(found.embedded["pose"]), atol=1e-5)
    assert float(change.detach().abs().max()) <= 1 + 1e-5
    assert model.train()(*batch()).rectified == {}
