"""A guard that acts: back to what was proven good, the smallest edit, and an end; and nothing at all in a healthy run."""

import json
import math

import pytest
import torch
from torch import nn

from defib.hooks.acting import RunStopped
from defib.hooks.telemetry import Rhythm
from defib.hooks.torch import Guard

CLASSES, AT, STEPS = 10, 517, 900


class TwoStreams(nn.Module):
    """Made up: ten classes, each a direction in both inputs."""

    def __init__(self):
        super().__init__()
        self.rgb_path = nn.Sequential(nn.Linear(16, 32), nn.BatchNorm1d(32), nn.ReLU())
        self.pose_path = nn.Sequential(nn.Linear(16, 32), nn.BatchNorm1d(32), nn.ReLU())
        self.fc_rgb, self.fc_pose = nn.Linear(32, CLASSES), nn.Linear(32, CLASSES)

    def forward(self, given):
        return self.fc_rgb(self.rgb_path(given[:, 0])), self.fc_pose(self.pose_path(given[:, 1]))


def clips(seed, count):
    drawn = torch.Generator().manual_seed(seed)
    means = 0.75 * torch.randn(CLASSES, 2, 16, generator=torch.Generator().manual_seed(0))
    label = torch.randint(CLASSES, (count,), generator=drawn)
    return means[label] + torch.randn(count, 2, 16, generator=drawn), label


class Run:
    """One training with a fault in it; `events` is what the guard said."""

    def __init__(self, fault="", seed=0, mode="act", *, steps=STEPS, adam=False, folder=None):
        torch.manual_seed(seed)
        self.model, self.events, self.stopped, self.fault = TwoStreams(), [], None, fault
        given, label = clips(100 + seed, 2000)
        held, answer = clips(1, 256)
        named = dict(self.model.named_parameters())
        groups = [[one for name, one in named.items() if branch in name] for branch in ("rgb", "pose")]
        lr = 20.0 if fault == "too high" else 0.05
        make = torch.optim.AdamW if adam else torch.optim.SGD
        options = {"lr": 0.1 * lr} if adam else {"lr": lr, "momentum": 0.9}
        self.optimizer = make([{"params": group} for group in groups], **options)
        curve = (lambda at: 1.01**at) if fault == "warm-up" else (lambda at: 0.5 * (1 + math.cos(math.pi * at / steps)))
        self.scheduler = torch.optim.lr_scheduler.LambdaLR(self.optimizer, curve)

        def scores(count):
            rgb, pose = self.model(held[:count])
            return 100 * ((rgb.softmax(1) + pose.softmax(1)).argmax(1) == answer[:count]).float().mean()

        guard = Guard(
            self.model,
            self.optimizer,
            log=(lambda *_: None) if folder is None else folder,
            canary=lambda: {"top1": scores(128)},
            mode=mode,
            parts={"scheduler": self.scheduler},
            rhythm=Rhythm(canary=50),
        )
        if guard._acting is not None:
            tell = guard._told
            guard._acting._tell = lambda kind, text: (
                self.events.append((kind, guard.telemetry.done, text)),
                tell(kind, text),
            )
        drawn, self.weight = torch.Generator().manual_seed(seed), 1.0
        try:
            for step in range(1, steps + 1):
                chosen = torch.randint(len(given), (64,), generator=drawn)
                batch = self.broken(step, given[chosen])
                rgb, pose = (nn.functional.cross_entropy(one, label[chosen]) for one in self.model(batch))
                loss = rgb + self.weight * pose
                self.optimizer.zero_grad()
                loss.backward()
                guard.step(loss, {"rgb": rgb, "pose": pose})
                self.optimizer.step()
                self.scheduler.step()
        except RunStopped as stopped:
            self.stopped = stopped
        self.model.eval()
        with torch.no_grad():
            self.top1 = float(scores(256))

    def broken(self, step, batch):
        """The fault, from its step on."""
        if (self.fault == "NaN batch" and step == AT) or (self.fault == "NaN data" and step >= AT and step % 9 == 0):
            return batch * float("nan")
        if step == AT and self.fault == "rate":
            self.scheduler.base_lrs = [400 * rate for rate in self.scheduler.base_lrs]
        if step == AT and self.fault == "rate of a branch":
            self.scheduler.base_lrs[1] *= 400
        if step == AT and self.fault == "weight":
            self.weight = 400.0
        return batch

    @property
    def kinds(self):
        return [kind for kind, _, _ in self.events]


@pytest.fixture(scope="module")
def clean():
    return Run("", mode="propose")


def said_of(run, kind):
    return next(text for found, _, text in run.events if found == kind)


@pytest.mark.parametrize(
    ("fault", "edits"),
    [
        ("rate", "the rate of group 0 stays at or below"),
        ("rate of a branch", "the rate of group 1 stays at or below"),
        ("weight", "the gradient of pose is clipped to"),
        ("NaN batch", "the batches in between are skipped"),
        ("warm-up", "the rate of group 0 stays at or below"),
    ],
)
def test_a_fault_is_undone_by_the_smallest_edit(clean, fault, edits):
    run = Run(fault)
    assert edits in said_of(run, "restored")
    assert run.kinds[-1] == "recovered"
    assert run.kinds.count("restored") == 1
    assert run.top1 >= clean.top1 - 3


def test_without_the_guard_these_faults_hurt(clean):
    for fault in ("rate", "NaN batch", "warm-up"):
        assert Run(fault, mode="propose").top1 < clean.top1 - 10


def test_it_is_seen_within_tens_of_steps():
    for fault in ("rate", "NaN batch", "weight"):
        at = next(step for kind, step, _ in Run(fault).events if kind == "fault")
        assert AT <= at <= AT + 33


def test_a_rate_that_was_never_right_begins_anew():
    run = Run("too high")
    assert "back to the snapshot of step 0; all rates times 0.1" in said_of(run, "restored")
    assert run.kinds[-1] == "recovered"
    assert run.top1 > 80


def test_a_fault_in_the_data_is_escalated_and_not_tuned():
    run = Run("NaN data")
    assert run.stopped.verdict == "escalate"
    assert "the fault is in the data or the code" in str(run.stopped)
    assert run.kinds.count("restored") == 1
    assert run.top1 > 80  # the newest good weights are in the model


def test_a_stop_leaves_the_good_weights_and_what_happened(tmp_path):
    run = Run("NaN data", folder=tmp_path)
    kept = torch.load(tmp_path / "guard-good.pt", weights_only=True)
    assert set(kept) == {"model", "optimizer", "scheduler"}
    assert all(torch.equal(value, kept["model"][name]) for name, value in run.model.state_dict().items())
    text = (tmp_path / "guard-plan.md").read_text(encoding="utf-8")
    assert "`guard-good.pt`" in text
    assert "find the samples or the code" in text
    assert "the batches in between are skipped" in text
    events = [json.loads(line) for line in (tmp_path / "metrics.jsonl").read_text().splitlines()]
    assert [one["event"] for one in events if one["kind"] == "event"] == [
        "guard-ready",
        "guard-fault",
        "guard-restored",
        "guard-fault",
        "guard-stopped",
    ]


def test_a_run_that_begins_trained_and_stays_level_is_left_alone():
    """Nothing is learned any more where a run was resumed near its end: that is no rate that was never right."""
    torch.manual_seed(0)
    network = nn.Linear(8, 4)
    means = 3 * torch.eye(4, 8)
    with torch.no_grad():
        network.weight.copy_(means)
        network.bias.zero_()
    optimizer = torch.optim.SGD(network.parameters(), lr=1e-4)
    held = torch.arange(64) % 4
    events = []
    guard = Guard(
        network,
        optimizer,
        log=lambda *_: None,
        canary=lambda: {"top1": 100 * (network(means[held]).argmax(1) == held).float().mean()},
        mode="act",
        rhythm=Rhythm(canary=10),
        done=5000,
    )
    guard._acting._tell = lambda kind, text: events.append((kind, text))
    for _ in range(300):
        label = torch.randint(4, (16,))
        loss = nn.functional.cross_entropy(network(means[label] + torch.randn(16, 8)), label)
        optimizer.zero_grad()
        loss.backward()
        guard.step(loss)
        optimizer.step()
    assert events == []


def test_a_loss_that_stays_higher_is_asked_about_once():
    asked = []
    network = nn.Linear(4, 4)
    optimizer = torch.optim.SGD(network.parameters(), lr=0.0)

    def look():
        asked.append(1)
        return {"top1": 90.0}

    guard = Guard(network, optimizer, log=lambda *_: None, canary=look, mode="act", rhythm=Rhythm(canary=1000))
    for step in range(300):
        optimizer.zero_grad()
        network(torch.ones(2, 4)).sum().backward()
        guard.step(torch.tensor(3.0 if step > 150 else 1.0))
        optimizer.step()
    assert len(asked) == 2  # before training, and when the loss had risen


def test_a_proposal_changes_nothing():
    alone, proposing = Run("rate", mode="observe"), Run("rate", mode="propose")
    for one, other in zip(alone.model.parameters(), proposing.model.parameters()):
        assert torch.equal(one, other)
    assert "would go back to the snapshot of step" in said_of(proposing, "proposed")
    assert "restored" not in proposing.kinds


@pytest.mark.parametrize("adam", [False, True])
@pytest.mark.parametrize("seed", range(4))
def test_a_healthy_run_is_left_alone(seed, adam):
    run = Run("", seed=seed, adam=adam, steps=600)
    assert set(run.kinds) <= {"ready"}
    assert run.top1 > 80


def test_its_size_is_said_before_training(capsys):
    Run("", steps=1)
    said = capsys.readouterr().err
    assert "defib: up to 6 snapshots of" in said
    assert "in host memory" in said


def test_acting_needs_a_canary_and_modes_have_names():
    network = nn.Linear(2, 2)
    optimizer = torch.optim.SGD(network.parameters(), lr=0.1)
    with pytest.raises(ValueError, match="mode 'act' needs a canary"):
        Guard(network, optimizer, mode="act", log=lambda *_: None)
    with pytest.raises(ValueError, match="mode 'watch' is not one of observe, propose, act"):
        Guard(network, optimizer, mode="watch", log=lambda *_: None)
