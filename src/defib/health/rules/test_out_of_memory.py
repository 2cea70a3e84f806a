from defib.health.rules.out_of_memory import out_of_memory
from defib.records import Event, Place, Point
from defib.samples import healthy, run_of

TEXT = "torch.cuda.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB"
CURVES = {"train/loss": [2.0 - 0.1 * epoch for epoch in range(12)]}


def told(after, kind="out-of-memory", text=TEXT, **fields):
    place = Place(file="run.log", line=99)
    event = Event(kind=kind, at=Point(epoch=float(after)), text=text, record=after, place=place)
    return run_of(CURVES, events=(event,), **fields)


def test_fires_where_the_log_ends_with_it():
    (symptom,) = out_of_memory(told(12))
    assert (symptom.severity, symptom.cleared, symptom.onset.epoch, symptom.record) == ("watch", None, 12.0, 11)
    assert "ran out of memory and ended" in symptom.says.en
    assert "显存" in symptom.says.zh


def test_the_message_is_the_fact_and_its_place_is_named():
    (fact,) = out_of_memory(told(12))[0].facts
    assert (fact.metric, fact.value, fact.place.line) == ("out-of-memory", TEXT, 99)


def test_fires_on_a_run_that_logged_no_number_before_it():
    (symptom,) = out_of_memory(told(0).prefix(0))
    assert (symptom.record, symptom.cleared) == (-1, None)


def test_a_process_that_the_system_killed_for_its_memory_counts():
    assert out_of_memory(told(12, "killed", "slurmstepd: error: Detected 1 oom-kill event(s)"))


def test_is_over_when_training_went_on():
    (symptom,) = out_of_memory(told(3))
    assert symptom.cleared.epoch == 8.0
    assert "went on" in symptom.says.en
    assert out_of_memory(told(3).prefix(7))[0].cleared is None


def test_several_processes_that_fail_together_are_one_end():
    events = tuple(Event(kind="out-of-memory", text=TEXT, record=record) for record in (12, 12, 11))
    assert len(out_of_memory(run_of(CURVES, events=events))) == 1


def test_after_the_last_planned_epoch_it_is_a_note():
    config = {"train_cfg": {"max_epochs": 12}}
    assert [one.severity for one in out_of_memory(told(12, config=config))] == ["note"]
    assert [one.severity for one in out_of_memory(told(9, config=config))] == ["watch"]


def test_stays_quiet_on_other_errors():
    assert out_of_memory(told(12, "traceback", "ValueError: no such file")) == ()


def test_stays_quiet_on_other_messages():
    assert out_of_memory(told(12, "saved", "Saving checkpoint at 12 epochs")) == ()


def test_stays_quiet_on_a_process_that_was_killed_for_its_time():
    assert out_of_memory(told(12, "killed", "CANCELLED DUE TO TIME LIMIT")) == ()


def test_an_error_long_before_memory_ran_out_is_another_story():
    events = (Event(kind="traceback", text="ValueError", record=2), Event(kind="out-of-memory", text=TEXT, record=12))
    assert [one.record for one in out_of_memory(run_of(CURVES, events=events))] == [11]


def test_cannot_look_without_a_console_log():
    assert "console" in out_of_memory.unseen(healthy()).en
