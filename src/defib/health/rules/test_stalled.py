from defib.health.rules.stalled import stalled
from defib.records import Event
from defib.samples import run_of

HOUR, DAY = 3600.0, 86400.0


def run(silent, *, pace=600.0, planned=60, epochs=12, **fields):
    config = None if planned is None else {"train_cfg": {"max_epochs": planned}}
    curves = {"train/loss": [2.0 - 0.1 * epoch for epoch in range(epochs)]}
    clock = {"observed_at": 1e9 + silent, "written_at": 1e9, "seconds_per_epoch": pace}
    return run_of(curves, config=config, **{**clock, **fields})


def found(*args, **fields):
    return [(one.severity, one.onset.epoch) for one in stalled(run(*args, **fields))]


def test_fires_when_nothing_was_written_for_more_than_three_epochs():
    (symptom,) = stalled(run(2 * HOUR))
    assert (symptom.severity, symptom.onset.epoch, symptom.size, symptom.record) == ("watch", 12.0, 120.0, 11)
    assert "2 hours after epoch 12 of 60" in symptom.says.en
    assert "10 分钟" in symptom.says.zh


def test_says_how_long_in_the_unit_that_one_would_use():
    assert "for 50 minutes" in stalled(run(3000.0))[0].says.en
    assert "for 3 days" in stalled(run(3 * DAY))[0].says.en


def test_nobody_waits_for_a_run_of_last_month():
    assert found(30 * DAY) == [("note", 12.0)]
    assert "30 天" in stalled(run(30 * DAY))[0].says.zh


def test_stays_quiet_within_half_an_hour_however_short_the_epochs():
    assert found(0.45 * HOUR, pace=10.0) == []


def test_stays_quiet_within_three_long_epochs():
    assert found(5 * HOUR, pace=2 * HOUR) == []


def test_stays_quiet_on_a_finished_run_however_old():
    assert found(400 * DAY, epochs=60) == []


def test_stays_quiet_where_the_console_log_says_why_it_ended():
    crash = Event(kind="traceback", text="ValueError: bad file", record=12)
    assert found(2 * HOUR, events=(crash,)) == []


def test_an_error_that_it_survived_explains_nothing():
    assert found(2 * HOUR, events=(Event(kind="traceback", text="OSError", record=2),)) == [("watch", 12.0)]


def test_stays_quiet_on_a_clock_that_goes_wrong():
    assert found(-3 * HOUR) == []


def test_what_stood_earlier_in_the_log_is_not_judged_by_the_clock():
    assert stalled(run(2 * HOUR).prefix(6)) == ()


def test_cannot_look_without_the_planned_length():
    assert "planned" in stalled.unseen(run(2 * HOUR, planned=None)).en


def test_cannot_look_without_the_pace():
    assert "epoch takes" in stalled.unseen(run(2 * HOUR, pace=None)).en


def test_cannot_look_without_the_time_of_the_files():
    assert "written" in stalled.unseen(run(2 * HOUR, written_at=None)).en
