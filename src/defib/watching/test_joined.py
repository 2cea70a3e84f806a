import numpy as np

from defib.records import Event, Point, Segment
from defib.samples import run_of
from defib.watching.joined import cut_off, joined

WHOLE = {"train/loss": [3.0, 2.0, 1.5, 1.2, 1.0], "val/top1": [10.0, 30.0, 50.0, 20.0, 15.0]}


def part(first, last, **fields):
    curves = {key: values[first - 1 : last] for key, values in WHOLE.items()}
    return run_of(curves, epochs=[float(one) for one in range(first, last + 1)], **fields)


def test_what_was_known_stands_before_what_the_log_says_now():
    before, now = part(1, 3), part(4, 5)
    assert cut_off(before, now)
    found = joined(before, now)
    assert found.get("val/top1").value.tolist() == WHOLE["val/top1"]
    assert found.get("val/top1").epoch.tolist() == [1, 2, 3, 4, 5]
    order = np.concatenate([series.record for series in found.series])
    assert len(set(order.tolist())) == len(order)
    assert found.records == before.records + now.records
    assert "was cut off or replaced while it was watched" in found.notes[-1].en
    assert "known from before" in found.notes[-1].en
    assert "日志在监视期间被截断或替换" in found.notes[-1].zh


def test_a_cut_log_that_goes_on_is_joined_anew_at_each_look_and_not_twice():
    once = joined(part(1, 3), part(4, 4))
    again = joined(once, part(4, 5))
    assert again.get("val/top1").value.tolist() == WHOLE["val/top1"]
    assert again.files == once.files
    assert len([one for one in again.notes if "cut off" in one.en]) == 1


def test_what_both_hold_is_taken_from_the_log():
    found = joined(part(1, 4), part(3, 5))
    assert found.get("val/top1").value.tolist() == WHOLE["val/top1"]


def test_a_series_that_is_no_longer_logged_is_kept():
    before = run_of({"val/top1": [10.0, 30.0], "val/top1/pose": [5.0, 6.0]})
    now = run_of({"val/top1": [50.0]}, epochs=[3.0])
    assert joined(before, now).get("val/top1/pose").value.tolist() == [5.0, 6.0]


def test_events_and_restarts_keep_their_order():
    event = Event(kind="loaded", at=Point(epoch=1.0), record=0, text="x")
    segment = Segment(start=Point(epoch=4.0), record=0, file="a.log")
    found = joined(part(1, 3, events=(event,)), part(4, 5, events=(event,), segments=(segment,)))
    assert [one.record for one in found.events] == [0, 6]
    assert [one.record for one in found.segments] == [6]


def test_stays_quiet_on_a_log_that_grows_begins_anew_or_counts_otherwise():
    assert not cut_off(part(1, 3), part(1, 5))
    assert not cut_off(part(3, 5), part(1, 2))
    assert not cut_off(part(1, 3), run_of({"val/top1": []}))
