from defib.health.rules.crashed import crashed
from defib.records import Event, Point
from defib.samples import healthy, run_of

CURVES = {"train/loss": [2.0 - 0.1 * epoch for epoch in range(12)]}


def told(*events, **fields):
    made = tuple(
        Event(kind=kind, at=Point(epoch=float(record)), text=text, record=record) for kind, text, record in events
    )
    return run_of(CURVES, events=made, **fields)


def found(*events, **fields):
    return [(one.severity, one.onset.epoch, one.cleared is not None) for one in crashed(told(*events, **fields))]


ERROR = ("traceback", "RuntimeError: DataLoader worker (pid 7) is killed by signal: Bus error.", 12)


def test_fires_on_a_log_that_ends_with_an_exception():
    assert found(ERROR) == [("watch", 12.0, False)]
    assert "Bus error" in crashed(told(ERROR))[0].says.zh


def test_fires_on_a_process_that_was_killed():
    (symptom,) = crashed(told(("killed", "CANCELLED DUE TO TIME LIMIT", 12)))
    assert symptom.says.en.startswith("the run was killed")


def test_the_first_of_several_exceptions_is_told():
    (symptom,) = crashed(told(ERROR, ("traceback", "ChildFailedError: train.py FAILED", 12)))
    assert "DataLoader" in symptom.says.en


def test_a_long_message_is_cut_in_the_sentence_and_kept_as_the_fact():
    (symptom,) = crashed(told(("traceback", "ValueError: " + "x" * 380, 12)))
    assert len(symptom.says.en) < 230
    assert len(symptom.facts[0].value) > 380


def test_is_over_when_training_went_on():
    assert found(("traceback", "OSError: cannot write the image", 4)) == [("watch", 4.0, True)]


def test_stays_quiet_on_a_run_that_was_stopped_by_hand():
    assert found(("traceback", "KeyboardInterrupt", 12)) == []
    assert found(("traceback", "SignalException: Process 9 got signal: 2", 12)) == []


def test_stays_quiet_where_memory_ran_out():
    memory = ("out-of-memory", "torch.cuda.OutOfMemoryError: CUDA out of memory.", 12)
    assert found(("traceback", "torch.cuda.OutOfMemoryError: CUDA out of memory.", 12), memory) == []
    assert found(memory, ("traceback", "ChildFailedError: train.py FAILED", 12)) == []


def test_what_comes_after_the_last_planned_epoch_is_a_note():
    assert found(ERROR, config={"train_cfg": {"max_epochs": 12}}) == [("note", 12.0, False)]


def test_stays_quiet_on_other_messages():
    assert found(("saved", "Saving checkpoint at 12 epochs", 12), ("not-matched", "missing keys", 0)) == []


def test_cannot_look_without_a_console_log():
    assert "console" in crashed.unseen(healthy()).en
