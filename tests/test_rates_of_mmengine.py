"""Our closed forms against mmengine's own schedulers, stepped as its hook steps them."""

import copy

import pytest

from defib.diagnosis.rates import schedule
from defib.samples import run_of

torch = pytest.importorskip("torch")
pytest.importorskip("mmengine")

EPOCHS, STEPS, BASE = 12, 7, 0.02


def theirs(written):
    """(step, epoch, rate) of every step, as mmengine's runtime hook logs them: before the schedulers step."""
    from mmengine.optim.scheduler import lr_scheduler

    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=BASE)
    built = []
    for item in copy.deepcopy(written):
        kind = getattr(lr_scheduler, item.pop("type"))
        if item.pop("convert_to_iter_based", False):
            built.append(kind.build_iter_from_epoch(optimizer, epoch_length=STEPS, **item))
        else:
            built.append(kind(optimizer, **item))
    rows = []
    for epoch in range(1, EPOCHS + 1):
        for step in range(1, STEPS + 1):
            rows.append(((epoch - 1) * STEPS + step, epoch, optimizer.param_groups[0]["lr"]))
            optimizer.step()
            for one in built:
                if not one.by_epoch:
                    one.step()
        for one in built:
            if one.by_epoch:
                one.step()
    return rows


def warmup(**more):
    return {"type": "LinearLR", "start_factor": 0.1, **more}


LISTS = {
    "a rate that stays": [],
    "milestones": [{"type": "MultiStepLR", "milestones": [4, 8], "gamma": 0.1}],
    "milestones upwards": [{"type": "MultiStepLR", "milestones": [0, 9], "gamma": 25.0}],
    "steps": [{"type": "StepLR", "step_size": 3, "gamma": 0.5}],
    "exponential": [{"type": "ExponentialLR", "gamma": 0.9}],
    "cosine": [{"type": "CosineAnnealingLR", "T_max": 12, "eta_min": 0.001}],
    "cosine by share": [{"type": "CosineAnnealingLR", "T_max": 12, "eta_min_ratio": 0.05}],
    "cosine up again": [{"type": "CosineAnnealingLR", "T_max": 4}],
    "poly": [{"type": "PolyLR", "power": 0.9, "eta_min": 0.0001, "begin": 0, "end": 84, "by_epoch": False}],
    "a constant factor": [{"type": "ConstantLR", "factor": 0.3, "begin": 0, "end": 5}],
    "warm-up in epochs, then cosine": [
        warmup(begin=0, end=3),
        {"type": "CosineAnnealingLR", "begin": 3, "end": 12, "T_max": 9, "eta_min": 0.0002},
    ],
    "warm-up in steps beside milestones": [
        warmup(begin=0, end=20, by_epoch=False),
        {"type": "MultiStepLR", "begin": 0, "end": 12, "milestones": [2, 8]},
    ],
    "warm-up within the first epoch, then cosine in epochs": [
        warmup(begin=0, end=5, by_epoch=False),
        {"type": "CosineAnnealingLR", "T_max": 12, "eta_min": 0.001},
    ],
    "epochs turned into steps": [
        warmup(begin=0, end=2, convert_to_iter_based=True),
        {"type": "CosineAnnealingLR", "begin": 2, "end": 12, "T_max": 10, "convert_to_iter_based": True},
    ],
    "milestones turned into steps": [{"type": "MultiStepLR", "milestones": [4], "convert_to_iter_based": True}],
    "flat, then cosine in the second half": [
        warmup(begin=0, end=20, by_epoch=False),
        {"type": "CosineAnnealingLR", "begin": 6, "end": 12, "T_max": 6, "eta_min": 0.001, "by_epoch": True},
    ],
    "one cycle": [{"type": "OneCycleLR", "eta_max": 0.05, "total_steps": 84, "by_epoch": False}],
    "one cycle in three parts, straight": [
        {
            "type": "OneCycleLR", "eta_max": 0.05, "total_steps": 84, "by_epoch": False, "three_phase": True,
            "anneal_strategy": "linear",
        }
    ],
}  # fmt: skip


# Their own deprecations on import and in training are theirs.
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", LISTS)
def test_every_rate_is_that_of_mmengine(name):
    config = {"optim_wrapper": {"optimizer": {"type": "SGD", "lr": BASE}}, "param_scheduler": LISTS[name]}
    found = schedule(run_of({"val/top1": [1.0]}, config=config), float(STEPS))
    for step, epoch, rate in theirs(LISTS[name]):
        assert found.at(step, epoch) == pytest.approx(rate, rel=1e-6, abs=1e-12), f"step {step}"
