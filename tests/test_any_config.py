import copy
import random

import pytest

from defib import settings
from defib.diagnosis.diagnose import all_causes
from defib.records import Checkup, Event, Fact, Incident, Point, Symptom
from defib.samples import run_of
from defib.words import same

TREE = {
    "model": {
        "backbone": {
            "type": "RGBPoseConv3D",
            "pose_pathway": {"in_channels": 17, "frozen_stages": 1},
            "norm_cfg": {"type": "BN"},
        },
        "cls_head": {
            "num_classes": 60,
            "loss_components": ["rgb", "pose"],
            "loss_weights": [1.0, 0.0],
            "coarse_classes": 70,
        },
    },
    "train_dataloader": {
        "batch_size": 2,
        "sampler": {"shuffle": False},
        "dataset": {
            "type": "RepeatDataset",
            "times": 10,
            "dataset": {
                "type": "PoseDataset",
                "ann_file": "ntu120.pkl",
                "num_classes": 3,
                "metainfo": {"classes": ["turn left", "turn right"]},
                "pipeline": [
                    {"type": "Flip", "left_kp": [1, 2], "right_kp": [3, 4]},
                    {"type": "Normalize", "mean": [1, 2], "std": [1]},
                    {"type": "GeneratePoseTarget"},
                ],
            },
        },
    },
    "val_dataloader": {
        "dataset": {
            "type": "PoseDataset",
            "ann_file": "ntu120.pkl",
            "metainfo": {"classes": ["turn right", "turn left"]},
            "pipeline": [{"type": "Flip"}, {"type": "Normalize", "mean": [3]}],
        }
    },
    "optim_wrapper": {
        "type": "AmpOptimWrapper",
        "optimizer": {"type": "SGD", "lr": 0.1},
        "clip_grad": {"max_norm": 40},
        "paramwise_cfg": {"custom_keys": {"rgb_path": {"lr_mult": 0}, "pose_path": {"lr_mult": 30}}},
    },
    "param_scheduler": [
        {"type": "LinearLR", "begin": 0, "end": 2},
        {"type": "MultiStepLR", "milestones": [3], "gamma": 25.0, "by_epoch": True},
    ],
    "train_cfg": {"max_epochs": 6},
}
ODD = (None, True, 0, -1, 17, 1e308, float("nan"), float("inf"), "", "Flip", "中文", 10**40,
       {"$expression": "Flip", "line": 1}, [], {}, [1, 2], ["a", None, 2.5], [{"type": ["Flip"]}])  # fmt: skip
RULES = sorted({rule for explanation in all_causes().values() for rule in explanation.explains} | {"lr_jump"})
FALL = (Fact(metric="val/top1/fused", value=60.0), Fact(metric="val/top1/fused", value=8.0))
SYMPTOMS = tuple(
    Symptom(rule=rule, metric="val/top1/fused", branch="pose" if "branch" in rule else None, severity="act",
            onset=Point(epoch=4.0), record=3, fall=True, size=5.0, facts=FALL, says=same(rule))
    for rule in RULES
)  # fmt: skip
BEST = Fact(metric="val/top1/fused", value=60.0, at=Point(epoch=3.0))
SICK = Checkup(
    symptoms=SYMPTOMS,
    incident=Incident(key="val/top1/fused", onset=Point(epoch=4.0), rule="val_collapse", best=BEST),
)
EVENTS = tuple(Event(kind=kind, text="it failed", record=5) for kind in ("traceback", "out-of-memory", "not-matched"))
CURVES = {
    "train/loss": [1.0, 0.9, 0.8, 3.0, 3.0, 3.0],
    "train/lr": [0.01, 0.01, 0.01, 0.25, 0.25, 0.25],
    "val/top1/fused": [20.0, 40.0, 60.0, 8.0, 8.0, 8.0],
    "val/top1/rgb": [20.0, 40.0, 60.0, 59.0, 58.0, 57.0],
    "val/top1/pose": [20.0, 40.0, 50.0, 1.0, 1.0, 1.0],
}


def places(tree):
    """Every (container, key) in a tree."""
    found = [
        (tree, key) for key in (tree if isinstance(tree, dict) else range(len(tree))) if isinstance(tree, dict | list)
    ]
    for container, key in list(found):
        if isinstance(container[key], dict | list):
            found += places(container[key])
    return found


def spoilt(seed):
    """The tree with up to three of its values replaced by something that nobody would write."""
    chance, tree = random.Random(seed), copy.deepcopy(TREE)
    for _ in range(chance.randint(1, 3)):
        container, key = chance.choice(places(tree))
        container[key] = copy.deepcopy(chance.choice(ODD))
    return tree


def opinions(tree):
    run = run_of(CURVES, config=tree, classes=60, events=EVENTS)
    return {name: explanation(run, SICK) for name, explanation in all_causes().items()}


def test_the_unspoilt_config_brings_most_causes_that_read_it_to_speak():
    found = {name for name, cause in opinions(TREE).items() if cause is not None}
    assert {"flip_pairs_wrong", "not_shuffled", "repeated_data", "validated_on_training_data", "two_taxonomies",
            "normalisation_differs", "random_validation"} <= found  # fmt: skip


@pytest.mark.parametrize("batch", range(8))
def test_no_config_however_odd_stops_a_cause(batch):
    for seed in range(100 * batch, 100 * batch + 100):
        assert opinions(spoilt(seed)), seed


def test_a_type_that_could_not_be_read_is_no_transform_that_is_known():
    tree = copy.deepcopy(TREE)
    settings.at(tree, "train_dataloader.dataset.dataset.pipeline.2")["type"] = {"$expression": "Target", "line": 9}
    assert opinions(tree)["flip_pairs_wrong"] is not None
