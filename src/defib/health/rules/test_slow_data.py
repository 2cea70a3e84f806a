from defib.health.rules.slow_data import slow_data
from defib.samples import healthy, run_of

FIVE = [1.0 + row // 5 for row in range(400)]  # the epochs of five rows each


def found(waits, steps, epochs=None):
    epochs = FIVE[: len(waits)] if epochs is None else epochs
    run = run_of({"train/data_time": waits, "train/time": steps}, epochs=epochs)
    return [(one.severity, round(one.size), one.cleared is not None) for one in slow_data(run)]


def test_fires_when_the_loader_takes_most_of_the_time():
    assert found([0.8] * 100, [1.0] * 100) == [("note", 80, False)]


def test_says_how_long_a_step_waits():
    (symptom,) = slow_data(run_of({"train/data_time": [0.8] * 100, "train/time": [1.0] * 100}, epochs=FIVE[:100]))
    assert "80%" in symptom.says.zh
    assert "0.8 s of 1 s" in symptom.says.en


def test_means_of_whole_epochs_count():
    assert found([0.8] * 60, [1.0] * 60, epochs=[float(row + 1) for row in range(60)]) == [("note", 80, False)]


def test_it_is_over_when_the_loader_has_caught_up():
    assert found([0.8] * 100 + [0.01] * 100, [1.0] * 200) == [("note", 80, True)]


def test_stays_quiet_on_the_first_step_of_each_epoch():
    waits = [9.0 if row % 2 == 0 else 0.01 for row in range(200)]
    assert found(waits, [wait + 0.2 for wait in waits], epochs=[1.0 + row // 2 for row in range(200)]) == []


def test_stays_quiet_on_single_slow_steps():
    waits = [9.0 if row % 7 == 3 else 0.01 for row in range(200)]
    assert found(waits, [wait + 0.2 for wait in waits]) == []


def test_stays_quiet_on_tiny_waits():
    assert found([0.008] * 100, [0.01] * 100) == []


def test_stays_quiet_on_a_loader_that_keeps_up():
    assert found([0.3] * 100, [1.0] * 100) == []


def test_stays_quiet_on_fewer_than_fifty_values():
    assert found([0.8] * 40, [1.0] * 40) == []


def test_stays_quiet_on_times_that_make_no_sense():
    assert found([0.8] * 100, [0.0] * 100) == []


def test_cannot_look_without_times():
    assert "train/data_time" in slow_data.unseen(healthy()).en
