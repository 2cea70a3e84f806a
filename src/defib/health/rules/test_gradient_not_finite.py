from defib.health.rules.gradient_not_finite import gradient_not_finite
from defib.samples import healthy, run_of

NAN, INF = float("nan"), float("inf")
FLAT = [2.0] * 300


def found(norms, loss=None):
    loss = FLAT[: len(norms)] if loss is None else loss
    run = run_of({"train/loss": loss, "train/grad_norm": norms})
    return [(one.severity, one.onset.epoch, one.cleared and one.cleared.epoch) for one in gradient_not_finite(run)]


def test_twenty_in_a_row_are_a_watch():
    assert found([4.0] * 30 + [NAN] * 20) == [("watch", 31.0, None)]
    assert found([4.0] * 30 + [NAN] * 17) == []


def test_a_single_step_that_gets_through_does_not_end_it():
    assert found([4.0] * 30 + [INF] * 10 + [5.0] + [INF] * 12) == [("watch", 31.0, None)]


def test_a_hundred_while_the_loss_stands_are_an_act():
    assert found([4.0] * 30 + [NAN] * 100) == [("watch", 31.0, None), ("act", 31.0, None)]


def test_a_hundred_while_the_loss_falls_are_no_act():
    loss = [3.0 - 0.01 * step for step in range(200)]
    assert found([4.0] * 30 + [NAN] * 170, loss) == [("watch", 31.0, None)]


def test_it_is_over_when_norms_are_finite_again():
    assert found([4.0] * 30 + [NAN] * 25 + [4.0] * 30) == [("watch", 31.0, 66.0)]


def test_a_norm_that_never_was_finite_is_a_watch_where_the_loss_stands():
    assert found([NAN] * 120) == [("watch", 1.0, None)]


def test_stays_quiet_on_a_norm_that_never_was_finite_while_the_loss_falls():
    assert found([NAN] * 120, [3.0 - 0.01 * step for step in range(120)]) == []


def test_stays_quiet_on_single_values_as_a_scaler_produces_them():
    assert found([NAN if step % 40 == 7 else 4.0 for step in range(300)]) == []


def test_stays_quiet_on_a_burst_in_the_first_steps():
    assert found([INF] * 18 + [4.0] * 100) == []


def test_stays_quiet_on_short_bursts():
    assert found(([4.0] * 40 + [NAN] * 12) * 3) == []


def test_stays_quiet_where_the_loss_is_gone_too():
    assert found([4.0] * 30 + [NAN] * 60, [2.0] * 30 + [NAN] * 60) == []


def test_stays_quiet_on_tall_but_finite_norms():
    assert found([4.0] * 30 + [1e6] * 60) == []


def test_stays_quiet_on_a_healthy_run():
    assert gradient_not_finite(healthy(60)) == ()


def test_cannot_look_without_a_norm():
    assert "train/grad_norm" in gradient_not_finite.unseen(run_of({"train/loss": [1.0]})).en
