"""Two processes, of which one sees the fault: both go back at the same step, to the same weights."""

import json
import os
import subprocess
import sys

SCRIPT = """
import json, sys, torch
from torch import nn
from defib.hooks.telemetry import Rhythm
from defib.hooks.torch import Guard

torch.distributed.init_process_group("gloo")
rank = torch.distributed.get_rank()
torch.manual_seed(0)
network = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 4))
model = nn.parallel.DistributedDataParallel(network)
optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
drawn = torch.Generator().manual_seed(rank)
means = 2 * torch.randn(4, 8, generator=torch.Generator().manual_seed(9))
held = torch.arange(64) % 4

def look():
    return {"top1": 100 * (network(means[held]).argmax(1) == held).float().mean()}

events = []
guard = Guard(model, optimizer, log="run", canary=look, mode="act", rhythm=Rhythm(canary=20, norms=5))
guard._acting._tell = lambda kind, text: events.append([kind, guard.telemetry.done, text])
for step in range(1, 161):
    label = torch.randint(4, (32,), generator=drawn)
    given = means[label] + torch.randn(32, 8, generator=drawn)
    loss = nn.functional.cross_entropy(model(given), label)
    optimizer.zero_grad()
    loss.backward()
    told = loss.detach() * (float("nan") if rank == 1 and step == 101 else 1.0)  # only rank 1 sees it
    guard.step(told)
    optimizer.step()
weights = torch.cat([one.detach().flatten() for one in network.parameters()]).double().sum().item()
json.dump({"events": events, "weights": weights, "top1": float(look()["top1"])}, open(f"rank{rank}.json", "w"))
torch.distributed.destroy_process_group()
"""


def test_every_process_takes_the_same_decision_at_the_same_step(tmp_path):
    (tmp_path / "train.py").write_text(SCRIPT, encoding="utf-8")
    launch = [
        sys.executable,
        "-m",
        "torch.distributed.run",
        "--nproc_per_node=2",
        "--master_port=0",
        "--standalone",
        "train.py",
    ]
    surroundings = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(sys.path),
        "OMP_NUM_THREADS": "1",
        "PYTHONWARNINGS": "ignore",
    }
    done = subprocess.run(
        launch, cwd=tmp_path, env=surroundings, capture_output=True, text=True, check=False, timeout=240
    )
    assert done.returncode == 0, done.stderr[-2000:]
    first, second = (json.loads((tmp_path / f"rank{rank}.json").read_text()) for rank in (0, 1))
    assert [kind for kind, _, _ in first["events"]] == ["fault", "restored", "recovered"]
    assert first["events"] == second["events"]
    assert 101 <= first["events"][0][1] <= 109
    assert first["weights"] == second["weights"]
    assert first["top1"] > 90
    log = [json.loads(line) for line in (tmp_path / "run" / "metrics.jsonl").read_text().splitlines()]
    assert sum(line["kind"] == "start" for line in log) == 1  # one process writes
