import json

import pytest

from defib.errors import NothingReadable
from defib.reading import read
from defib.reading.formats.json_history import json_history
from defib.reading.source import Source


def of(document):
    text = document if isinstance(document, str) else json.dumps(document)
    run = read(None, text=text)
    assert run.framework == "json_history"
    return run


def values(run, key):
    return run.get(key).value.tolist()


def test_a_history_of_keras_counts_its_entries_as_epochs():
    run = of({"loss": [2.0, 1.0], "accuracy": [0.25, 0.5], "val_loss": [2.5, 2.0], "val_accuracy": [0.5, 0.75]})
    assert values(run, "train/top1") == [25.0, 50.0]
    assert (values(run, "val/top1"), run.get("val/top1").epoch.tolist()) == ([50.0, 75.0], [1.0, 2.0])
    assert run.place(run.get("val/top1"), 0).line is None
    assert "each is taken as one epoch" in run.notes[0].en


def test_a_list_of_epochs():
    run = of([{"epoch": at, "train": {"loss": 1 / at}, "val": {"acc": 0.1 * at}} for at in (1, 2, 4)])
    assert (values(run, "train/loss"), run.get("train/loss").epoch.tolist()) == ([1.0, 0.5, 0.25], [1.0, 2.0, 4.0])
    assert values(run, "val/top1") == pytest.approx([10.0, 20.0, 40.0])
    assert run.notes == ()


def test_the_history_may_stand_inside():
    run = of({"config": {"lr": 0.1}, "history": {"train_loss": [2.0, 1.0], "test_acc": [0.5, 0.75]}})
    assert values(run, "test/top1") == [50.0, 75.0]


def test_the_lists_may_stand_under_their_split():
    run = of({"train": {"loss": [2.0, 1.0]}, "val": {"loss": [3.0, 2.0]}})
    assert (values(run, "train/loss"), values(run, "val/loss")) == ([2.0, 1.0], [3.0, 2.0])


def test_what_pandas_writes():
    run = of({"train_loss": {"0": 2.0, "1": 1.0}, "epoch": {"0": 5, "1": 6}})
    assert run.get("train/loss").epoch.tolist() == [5.0, 6.0]


def test_entries_under_their_epoch():
    run = of({"2": {"val_acc": 0.5}, "10": {"val_acc": 0.75}})
    assert run.get("val/top1").epoch.tolist() == [2.0, 10.0]


def test_nan_is_read():
    run = of('{"loss": [1.0, NaN], "val_loss": [1.0, 2.0]}')
    assert str(values(run, "train/loss")) == "[1.0, nan]"


def test_lists_of_another_length_are_left_out_and_named():
    run = of({"train_loss": [3.0, 2.0, 1.0], "val_loss": [3.0, 2.0, 1.0], "test_acc": [0.5, 0.6]})
    assert run.get("test/top1") is None
    assert any("test_acc" in note.en for note in run.notes)


@pytest.mark.parametrize(
    "text",
    [
        '{"loss": 1.0}',
        '{"loss": [1.0]}',
        '{"loss": [1.0, 2.0',
        '{"vibes": [1.0, 2.0]}',
        '{"loss": ["high", "low"]}',
        '[{"name": "a"}, {"name": "b"}]',
        "[1, 2, 3]",
        "{}",
        "[]",
        '{"license": "MIT", "dependencies": {"a": "1.0"}}',
        '{"lr": [0.1, 0.2], "betas": [0.9, 0.99]}',
        "[" * 100_000,
        '{"loss": NaN',
    ],
)
def test_other_documents_are_not_recognised(text):
    assert not json_history.recognises(Source("a.json", text=text))
    with pytest.raises(NothingReadable):
        read(None, text=text)
