from defib.health.rules.lr_jump import lr_jump
from defib.samples import healthy, run_of


def found(rates):
    return [(one.onset.epoch, round(one.size, 3)) for one in lr_jump(run_of({"train/lr": rates, "val/top1": [1.0]}))]


def test_fires_on_a_step_far_above_every_rate_so_far():
    assert found([0.02, 0.02, 0.02, 0.02, 0.5, 0.5]) == [(5.0, 25.0)]


def test_fires_on_a_jump_after_a_decay():
    assert found([0.1, 0.1, 0.01, 0.01, 0.01, 0.2]) == [(6.0, 20.0)]


def test_stays_quiet_on_a_warm_up_ramp():
    assert found([0.001, 0.004, 0.02, 0.1, 0.5, 0.5]) == []


def test_stays_quiet_on_a_warm_restart():
    assert found([0.1, 0.08, 0.03, 0.001, 0.1, 0.08]) == []


def test_stays_quiet_on_step_decay():
    assert found([0.1, 0.1, 0.1, 0.01, 0.01, 0.001]) == []


def test_stays_quiet_on_a_healthy_run():
    assert lr_jump(healthy()) == ()
