import pytest

from defib.playbook.plays.drop_warmup import drop_warmup
from defib.playbook.plays.halve_clip import halve_clip
from defib.playbook.plays.halve_epochs import halve_epochs
from defib.playbook.plays.lr_one_notch_down import lr_one_notch_down
from defib.samples import run_of

ULTRALYTICS = {"lr0": 0.1, "epochs": 100, "optimizer": "SGD", "warmup_epochs": 3.0}
TIMM = {"opt": "sgd", "sched": "multistep", "lr": 0.1, "epochs": 300, "warmup_epochs": 5, "decay_milestones": [90, 180]}
PYSLOWFAST = {
    "SOLVER": {
        "BASE_LR": 0.1,
        "LR_POLICY": "steps_with_relative_lrs",
        "MAX_EPOCH": 196,
        "WARMUP_EPOCHS": 34.0,
        "OPTIMIZING_METHOD": "sgd",
        "STEPS": [0, 94],
    }
}
DETECTRON2 = {"SOLVER": {"BASE_LR": 0.1, "MAX_ITER": 90000, "STEPS": "(60000, 80000)", "WARMUP_ITERS": 1000}}
LIGHTNING = {
    "trainer": {"max_epochs": 80, "max_steps": -1},
    "model": {"class_path": "m.M"},
    "lr_scheduler": {"class_path": "torch.optim.lr_scheduler.MultiStepLR", "init_args": {"milestones": [40, 60]}},
}
HUGGINGFACE = {"num_train_epochs": 100.0, "output_dir": "o", "max_steps": -1}
MMCV = {
    "optimizer": {"type": "SGD", "lr": 0.1},
    "optimizer_config": {"grad_clip": {"max_norm": 40}},
    "lr_config": {"policy": "step", "step": [40, 80], "warmup": "linear", "warmup_iters": 5},
    "runner": {"type": "EpochBasedRunner", "max_epochs": 100},
}


def sites(play, tree):
    run = run_of({"val/top1": [1.0]}, config=tree, dialect="yaml")
    return {site.path: site.new for edit in play(run, None) for site in edit.sites}


@pytest.mark.parametrize(
    ("tree", "expected"),
    [
        (ULTRALYTICS, {"warmup_epochs": 0.0}),
        (TIMM, {"warmup_epochs": 0}),
        (PYSLOWFAST, {"SOLVER.WARMUP_EPOCHS": 0.0}),
        (MMCV, {"lr_config.warmup": None}),
    ],
)
def test_a_warm_up_is_switched_off_as_the_framework_does(tree, expected):
    assert sites(drop_warmup, tree) == expected


@pytest.mark.parametrize("name", ["AdamW", "adamw", "auto"])
def test_a_warm_up_stays_where_sgd_is_not_named(name):
    assert sites(drop_warmup, {**ULTRALYTICS, "optimizer": name}) == {}


@pytest.mark.parametrize(
    ("tree", "expected"),
    [
        (ULTRALYTICS, {"epochs": 50}),
        (TIMM, {"epochs": 150, "decay_milestones": [45, 90]}),
        (PYSLOWFAST, {"SOLVER.MAX_EPOCH": 98, "SOLVER.STEPS": [0, 47]}),
        (MMCV, {"runner.max_epochs": 50, "lr_config.step": [20, 40]}),
        ({**TIMM, "sched": "step", "decay_epochs": 30.0}, {"epochs": 150, "decay_epochs": 15.0}),
        (LIGHTNING, {"trainer.max_epochs": 40, "lr_scheduler.init_args.milestones": [20, 30]}),
        (HUGGINGFACE, {"num_train_epochs": 50.0}),
    ],
)
def test_half_the_epochs_moves_what_counts_epochs(tree, expected):
    assert sites(halve_epochs, tree) == expected


@pytest.mark.parametrize(
    ("tree", "expected"),
    [
        (DETECTRON2, {"SOLVER.MAX_ITER": 45000, "SOLVER.STEPS": "(30000, 40000)"}),
        ({**HUGGINGFACE, "max_steps": 5000}, {"max_steps": 2500}),
        (
            {
                "train_cfg": {"max_iters": 80000},
                "param_scheduler": [
                    {"type": "PolyLR", "end": 80000, "by_epoch": False},
                    {"type": "MultiStepLR", "milestones": [3], "by_epoch": True},
                ],
            },
            {"train_cfg.max_iters": 40000, "param_scheduler.0.end": 40000},
        ),
        (
            {
                **MMCV,
                "runner": {"max_iters": 40000},
                "lr_config": {"policy": "step", "step": [30000], "by_epoch": False},
            },
            {"runner.max_iters": 20000, "lr_config.step": [15000]},
        ),
    ],
)
def test_half_the_steps_moves_what_counts_steps(tree, expected):
    assert sites(halve_epochs, tree) == expected


@pytest.mark.parametrize(
    ("tree", "kept"),
    [
        ({**TIMM, "sched": "cosine"}, "decay_milestones"),
        ({"SOLVER": {**PYSLOWFAST["SOLVER"], "LR_POLICY": "cosine"}}, "SOLVER.STEPS"),
        ({"SOLVER": {**DETECTRON2["SOLVER"], "LR_SCHEDULER_NAME": "WarmupCosineLR"}}, "SOLVER.STEPS"),
        ({**MMCV, "lr_config": {**MMCV["lr_config"], "policy": "CosineAnnealing"}}, "lr_config.step"),
        ({**MMCV, "lr_config": {**MMCV["lr_config"], "by_epoch": False}}, "lr_config.step"),
        ({**DETECTRON2}, "SOLVER.WARMUP_ITERS"),
    ],
)
def test_what_the_schedule_does_not_read_stays(tree, kept):
    found = sites(halve_epochs, tree)
    assert found
    assert kept not in found


@pytest.mark.parametrize(
    "tree",
    [
        {"SOLVER": {"BASE_LR": 0.1, "MAX_ITER": 1800}},
        {"trainer": {"max_epochs": 80, "max_steps": 9000}, "model": {"class_path": "m.M"}},
        {"num_train_epochs": 3.0, "output_dir": "o"},
    ],
)
def test_a_short_length_and_one_of_two_limits_stay(tree):
    assert sites(halve_epochs, tree) == {}


def test_only_a_limit_on_the_norm_is_halved():
    assert sites(halve_clip, MMCV) == {"optimizer_config.grad_clip.max_norm": 20}
    clip = {"ENABLED": True, "CLIP_TYPE": "value", "CLIP_VALUE": 8.0}
    solver = {"BASE_LR": 0.1, "MAX_ITER": 9, "CLIP_GRADIENTS": clip}
    assert sites(halve_clip, {"SOLVER": solver}) == {}
    assert sites(halve_clip, {"SOLVER": {**solver, "CLIP_GRADIENTS": {**clip, "CLIP_TYPE": "full_model"}}}) != {}
    assert sites(halve_clip, {"SOLVER": {**solver, "CLIP_GRADIENTS": {**clip, "CLIP_TYPE": "norm"}}}) == {}


@pytest.mark.parametrize(("tree", "path"), [(ULTRALYTICS, "lr0"), (TIMM, "lr"), (MMCV, "optimizer.lr")])
def test_the_rate_is_lowered_where_the_framework_keeps_it(tree, path):
    assert sites(lr_one_notch_down, tree) == {path: 0.08}
