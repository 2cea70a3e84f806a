from defib.health.rules.non_finite import non_finite
from defib.samples import healthy, run_of

NAN, INF = float("nan"), float("inf")


def found(values, key="train/loss"):
    return [(one.severity, one.onset.epoch) for one in non_finite(run_of({key: values, "train/grad_norm": [1.0, NAN]}))]


def test_one_bad_loss_is_a_watch_and_two_are_an_act():
    assert found([2.0, 1.0, NAN]) == [("watch", 3.0)]
    assert found([2.0, 1.0, NAN, INF]) == [("watch", 3.0), ("act", 3.0)]


def test_names_the_part_that_broke_first():
    run = run_of({"train/loss": [2.0, 1.0, NAN, NAN], "train/loss/pose": [1.0, INF, INF, NAN]})
    assert min((one.onset.epoch, one.branch) for one in non_finite(run) if one.severity == "act") == (2.0, "pose")


def test_stays_quiet_on_a_tall_but_finite_spike():
    assert found([2.0, 900.0, 1.9]) == []


def test_stays_quiet_on_nan_gradient_norms_under_mixed_precision():
    assert found([2.0, 1.5, 1.2]) == []


def test_stays_quiet_on_validation_losses_that_are_always_nan():
    assert non_finite(run_of({"train/loss": [2.0, 1.0], "val/loss": [NAN, NAN]})) == ()


def test_stays_quiet_on_a_healthy_run():
    assert non_finite(healthy()) == ()


def test_cannot_look_without_a_loss():
    assert "training loss" in non_finite.unseen(run_of({"train/lr": [1.0]})).en


def test_a_held_out_metric_that_becomes_nan_counts():
    run = run_of({"val/loss": [2.0, 1.5, NAN, NAN], "train/lr": [0.1] * 4})
    assert [one.severity for one in non_finite(run)] == ["watch", "act"]
