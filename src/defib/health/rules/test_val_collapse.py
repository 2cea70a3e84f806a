from defib.health.rules.val_collapse import val_collapse
from defib.samples import healthy, run_of, wobble

RISE = [10.0, 30.0, 45.0, 55.0, 57.0]


def severities(values, **fields):
    return [(one.severity, one.onset.epoch) for one in val_collapse(run_of({"val/top1": values}, classes=60, **fields))]


def test_one_fall_of_two_fifths_is_a_watch_until_it_is_confirmed():
    assert severities([*RISE, 34.0]) == [("watch", 6.0)]
    assert severities([*RISE, 34.0, 33.0]) == [("watch", 6.0), ("act", 6.0)]


def test_a_fall_to_chance_needs_no_confirmation():
    assert ("act", 6.0) in severities([*RISE, 1.7])


def test_a_collapse_that_heals_is_cleared():
    symptoms = val_collapse(run_of({"val/top1": [*RISE, 20.0, 21.0, 56.5]}, classes=60))
    assert [one.cleared.epoch for one in symptoms] == [8.0, 8.0]


def test_facts_say_where_the_numbers_stand():
    symptom = val_collapse(run_of({"val/top1": [*RISE, 1.7]}, classes=60))[-1]
    assert [fact.value for fact in symptom.facts] == [57.0, 1.7]
    assert symptom.facts[-1].place.line == 6


def test_stays_quiet_on_a_healthy_run():
    assert val_collapse(healthy()) == ()


def test_stays_quiet_on_a_slow_decline_of_a_few_points():
    assert severities([*RISE, *[57.0 - 0.2 * late for late in range(10)]]) == []


def test_stays_quiet_on_a_dip_within_the_runs_own_noise():
    noisy = [40.0, 52.0, 44.0, 55.0, 46.0, 56.0, 45.0, 57.0, 47.0, 45.0, 56.0]
    assert [one for one in severities(noisy) if one[0] == "act"] == []


def test_stays_quiet_on_a_metric_that_never_rose_above_guessing():
    assert severities([1.7, 2.5, 1.6, 0.5, 1.7]) == []


def test_a_two_evaluation_dip_that_heals_is_no_more_than_a_watch():
    assert {severity for severity, _ in severities([*RISE, 42.0, 43.0, 57.5])} == {"watch"}


def test_cannot_look_at_a_loss_that_begins_below_zero_and_says_so():
    assert "below zero" in val_collapse.unseen(run_of({"val/loss": [-2.0, -3.0]})).en


def test_an_early_fall_is_only_watched_whatever_it_adds_up_to():
    assert {severity for severity, _ in severities([5.0, 19.9, 11.5, 11.0, 11.0, 10.9])} == {"watch"}


def test_falling_back_to_guessing_needs_neither_history_nor_confirmation():
    assert ("act", 3.0) in severities([5.0, 40.0, 1.7])


def test_noise_of_three_points_around_a_plateau_is_no_collapse():
    noisy = [60.0 + 3.0 * wobble(seed, index) for seed in range(20) for index in range(2)]
    assert [one for one in severities([10.0, 30.0, 50.0, *noisy]) if one[0] == "act"] == []


def test_a_loss_that_is_worse_than_at_the_start_is_an_act():
    found = val_collapse(run_of({"val/loss": [4.0, 2.5, 1.5, 1.0, 0.9, 0.8, 9.0]}))
    assert [one.severity for one in found] == ["watch", "act"]
    assert "0.8" in found[-1].says.en


def test_a_loss_that_rises_as_in_over_fitting_is_no_more_than_a_watch():
    found = val_collapse(
        run_of({"val/loss": [4.0, 2.0, 1.2, 0.9, 0.8, 0.8, *[0.9 + 0.1 * late for late in range(12)]]})
    )
    assert {one.severity for one in found} == {"watch"}


def test_a_loss_that_keeps_falling_is_quiet():
    assert val_collapse(run_of({"val/loss": [4.0 * 0.8**epoch + 0.3 for epoch in range(20)]})) == ()


def test_a_held_out_loss_beyond_its_start_while_training_goes_on_is_no_more_than_a_watch():
    curves = {
        "train/loss": [4.0 * 0.8**epoch for epoch in range(16)],
        "val/loss": [4.0, 2.5, 1.8, 1.5, 1.4, 1.4, *[1.6 + 0.5 * late for late in range(10)]],
    }
    assert {one.severity for one in val_collapse(run_of(curves))} == {"watch"}


def test_a_score_that_sinks_slowly_while_training_goes_on_is_no_more_than_a_watch():
    curves = {
        "train/loss": [1.1 * 0.8**epoch for epoch in range(24)],
        "val/top1": [70.0, 71.0, 70.5, 70.8, 70.0, *[69.0 - 0.7 * late for late in range(19)]],
    }
    assert {one.severity for one in val_collapse(run_of(curves))} <= {"watch"}


def test_a_score_that_collapses_while_the_training_loss_falls_is_still_an_act():
    curves = {"train/loss": [1.1 * 0.8**epoch for epoch in range(8)], "val/top1": [*RISE, 57.0, 5.0]}
    assert "act" in {one.severity for one in val_collapse(run_of(curves))}


def test_what_a_warm_restart_costs_is_quiet_and_the_loss_of_everything_is_not():
    rates = [1.0, 0.7, 0.4, 0.1, 0.02, 0.01] * 2
    scores = [10.0, 30.0, 45.0, 55.0, 60.0, 62.0, 45.0, 47.0, 52.0, 58.0, 61.0, 62.5]
    run = run_of({"train/lr": rates, "val/top1": scores}, classes=60)
    assert val_collapse(run) == ()
    dead = run_of({"train/lr": rates, "val/top1": [*scores[:6], *[1.7] * 6]}, classes=60)
    assert "act" in {one.severity for one in val_collapse(dead)}


def test_a_fall_that_outlasts_the_raised_rate_is_a_collapse():
    rates = [1.0, 0.7, 0.4, 0.1, 0.02, 0.01, 1.0, 0.5, 0.1, 0.01, 0.01, 0.01]
    scores = [10.0, 30.0, 45.0, 55.0, 60.0, 62.0, *[36.0] * 6]
    run = run_of({"train/lr": rates, "val/top1": scores}, classes=60)
    assert "act" in {one.severity for one in val_collapse(run)}


def test_over_fitting_that_has_reached_the_floor_of_the_training_loss_is_no_more_than_a_watch():
    curves = {
        "train/loss": [
            *[2.0 * 0.7**epoch for epoch in range(10)],
            *[0.05 + 0.01 * wobble(1, late) for late in range(30)],
        ],
        "val/top1": [*RISE, 58.0, 58.0, 58.0, *[58.0 - 0.5 * late for late in range(32)]],
    }
    assert {one.severity for one in val_collapse(run_of(curves, classes=60))} == {"watch"}


def test_a_fall_that_is_spared_as_over_fitting_is_an_act_when_it_goes_on():
    curves = {
        "train/loss": [2.0 * 0.85**epoch for epoch in range(30)],
        "val/top1": [*RISE, 58.0, 58.0, *[44.0] * 10, *[20.0] * 4],
    }
    assert "act" in {one.severity for one in val_collapse(run_of(curves, classes=60))}


def test_one_bump_of_a_deciding_loss_is_quiet():
    loss = [2.0 * 0.8**epoch + 0.02 for epoch in range(30)]
    loss[18] = 0.9
    assert val_collapse(run_of({"val/loss": loss})) == ()


def test_bumps_that_are_the_noise_of_a_loss_are_quiet():
    loss = [10 ** (-epoch / 20 + 0.5 * wobble(6, epoch)) for epoch in range(60)]
    assert val_collapse(run_of({"val/loss": loss})) == ()


def of_error(values, **fields):
    series = {"val/error1": [100.0 - value for value in values], **fields}
    return [(one.severity, one.onset.epoch) for one in val_collapse(run_of(series))]


def test_an_error_in_per_cent_falls_as_the_accuracy_that_it_is_told_from():
    for values in ([*RISE, 1.7], [*RISE, 34.0], [*RISE, 34.0, 33.0]):
        assert of_error(values)[-1] == severities(values)[-1]
    assert ("act", 6.0) in of_error([*RISE, 1.7])


def test_an_error_that_rises_a_little_while_training_goes_on_is_over_fitting():
    loss = [2.0, 1.6, 1.3, 1.1, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3]
    assert not any(
        severity == "act"
        for severity, _ in of_error([*RISE, 46.0, 44.0, 43.0, 42.0, 41.0, 40.0], **{"train/loss": loss})
    )
    assert of_error([*RISE, *[57.0 - 0.2 * late for late in range(10)]]) == []
