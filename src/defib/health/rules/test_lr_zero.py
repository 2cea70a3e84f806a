from defib.health.rules.lr_dead import lr_dead
from defib.health.rules.lr_zero import lr_zero
from defib.samples import healthy, run_of

FALLING = [2.0 - 0.03 * step for step in range(60)]
PLANNED = {"train_cfg": {"max_epochs": 60}}


def run(rates, loss=None, **fields):
    return run_of({"train/loss": [2.0] * len(rates) if loss is None else loss, "train/lr": rates}, **fields)


def found(*args, **fields):
    return [(one.severity, one.onset.epoch, one.size) for one in lr_zero(run(*args, **fields))]


def test_fires_when_the_rate_was_never_above_zero():
    assert found([0.0] * 12) == [("watch", 1.0, 10.0)]


def test_fires_when_training_goes_on_long_after_the_rate_reached_zero():
    assert found([0.1] * 30 + [0.0] * 12) == [("watch", 31.0, 10.0)]


def test_fires_on_zeros_in_the_middle_and_says_when_they_ended():
    (symptom,) = lr_zero(run([0.1] * 20 + [0.0] * 12 + [0.1] * 5))
    assert symptom.cleared.epoch == 33.0


def test_fires_when_all_groups_are_zero():
    curves = {"train/loss": [2.0] * 12, "train/lr/0": [0.0] * 12, "train/lr/1": [0.0] * 12}
    assert [one.severity for one in lr_zero(run_of(curves))] == ["watch"]


def test_without_a_loss_it_is_a_note():
    assert [one.severity for one in lr_zero(run_of({"train/lr": [0.0] * 12}))] == ["note"]


def test_stays_quiet_on_a_warm_up_that_starts_at_zero():
    assert found([0.0, 0.01, 0.02, *[0.03] * 30]) == []
    assert found([*[0.0] * 6, *[0.03] * 30]) == []


def test_stays_quiet_at_the_end_of_a_schedule():
    assert found([0.1 * (1 - step / 50) for step in range(50)] + [0.0] * 9) == []
    assert found([0.1] * 100 + [0.0] * 12) == []


def test_leaves_a_known_length_to_the_rule_that_knows_what_is_left():
    early = run([0.1] * 20 + [0.0] * 12, config=PLANNED)
    assert lr_zero(early) == ()
    assert [one.onset.epoch for one in lr_dead(early)] == [21.0]


def test_never_above_zero_is_not_told_twice():
    never = run([0.0] * 12, config=PLANNED)
    assert [one.severity for one in lr_zero(never)] == ["watch"]
    assert lr_dead(never) == ()


def test_stays_quiet_when_one_group_is_frozen_on_purpose():
    curves = {"train/loss": [2.0] * 20, "train/lr/0": [0.0] * 20, "train/lr/1": [0.01] * 20}
    assert lr_zero(run_of(curves)) == ()


def test_stays_quiet_on_a_rate_that_was_only_printed_as_zero():
    assert found([0.0] * 60, FALLING) == []


def test_stays_quiet_on_a_tiny_rate():
    assert found([1e-9] * 30) == []


def test_stays_quiet_on_a_healthy_run():
    assert lr_zero(healthy(60)) == ()


def test_cannot_look_without_a_rate():
    assert "train/lr" in lr_zero.unseen(run_of({"train/loss": [1.0]})).en
