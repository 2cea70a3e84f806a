"""The sum, its parts, its floor, and what does not fit together."""

import pytest
import torch

from defib.action.errors.model import ModelMisfit
from defib.action.model import LossConfig, Losses, PrototypeConfig
from defib.action.model.test_rgbpose import batch, small

ALL = ("rgb", "pose", "rgb_coarse", "pose_coarse")
SEED = LossConfig(components=ALL, weights=(1.0, 1.5, 0.5, 1.2), tree=1.0, calibration=0.2, diversity=0.2)
LABEL = torch.tensor([0, 2])


def whole():
    return small(coarse=True, prototypes=PrototypeConfig(fine_channels=8, coarse_channels=4))


def test_the_total_is_the_sum_of_its_weighted_parts():
    model = whole()
    found = Losses(SEED, model)(model(*batch()), LABEL)
    assert set(found.raw) == {
        *(f"ce_{branch}" for branch in ALL),
        *("tree_rgb", "tree_pose"),
        *(f"cal_{branch}" for branch in ALL),
        *("div_rgb", "div_pose"),
    }
    assert float(found.total.detach()) == pytest.approx(
        sum(float(value) for value in found.weighted.values()), abs=1e-5
    )
    assert float(found.weighted["ce_pose"]) == pytest.approx(1.5 * float(found.raw["ce_pose"]))
    assert float(found.weighted["cal_rgb_coarse"]) == pytest.approx(0.2 * float(found.raw["cal_rgb_coarse"]))
    assert found.total.requires_grad
    assert not any(value.requires_grad for value in (*found.raw.values(), *found.weighted.values()))


def test_every_parameter_but_gates_learns():
    model = whole()
    Losses(SEED, model)(model.train()(*batch()), LABEL).total.backward()
    untouched = [name for name, p in model.named_parameters() if p.grad is None]
    assert untouched == []


def test_plain_heads_have_plain_losses():
    model = small()
    found = Losses(LossConfig(), model)(model(*batch()), LABEL)
    assert set(found.raw) == {"ce_rgb", "ce_pose"}
    assert float(found.floor) == 0


def test_the_total_minus_its_floor_goes_to_zero():
    model = whole()
    losses = Losses(LossConfig(components=ALL, weights=(1, 1, 1, 1), tree=1.0, label_smoothing={"rgb": 0.1}), model)
    scores = {branch: torch.zeros(2, 2 if "coarse" in branch else 3, requires_grad=True) for branch in ALL}
    optimizer = torch.optim.Adam(list(scores.values()), lr=0.3)
    outputs = model(*batch())
    for _ in range(600):
        optimizer.zero_grad()
        found = losses(outputs._replace(logits=scores), LABEL)
        found.total.backward()
        optimizer.step()
    # smoothing asks for scores that the tree does not want: both cannot be at their least at once
    assert 0 < float(found.total.detach() - found.floor) < 0.6
    assert float(found.floor) > 1


def test_half_precision_is_finite():
    model = whole()
    losses = Losses(SEED, model)
    outputs = model(*batch())
    halves = outputs._replace(logits={branch: 300 * x.half() for branch, x in outputs.logits.items()})
    assert torch.isfinite(losses(halves, LABEL).total)


@pytest.mark.parametrize(
    ("config", "key"),
    [
        ({"components": ALL, "weights": (1.0,) * 4}, "loss.components"),
        ({"tree": 1.0}, "loss.tree"),
        ({"calibration": 0.2}, "loss.calibration"),
        ({"diversity": 0.2}, "loss.diversity"),
        ({"label_smoothing": {"rgb_coarse": 0.1}}, "loss.label_smoothing.rgb_coarse"),
        ({"components": ("rgb",), "label_smoothing": {"pose": 0.1}}, "loss.label_smoothing.pose"),
    ],
)
def test_parts_that_the_network_does_not_have_are_refused(config, key):
    with pytest.raises(ModelMisfit, match=key):
        Losses(LossConfig(**config), small())


@pytest.mark.parametrize(
    ("config", "key"),
    [
        ({"components": ("rgb", "rgb")}, "loss.components: expected each branch once"),
        ({"weights": (1.0,)}, "loss.weights"),
        ({"label_smoothing": {"pose": 1.0}}, "loss.label_smoothing.pose"),
    ],
)
def test_weights_that_fit_nothing_are_refused(config, key):
    with pytest.raises(ModelMisfit, match=key):
        LossConfig(**config)
