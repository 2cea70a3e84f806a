import math

import pytest

from defib.diagnosis.rates import schedule, warms_up
from defib.samples import run_of

NAN = math.nan


def rates(*schedulers, per_epoch=10.0, **config):
    tree = {"optim_wrapper": {"optimizer": {"type": "SGD", "lr": 0.1}}, "param_scheduler": list(schedulers), **config}
    return schedule(run_of({"val/top1": [1.0]}, config=tree), per_epoch)


def older(policy, **config):
    tree = {"optimizer": {"type": "SGD", "lr": 0.02}, "lr_config": policy, "total_epochs": 12, **config}
    return schedule(run_of({"val/top1": [1.0]}, config=tree), 7330.0)


MILESTONES = {"type": "MultiStepLR", "milestones": [3], "gamma": 0.1}
COSINE = {"type": "CosineAnnealingLR", "T_max": 10, "eta_min": 0.01}
BY_STEPS = {"type": "LinearLR", "start_factor": 0.1, "begin": 0, "end": 25, "by_epoch": False}


def test_an_epoch_counts_from_one():
    found = rates(MILESTONES)
    assert found.at(30, 3) == pytest.approx(0.1)
    assert found.at(31, 4) == pytest.approx(0.01)


def test_what_a_schedule_in_epochs_does_not_need_may_be_missing():
    assert rates(MILESTONES, per_epoch=None).at(NAN, 4) == pytest.approx(0.01)
    assert rates(MILESTONES).at(31, NAN) is None


@pytest.mark.parametrize(
    "schedulers",
    [
        [{"type": "ReduceOnPlateauLR"}],
        [{"type": "MyOwnLR"}],
        [{"$expression": "schedule()", "line": 3}],
        [{"type": "MultiStepLR", "milestones": "late"}],
        [{"type": "LinearLR", "begin": 5, "end": 5}],
        [COSINE, {**COSINE, "T_max": 5}],
        [BY_STEPS, COSINE],  # both move the rate at the same time, and one has a lower bound
    ],
)
def test_what_cannot_be_computed_is_not_guessed(schedulers):
    assert rates(*schedulers) is None


def test_rates_by_parameter_group_are_not_compared():
    tree = {
        "optimizer": {"type": "AdamW", "lr": 0.1},
        "paramwise_cfg": {"custom_keys": {"backbone": {"lr_mult": 0.1}}},
    }
    assert rates(MILESTONES, optim_wrapper=tree) is None
    tree["paramwise_cfg"] = {"norm_decay_mult": 0.0}
    assert rates(MILESTONES, optim_wrapper=tree) is not None


def test_epochs_in_a_loop_that_counts_steps_are_not_known():
    assert rates(MILESTONES, train_cfg={"type": "IterBasedTrainLoop", "max_iters": 100}) is None


def test_a_framework_that_scales_the_rate_by_an_unknown_batch_is_not_computed():
    assert rates(MILESTONES, auto_scale_lr={"enable": True, "base_batch_size": 16}) is None


def test_mmcv_gives_the_rate_that_mmdetection_prints():
    """`Epoch [1][50/7330] lr: 1.978e-03` is what every 1x log of mmdetection begins with."""
    found = older({"policy": "step", "warmup": "linear", "warmup_iters": 500, "warmup_ratio": 0.001, "step": [8, 11]})
    assert found.at(50, 1) == pytest.approx(0.00197804)
    assert found.at(501, 1) == pytest.approx(0.02)
    assert found.at(8 * 7330 + 1, 9) == pytest.approx(0.002)


def test_mmcv_policies():
    assert older({"policy": "CosineAnnealing", "min_lr_ratio": 0.1}).at(NAN, 7) == pytest.approx(0.011)
    assert older({"policy": "poly", "power": 1.0, "min_lr": 0.0}).at(NAN, 7) == pytest.approx(0.01)
    poly = {"policy": "poly", "power": 1.0, "by_epoch": False}
    assert older(poly, total_epochs=None, runner={"max_iters": 101}).at(51, NAN) == pytest.approx(0.02 * 51 / 101)
    assert older({"policy": "fixed"}).at(5, 1) == pytest.approx(0.02)


@pytest.mark.parametrize("policy", [{"policy": "cyclic"}, {"policy": "step", "step": None}, {"policy": "inv"}, {}])
def test_an_mmcv_policy_that_is_not_known_is_not_guessed(policy):
    assert older(policy) is None


def test_a_warm_up_is_the_first_scheduler():
    assert warms_up({"param_scheduler": [BY_STEPS, COSINE]})
    assert not warms_up({"param_scheduler": [COSINE]})
    assert not warms_up({"lr_config": {"policy": "step", "step": [8]}})
