from defib.health.endings import LATER, endings, no_console
from defib.records import Event, Point
from defib.samples import run_of


def ended(*events, records=20):
    made = tuple(Event(kind=kind, text=kind, record=record) for kind, record in events)
    return endings(run_of({"train/loss": [1.0] * records}, events=made))


def test_messages_within_a_few_records_are_one_end():
    assert len(ended(("traceback", 10), ("traceback", 10 + LATER - 1))) == 1
    assert len(ended(("traceback", 10), ("traceback", 10 + LATER))) == 2


def test_it_is_over_when_enough_was_logged_after_the_last_message():
    assert ended(("traceback", 15))[0].cleared == Point(step=600, epoch=20.0)
    assert ended(("traceback", 16))[0].cleared is None
    assert ended(("traceback", 14), ("traceback", 16))[0].cleared is None


def test_what_comes_later_does_not_change_what_kind_of_end_it_was():
    assert ended(("traceback", 10), ("out-of-memory", 11))[0].memory is None
    assert ended(("traceback", 10), ("out-of-memory", 10))[0].memory is not None


def test_other_messages_are_no_end():
    assert ended(("saved", 20), ("loaded", 0), ("not-matched", 0)) == []


def test_a_log_without_messages_is_no_console_log():
    assert no_console(run_of({"train/loss": [1.0]})) is not None
    assert no_console(run_of({"train/loss": [1.0]}, events=(Event(kind="saved", text=""),))) is None


def test_what_training_survived_three_times_is_not_told_again():
    assert len(ended(*[("traceback", 10 * count) for count in range(1, 9)], records=100)) == 3
    assert len(ended(*[("traceback", 10 * count) for count in range(1, 9)], ("killed", 100), records=100)) == 4
