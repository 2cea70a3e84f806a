"""The hook in mmengine's real Runner: what it writes is read, and training is the same without it."""

import json
import uuid

import numpy as np
import pytest
import torch
from mmengine.evaluator import BaseMetric, Evaluator
from mmengine.model import BaseModel
from mmengine.runner import Runner
from torch import nn

import defib
from defib.hooks.mmengine import DefibHook
from made_up_streams import STEPS, Clips, build, scores


class TwoStreams(BaseModel):
    def __init__(self):
        super().__init__()
        build(self)

    def forward(self, inputs, label, mode="tensor"):
        rgb, pose = scores(self, inputs)
        found = {"rgb": rgb, "pose": pose}
        if mode == "loss":
            return {f"loss_{name}": nn.functional.cross_entropy(one, label) for name, one in found.items()}
        fused = sum(one.softmax(1) for one in found.values())
        return [{"right": right} for right in (fused.argmax(1) == label).tolist()]


class Top1(BaseMetric):
    default_prefix = "acc"

    def process(self, data_batch, data_samples):
        self.results += [one["right"] for one in data_samples]

    def compute_metrics(self, results):
        return {"top1": sum(results) / len(results)}


def loader(seed, count, shuffle):
    return {
        "dataset": Clips(seed, count, "inputs", "label"),
        "batch_size": 8,
        "num_workers": 0,
        "collate_fn": {"type": "default_collate"},
        "sampler": {"type": "DefaultSampler", "shuffle": shuffle},
    }


def runner(folder, hook, *, epochs=4, wrapper=None, resume=False, step=None):
    torch.manual_seed(0)
    return Runner(
        model=TwoStreams(),
        work_dir=str(folder),
        train_dataloader=loader(1, 8 * STEPS, shuffle=True),
        val_dataloader=loader(2, 80, shuffle=False),
        val_evaluator=Evaluator([Top1()]),
        train_cfg={"by_epoch": True, "max_epochs": epochs},
        val_cfg={},
        optim_wrapper={
            "type": "OptimWrapper",
            "optimizer": {"type": "SGD", "lr": 0.05, "momentum": 0.9},
            "clip_grad": {"max_norm": 1.0},
            **(wrapper or {}),
        },
        param_scheduler=[{"type": "MultiStepLR", "milestones": [step or 99], "gamma": 1000.0}],
        default_hooks={
            "checkpoint": {"type": "CheckpointHook", "interval": 1},
            "logger": {"type": "LoggerHook", "interval": 8},
        },
        custom_hooks=[hook] if hook else [],
        randomness={"seed": 3},
        experiment_name=uuid.uuid4().hex,
        resume=resume,
        default_scope="mmengine",
    )


OFTEN = {"type": "DefibHook", "log_every": 8, "norms": 2, "sample": 4}


def weights(of):
    return {name: value.clone() for name, value in of.model.state_dict().items()}


def rows(folder):
    found = max(folder.glob("*/vis_data/scalars.json"))
    return [json.loads(line) for line in found.read_text().splitlines()]


@pytest.mark.parametrize(
    "wrapper",
    [
        {},
        {"clip_grad": None},
        {"clip_grad": {"type": "value", "clip_value": 0.1}},
        {"accumulative_counts": 3},
        {"half": True},  # mmengine's own wrapper for it refuses a CPU
    ],
    ids=["clipped", "not clipped", "by value", "accumulated", "bf16"],
)
def test_training_is_bit_for_bit_the_same(tmp_path, wrapper):
    after, half = [], wrapper.pop("half", False)
    for name, hook in (("with", dict(OFTEN)), ("without", None)):
        one = runner(tmp_path / name, hook, epochs=2, wrapper=dict(wrapper))
        with torch.autocast("cpu", torch.bfloat16, enabled=half):
            one.train()
        after.append(weights(one))
    assert all(torch.equal(value, after[1][name]) for name, value in after[0].items())


def test_the_log_has_each_branch(tmp_path):
    runner(tmp_path / "run", dict(OFTEN)).train()
    mine = [row for row in rows(tmp_path / "run") if any(name.startswith("train/") for name in row)]
    assert [row["step"] for row in mine] == list(range(8, 8 * 8 + 1, 8))
    assert {
        f"train/{name}/{branch}"
        for name in ("grad_norm", "update_ratio", "feature_rank", "entropy")
        for branch in ("rgb", "pose")
    } <= set(mine[0])
    assert "train/grad_norm" not in mine[0]  # mmengine logs it itself
    assert mine[-1]["train/still/pose"] == pytest.approx(100 * 2 / 6)  # two of six that are trained are never used


def test_defib_reads_what_it_wrote(tmp_path):
    runner(tmp_path / "run", dict(OFTEN)).train()
    run = defib.open_run(tmp_path / "run")
    assert run.framework == "mmengine"
    pose = run.get("train/grad_norm/pose")
    assert len(pose.value) == 8
    assert pose.epoch[-1] == 4
    assert run.not_understood == ()
    assert len(run.segments) == 1
    assert defib.diagnose(run).verdict == "healthy"


def test_a_run_that_breaks_tells_of_it_within_the_epoch(tmp_path):
    runner(tmp_path / "run", dict(OFTEN), epochs=4, wrapper={"clip_grad": None}, step=3).train()
    run = defib.open_run(tmp_path / "run")
    ratio = run.get("train/update_ratio/pose").value
    assert np.nanmax(ratio[6:]) > 20 * np.nanmax(ratio[:6])


@pytest.mark.filterwarnings("ignore:Environment variable TORCH_FORCE_NO_WEIGHTS_ONLY_LOAD")
def test_a_resumed_run_counts_on(tmp_path, monkeypatch):
    monkeypatch.setenv(
        "TORCH_FORCE_NO_WEIGHTS_ONLY_LOAD", "1"
    )  # mmengine keeps its log in the checkpoint; this one is ours
    runner(tmp_path / "run", dict(OFTEN), epochs=2).train()
    runner(tmp_path / "run", dict(OFTEN), epochs=3, resume=True).train()
    mine = [row for row in rows(tmp_path / "run") if "train/grad_norm/pose" in row]
    assert [row["step"] for row in mine][-2:] == [40, 48]  # of one folder, where both began in the same second


def test_the_optimizer_is_given_back(tmp_path):
    one = runner(tmp_path / "run", dict(OFTEN), epochs=1)
    one.train()
    assert one.optim_wrapper.clip_func is torch.nn.utils.clip_grad_norm_


def test_several_optimizers_are_told_and_the_rest_is_measured(tmp_path, caplog):
    class Both(TwoStreams):
        def train_step(self, data, optim_wrapper):
            losses = self(**data, mode="loss")
            total, logged = self.parse_losses(losses)
            optim_wrapper["rgb"].update_params(total)
            return logged

    from mmengine.optim import OptimWrapper, OptimWrapperDict

    one = runner(tmp_path / "run", dict(OFTEN), epochs=1)
    one.model = Both()
    made = {name: OptimWrapper(torch.optim.SGD(one.model.parameters(), lr=0.01)) for name in ("rgb", "pose")}
    one.optim_wrapper, one.param_schedulers = OptimWrapperDict(**made), {"rgb": [], "pose": []}
    one.train()
    log = next((tmp_path / "run").glob("*/*.log")).read_text()
    assert "there are several optimizers: gradients and updates are not measured" in log
    assert any("train/feature_rank/pose" in row for row in rows(tmp_path / "run"))
    assert not any("train/grad_norm/pose" in row for row in rows(tmp_path / "run"))


def test_a_misspelt_branch_stops_before_training(tmp_path):
    one = runner(tmp_path / "run", {"type": "DefibHook", "branches": {"flow": "flow_path"}})
    with pytest.raises(ValueError, match="the branch 'flow' has no parameters of its own"):
        one.train()


def test_it_is_found_by_its_full_name_in_a_config():
    from mmengine.registry import HOOKS

    assert isinstance(HOOKS.build({"type": "defib.hooks.mmengine.DefibHook"}), DefibHook)
