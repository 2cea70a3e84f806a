"""`defib rescue` from a framework's own log, config and checkpoints to a config that its own parser reads as planned.

The runs are made up (tests/made_up_runs.py); the configs are in the form that each framework writes or takes.
"""

from __future__ import annotations

import importlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml

from defib import pipeline

sys.path.insert(0, str(Path(__file__).parent))

torch = pytest.importorskip("torch")
made_up_runs = importlib.import_module("made_up_runs")

CONFIGS = Path(__file__).parent / "runs" / "frameworks"


def of_yaml(path):
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def of_json(path):
    return json.loads(path.read_text(encoding="utf-8"))


def of_mmcv(path):
    """By mmengine's parser, which reads what mmcv's did. It runs the file, which is our own."""
    config = pytest.importorskip("mmengine.config")
    return config.Config.fromfile(str(path)).to_dict()


def of_recipe(path):
    """By the trainer itself, defaults included."""
    from defib.action.training import recipe

    return recipe.to_builtins(recipe.read(str(path)))


def of_lazy(path):
    """By running it as detectron2 does, with stand-ins for what it imports. It is our own."""

    class Maker:
        def __init__(self, target):
            self.target = target

        def __call__(self, **arguments):
            return {"_target_": self.target, **arguments}

    words = path.read_text(encoding="utf-8").splitlines()
    body = "\n".join(line for line in words if not line.startswith(("import ", "from ")))
    names = ("WarmupParamScheduler", "MultiStepParamScheduler", "get_default_optimizer_params")
    space = {"L": Maker, "torch": torch, **{name: name for name in names}}
    exec(compile(body, str(path), "exec"), space)
    return {key: space[key] for key in ("train", "optimizer", "lr_multiplier", "dataloader")}


def of_shell(path):
    """By bash, with a launcher that prints its arguments."""
    launcher = path.parent / "bin" / "torchrun"
    launcher.parent.mkdir(exist_ok=True)
    launcher.write_text('#!/bin/sh\nprintf "%s\\n" "$@"\n', encoding="utf-8")
    launcher.chmod(0o755)
    environment = {**os.environ, "PATH": f"{launcher.parent}:{os.environ['PATH']}"}
    done = subprocess.run(["bash", path], capture_output=True, text=True, env=environment, check=True, timeout=30)
    words = done.stdout.splitlines()
    keys = [at for at, word in enumerate(words) if word.startswith("--")]
    return {words[at]: tuple(words[at + 1 : end]) for at, end in zip(keys, [*keys[1:], len(words)], strict=True)}


def flat(tree, way=""):
    """Every leaf under its dotted path; lists are leaves."""
    if not isinstance(tree, dict):
        return {way: list(tree) if isinstance(tree, tuple) else tree}
    return {
        path: leaf for key, below in tree.items() for path, leaf in flat(below, f"{way}.{key}" if way else key).items()
    }


class Case(NamedTuple):
    """What has to come out."""

    writer: str
    config: str
    parse: object
    start: str
    """The checkpoint, below the run."""
    load: str | None
    """The key that names it; None where a person loads it."""
    changed: dict
    command: str
    named: str | None = None
    """The file that the config is found under, beside the log; None: it is named by --config."""


CASES = {
    "huggingface": Case(
        "huggingface",
        "huggingface.json",
        of_json,
        "checkpoint-1100",
        "model_name_or_path",
        {
            "max_grad_norm": 2.0,
            "num_train_epochs": 40.0,
            "warmup_ratio": 0.0,
            "resume_from_checkpoint": None,
            "output_dir": "out/vit-flowers_rescue",
        },
        "",
    ),
    "huggingface_script": Case(
        "huggingface",
        "huggingface.sh",
        of_shell,
        "checkpoint-1100",
        "--model_name_or_path",
        {
            "--max_grad_norm": ["2.0"],
            "--num_train_epochs": ["40"],
            "--warmup_steps": ["0"],
            "--resume_from_checkpoint": None,
            "--output_dir": ["out/vit-flowers_rescue"],
        },
        "bash {new}",
    ),
    "lightning": Case(
        "lightning",
        "lightning.yaml",
        of_yaml,
        "checkpoints/epoch=10-step=1100.ckpt",
        None,
        {
            "optimizer.init_args.lr": 1.0,
            "optimizer.init_args.weight_decay": 0.001,
            "trainer.gradient_clip_val": 2.0,
            "trainer.max_epochs": 40,
            "lr_scheduler.init_args.milestones": [20, 30],
            "trainer.default_root_dir": "runs/a_rescue",
            "ckpt_path": None,
        },
        "python main.py fit --config {new}",
        named="config.yaml",
    ),
    "detectron2": Case(
        "detectron2",
        "detectron2.yaml",
        of_yaml,
        "model_0010999.pth",
        "MODEL.WEIGHTS",
        {
            "SOLVER.CLIP_GRADIENTS.CLIP_VALUE": 4.0,
            "SOLVER.MAX_ITER": 45000,
            "SOLVER.STEPS": "(30000, 40000)",
            "OUTPUT_DIR": "output_rescue",
        },
        "python train_net.py --config-file {new} --num-gpus 8",
        named="config.yaml",
    ),
    "detectron2_lazy": Case(
        "detectron2",
        "lazy.py",
        of_lazy,
        "model_0010999.pth",
        "train.init_checkpoint",
        {
            "optimizer.lr": 1.0,
            "optimizer.weight_decay": 0.0002,
            "train.clip_grad.params.max_norm": 4.0,
            "train.max_iter": 45000,
            "lr_multiplier.scheduler.milestones": [30000, 40000],
            "lr_multiplier.scheduler.num_updates": 45000,
            "train.output_dir": "./output/lazy_rescue",
        },
        "python tools/lazyconfig_train_net.py --config-file {new} --num-gpus 8",
    ),
    "pyslowfast": Case(
        "pyslowfast",
        "pyslowfast.yaml",
        of_yaml,
        "checkpoints/checkpoint_epoch_00011.pyth",
        "TRAIN.CHECKPOINT_FILE_PATH",
        {
            "SOLVER.BASE_LR": 1.0,
            "SOLVER.WEIGHT_DECAY": 0.0002,
            "SOLVER.CLIP_GRAD_L2NORM": 4.0,
            "SOLVER.MAX_EPOCH": 98,
            "SOLVER.STEPS": [0, 47, 77],
            "SOLVER.WARMUP_EPOCHS": 0.0,
            "TRAIN.AUTO_RESUME": False,
            "TRAIN.CHECKPOINT_EPOCH_RESET": True,
            "TRAIN.CHECKPOINT_TYPE": "pytorch",
            "OUTPUT_DIR": "run_rescue",
        },
        "python tools/run_net.py --cfg {new}",
    ),
    "mmcv": Case(
        "mmcv",
        "mmcv.py",
        of_mmcv,
        "epoch_11.pth",
        "load_from",
        {
            "optimizer.lr": 0.2,  # the reference's, for a batch of 128
            "optimizer_config.grad_clip.max_norm": 20,
            "lr_config.step": [20, 30],
            "lr_config.warmup": None,
            "total_epochs": 40,
            "resume_from": None,
            "work_dir": "./work_dirs/posec3d/joint_rescue",
        },
        "bash tools/dist_train.sh {new} 8 --validate",
        named="mmcv.py",
    ),
    "recipe": Case(
        "trainer",
        "recipe.yaml",
        of_recipe,
        "best/weights.safetensors",
        "load_from",
        {
            "optim.lr": 0.005,  # the network's reference is known, so that the rate is a notch below the published one
            "optim.clip": 20.0,
            "schedule.milestones": [20.0, 30.0],
            "schedule.warmup_epochs": 0.0,
            "train.max_epochs": 40,
            "resume": False,
            "work_dir": "work_dirs/rgbpose_rescue",
        },
        "defib train {new}",
    ),
    "ultralytics": Case(
        "ultralytics",
        "ultralytics.yaml",
        of_yaml,
        "weights/best.pt",
        "model",
        {
            "lr0": 1.0,
            "weight_decay": 0.001,
            "epochs": 50,
            "warmup_epochs": 0.0,
            "save_dir": "runs/detect/train_rescue",
        },
        "yolo train cfg={new}",
        named="args.yaml",
    ),
    "timm": Case(
        "timm",
        "timm.yaml",
        of_yaml,
        "model_best.pth.tar",
        "initial_checkpoint",
        {
            "lr": 1.0,
            "weight_decay": 4e-05,
            "clip_grad": 4.0,
            "epochs": 100,
            "warmup_epochs": 0,
            "resume": "",
            "experiment": "r50_rescue",
        },
        "torchrun --nproc_per_node=8 train.py /data/imagenet --config {new}",
        named="args.yaml",
    ),
}


def rescued(case, tmp_path):
    """The run's folder, its config, the new one, and the Case, as `defib rescue` makes them, without a report."""
    run, out = tmp_path / "run", tmp_path / "out"
    run.mkdir()
    getattr(made_up_runs, case.writer)(run)
    config = run / (case.named or f"../{case.config}")
    shutil.copy(CONFIGS / case.config, config)
    asked = pipeline.Asked(gpus=8, config=None if case.named else config)
    made = pipeline.rescue(pipeline.diagnose(pipeline.open_run(run, asked)), profile="conservative", out=out)
    _, text = pipeline.rewritten(made.plan)
    new = Path(made.plan.new_config)
    new.write_text(text, encoding="utf-8")
    return run, config, new, made


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_a_collapse_becomes_a_config_that_the_framework_reads_as_planned(case, tmp_path):
    run, config, new, made = rescued(case, tmp_path)
    start = made.plan.start_from
    assert made.verdict == "rescue"
    assert all(one.state == "ready" for one in made.run.checkpoints)
    assert (start.path, start.state) == (case.start, "ready")
    before, after = flat(case.parse(config)), flat(case.parse(new))
    changed = {path: after.get(path) for path in before.keys() | after.keys() if before.get(path) != after.get(path)}
    whole = str(run / case.start).removesuffix("/weights.safetensors")  # our trainer takes the folder
    weights = start.weights or whole
    loaded = {} if case.load is None else {case.load: [weights] if case.load.startswith("--") else weights}
    assert changed == {**case.changed, **loaded}
    assert " ".join(made.plan.command) == case.command.format(new=new)
    by_hand = {edit.key: edit.new for edit in made.plan.by_hand}
    assert by_hand == ({"load_from": weights} if case.load is None else {})
    _only_sites_changed(config, new, made)


def _only_sites_changed(config, new, made):
    """No line is touched without an edit: comments, blank lines and the order of the keys are the old ones."""
    old, now = (path.read_text(encoding="utf-8").splitlines() for path in (config, new))
    sites = [site for edit in made.plan.edits for site in edit.sites]
    lost = [line for line in old if line not in now]
    assert len(lost) <= len(sites) + 1  # a list in YAML may stand on two lines
    assert [line for line in old if line in now] == [line for line in now if line in old]


def test_the_baseline_of_mmcv_does_not_resume(tmp_path):
    detector = tmp_path / "detector"
    detector.mkdir()
    run, config, _, _ = rescued(CASES["mmcv"], detector)
    config.write_text(config.read_text().replace("Recognizer3D", "FasterRCNN"))
    made = pipeline.rescue(pipeline.diagnose(pipeline.open_run(run, pipeline.Asked(gpus=8))))
    words = made.plan.baseline.command
    assert "--validate" not in made.plan.command  # mmdetection validates by itself, and refuses the word
    assert "optimizer.lr=0.2" in words
    assert "resume_from=" in words  # empty: a word that mmcv takes for nothing
    assert not any(word.startswith("resume=") for word in words)


def test_pyskl_takes_no_options_that_it_does_not_know(tmp_path):
    _, _, _, made = rescued(CASES["mmcv"], tmp_path)
    assert made.plan.command[-1] == "--validate"
    assert made.plan.baseline.command == ()
    follow, latest = made.plan.monitor
    assert "joint_rescue/*.log" in follow
    assert "_top1" not in latest
