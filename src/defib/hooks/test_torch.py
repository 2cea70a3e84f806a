"""A guard in a loop written by hand: what it writes, and that nothing else is different."""

import json

import pytest
import torch
from torch import nn

from defib.hooks.telemetry import Rhythm
from defib.hooks.torch import Guard

OFTEN = Rhythm(norms=2, sample=5, canary=10)


class TwoStreams(nn.Module):
    """Made up: ten classes from two small inputs."""

    def __init__(self):
        super().__init__()
        self.rgb_path = nn.Sequential(nn.Linear(6, 16, bias=False), nn.BatchNorm1d(16), nn.ReLU(), nn.Dropout(0.1))
        self.pose_path = nn.Sequential(nn.Linear(6, 16, bias=False), nn.BatchNorm1d(16), nn.ReLU())
        self.fc_rgb, self.fc_pose = nn.Linear(16, 10), nn.Linear(16, 10)
        self.pose_unused = nn.Linear(3, 3)

    def forward(self, given):
        return self.fc_rgb(self.rgb_path(given)), self.fc_pose(self.pose_path(given))


def trained(make=None, steps=40, clip=None, accumulate=1, **options):
    """(guard, network, losses) after some steps; `make` builds the guard."""
    torch.manual_seed(1)
    network = TwoStreams()
    optimizer = torch.optim.SGD(network.parameters(), lr=0.1, momentum=0.9)
    guard = None if make is None else make(network, optimizer)
    losses = []
    for _ in range(steps):
        optimizer.zero_grad()
        for _ in range(accumulate):
            given, label = torch.randn(32, 6), torch.randint(10, (32,))
            rgb, pose = (nn.functional.cross_entropy(one, label) for one in network(given))
            ((rgb + pose) / accumulate).backward()
        if guard is not None:
            guard.step(rgb + pose, {"rgb": rgb, "pose": pose}, clip=clip)
        elif clip is not None:
            nn.utils.clip_grad_norm_(network.parameters(), clip)
        optimizer.step()
        losses.append((rgb + pose).item())
    return guard, network, losses


def written(path):
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_the_log_of_a_run(tmp_path):
    guard, _, losses = trained(lambda *given: Guard(*given, log=tmp_path, log_every=20, rhythm=OFTEN))
    guard.evaluated({"val/top1": 12.5})
    start, first, second, val = written(tmp_path / "metrics.jsonl")
    assert start["kind"] == "start"
    assert (first["kind"], first["step"], second["step"]) == ("train", 20, 40)
    assert first["values"]["train/loss"] == pytest.approx(sum(losses[:20]) / 20)
    names = {name.removeprefix("train/") for name in first["values"]}
    of_branches = ("loss", "grad_norm", "update_ratio", "feature_scale", "feature_rank", "batchnorm_gap", "still")
    assert {f"{name}/{branch}" for name in of_branches for branch in ("rgb", "pose")} <= names
    assert {"loss", "grad_norm", "grad_norm_max", "not_finite", "lr", "entropy/rgb", "classes_named/pose"} <= names
    assert val["values"] == {"val/top1": 12.5}


def test_weights_that_never_move_are_counted(tmp_path):
    trained(lambda *given: Guard(*given, log=tmp_path, log_every=40, rhythm=OFTEN))
    values = written(tmp_path / "metrics.jsonl")[-1]["values"]
    assert values["train/still/rgb"] == 0
    assert values["train/still/pose"] == pytest.approx(200 / 7)  # two of its seven tensors are never used


@pytest.mark.parametrize("clip", [None, 0.5])
@pytest.mark.parametrize("accumulate", [1, 2])
def test_training_is_bit_for_bit_the_same(tmp_path, clip, accumulate):
    def look():
        return {"loss": torch.rand(())}

    def make(*given):
        return Guard(*given, log=tmp_path, rhythm=OFTEN, canary=look)

    _, alone, losses = trained(clip=clip, accumulate=accumulate)
    _, watched, seen = trained(make, clip=clip, accumulate=accumulate)
    assert losses == seen
    for (name, one), other in zip(alone.state_dict().items(), watched.state_dict().values(), strict=True):
        assert torch.equal(one, other), name


def test_clipping_measures_every_step(tmp_path):
    trained(lambda *given: Guard(*given, log=tmp_path, log_every=20), clip=0.5)
    values = written(tmp_path / "metrics.jsonl")[1]["values"]
    assert values["train/clipped"] > 0
    assert values["train/grad_norm"] > 0.5  # before clipping


def test_the_canary_is_asked_now_and_then():
    told = []
    trained(
        lambda *given: Guard(
            *given,
            log=lambda values, step: told.append((step, values)),
            log_every=10,
            rhythm=OFTEN,
            canary=lambda: {"top1": 30.0},
        )
    )
    assert [step for step, values in told if "train/canary_top1" in values] == [10, 20, 30, 40]
    assert told[0][1]["train/canary_top1"] == 30.0


def test_a_gradient_that_is_not_finite_is_counted_and_not_averaged():
    told = []
    torch.manual_seed(0)
    network = nn.Linear(4, 2)
    optimizer = torch.optim.SGD(network.parameters(), lr=0.0)
    guard = Guard(network, optimizer, log=lambda values, _: told.append(values), log_every=4, rhythm=Rhythm(norms=1))
    for step in range(4):
        optimizer.zero_grad()
        loss = network(torch.ones(1, 4)).sum() * (float("inf") if step == 2 else 1.0)
        loss.backward()
        guard.step(loss)
        optimizer.step()
        if step == 2:
            with torch.no_grad():  # what a scaler does: the step left nothing behind
                network.weight.fill_(1.0)
                network.bias.fill_(0.0)
    (values,) = told
    assert values["train/not_finite"] == 25
    assert values["train/grad_norm"] < 100
    assert values["train/grad_norm_max"] == float("inf")
    assert not abs(values["train/loss"]) < float("inf")


def test_two_rates_are_told_apart():
    told = []
    network = TwoStreams()
    groups = [
        {"params": network.rgb_path.parameters(), "lr": 0.1, "name": "rgb"},
        {"params": network.pose_path.parameters(), "lr": 0.01, "name": "pose"},
    ]
    optimizer = torch.optim.SGD(groups)
    guard = Guard(network, optimizer, log=lambda values, _: told.append(values), log_every=1)
    loss = sum(one.sum() for one in network(torch.randn(4, 6)))
    loss.backward()
    guard.step(loss)
    optimizer.step()
    assert {name: value for name, value in told[0].items() if "lr" in name} == {
        "train/lr": 0.1,
        "train/lr/rgb": 0.1,
        "train/lr/pose": 0.01,
    }


def test_a_closed_guard_writes_the_rest_and_lets_go(tmp_path):
    guard, _, _ = trained(lambda *given: Guard(*given, log=tmp_path, log_every=30), steps=35)
    guard.close()
    assert [line["step"] for line in written(tmp_path / "metrics.jsonl")[1:]] == [30, 35]
    assert not guard._optimizer._optimizer_step_post_hooks


def test_a_log_that_cannot_be_written_ends_no_training(tmp_path, capsys):
    (tmp_path / "taken").write_text("a file")
    trained(lambda *given: Guard(*given, log=tmp_path / "taken", log_every=10))
    said = capsys.readouterr().err
    assert said.count("defib: cannot write") == 1
    assert "training goes on" in said


def test_epochs_are_told_where_their_length_is_known(tmp_path):
    trained(lambda *given: Guard(*given, log=tmp_path, log_every=20, steps_per_epoch=16), steps=40)
    assert [line["epoch"] for line in written(tmp_path / "metrics.jsonl")[1:]] == [1.25, 2.5]


def test_resumed_steps_are_counted_on(tmp_path):
    trained(lambda *given: Guard(*given, log=tmp_path, log_every=20, done=100), steps=20)
    assert written(tmp_path / "metrics.jsonl")[1]["step"] == 120


@pytest.mark.parametrize("unscaled", [False, True])
def test_the_scale_of_mixed_precision_is_taken_off(unscaled):
    told = []
    torch.manual_seed(0)
    network = nn.Linear(4, 2)
    optimizer = torch.optim.SGD(network.parameters(), lr=0.0)
    scaler = torch.amp.GradScaler("cpu", init_scale=1024.0)
    guard = Guard(
        network,
        optimizer,
        log=lambda values, _: told.append(values),
        log_every=3,
        rhythm=Rhythm(norms=1),
        scaler=scaler,
    )
    given, norms = torch.randn(8, 4), []
    for _ in range(3):
        optimizer.zero_grad()
        loss = network(given).square().mean()
        plain = torch.autograd.grad(loss, list(network.parameters()), retain_graph=True)
        norms.append(float(torch.linalg.vector_norm(torch.cat([one.flatten() for one in plain]))))
        scaler.scale(loss).backward()
        if unscaled:
            scaler.unscale_(optimizer)
        guard.step(loss, clip=0.5)
        clipped = torch.linalg.vector_norm(torch.cat([one.grad.flatten() for one in network.parameters()]))
        assert float(clipped) == pytest.approx(0.5 * (1.0 if unscaled else 1024.0), rel=1e-3)
        scaler.step(optimizer)
        scaler.update()
    assert told[0]["train/grad_norm"] == pytest.approx(sum(norms) / 3, rel=1e-4)
    assert told[0]["train/clipped"] == 100


def test_what_accelerate_prepared_is_watched_like_anything_else(tmp_path):
    from accelerate import Accelerator

    torch.manual_seed(0)
    accelerator = Accelerator(cpu=True)
    network = TwoStreams()
    model, optimizer = accelerator.prepare(network, torch.optim.SGD(network.parameters(), lr=0.1))
    guard = Guard(model, optimizer, log=tmp_path, log_every=4, rhythm=Rhythm(norms=1))
    for _ in range(4):
        rgb, pose = model(torch.randn(8, 6))
        loss = (rgb + pose).square().mean()
        accelerator.backward(loss)
        guard.step(loss)
        optimizer.step()
        optimizer.zero_grad()
    line = written(tmp_path / "metrics.jsonl")[-1]
    assert line["step"] == 4
    assert {"train/grad_norm/rgb", "train/grad_norm/pose"} <= set(line["values"])
