import pytest

from defib.playbook.plays.drop_warmup import drop_warmup
from defib.playbook.plays.halve_clip import halve_clip
from defib.playbook.plays.halve_epochs import halve_epochs
from defib.playbook.plays.lr_one_notch_down import lr_one_notch_down
from defib.samples import run_of

ULTRALYTICS = {"lr0": 0.1, "epochs": 100, "optimizer": "SGD", "warmup_epochs": 3.0}
TIMM = {"opt": "sgd", "sched": "step", "lr": 0.1, "epochs": 300, "warmup_epochs": 5, "decay_milestones": [90, 180]}
PYSLOWFAST = {
    "SOLVER": {"BASE_LR": 0.1, "MAX_EPOCH": 196, "WARMUP_EPOCHS": 34.0, "OPTIMIZING_METHOD": "sgd", "STEPS": [0, 94]}
}
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
    ],
)
def test_half_the_epochs_moves_what_counts_epochs(tree, expected):
    assert sites(halve_epochs, tree) == expected


def test_a_length_in_steps_is_no_length_in_epochs():
    assert sites(halve_epochs, {"SOLVER": {"BASE_LR": 0.1, "MAX_ITER": 90000}}) == {}


def test_only_a_limit_on_the_norm_is_halved():
    assert sites(halve_clip, MMCV) == {"optimizer_config.grad_clip.max_norm": 20}
    clip = {"ENABLED": True, "CLIP_TYPE": "value", "CLIP_VALUE": 8.0}
    solver = {"BASE_LR": 0.1, "MAX_ITER": 9, "CLIP_GRADIENTS": clip}
    assert sites(halve_clip, {"SOLVER": solver}) == {}
    assert sites(halve_clip, {"SOLVER": {**solver, "CLIP_GRADIENTS": {**clip, "CLIP_TYPE": "norm"}}}) != {}


@pytest.mark.parametrize(("tree", "path"), [(ULTRALYTICS, "lr0"), (TIMM, "lr"), (MMCV, "optimizer.lr")])
def test_the_rate_is_lowered_where_the_framework_keeps_it(tree, path):
    assert sites(lr_one_notch_down, tree) == {path: 0.08}
