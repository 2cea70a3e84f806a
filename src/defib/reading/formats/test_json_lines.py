import json
from pathlib import Path

import numpy as np
import pytest

from defib.errors import NothingReadable
from defib.reading import read
from defib.reading.formats.json_lines import json_lines
from defib.reading.source import Source

LOGS = Path(__file__).resolve().parents[5] / "shared" / "logs" / "jsonl_other"


def of(*rows):
    return read(None, text="".join((row if isinstance(row, str) else json.dumps(row)) + "\n" for row in rows))


# ------------------------------------------------------------------------------------------------ what is read


def test_rows_with_a_step_are_read():
    rows = [{"step": at, "train_loss": 2.0, "train_acc": 0.25, "test_acc": 0.5, "wobble": 3.0} for at in (0, 50, 100)]
    run = of({"_meta": {"lr": 0.1, "steps": 100}}, *rows, {"_summary": {"final_test_acc": 0.5}})
    assert (run.framework, run.records, run.deciding) == ("json_lines", 3, "test/top1")
    assert run.get("test/top1").value.tolist() == [50, 50, 50]
    assert run.get("test/top1").step.tolist() == [0, 50, 100]
    assert run.get("test/top1").line.tolist() == [2, 3, 4]
    assert run.get("train/top1").value.tolist() == [25, 25, 25]
    assert run.not_understood == ("wobble",)
    assert run.notes == ()
    assert len(run.segments) == 1


def test_rows_with_an_epoch_are_read():
    run = of(*({"epoch": at, "train_loss": 2.0, "val_loss": 3.0, "val_perplexity": 20.0} for at in (1, 2)))
    assert run.deciding == "val/perplexity"
    assert run.get("val/loss").epoch.tolist() == [1, 2]
    assert np.isnan(run.get("val/loss").step).all()


@pytest.mark.parametrize(("name", "key"), [("split", "val"), ("phase", "valid"), ("mode", "eval"), ("stage", "Val")])
def test_a_row_may_say_which_set_it_is_about(name, key):
    run = of({"epoch": 1, name: "train", "loss": 2.0, "acc": 0.25}, {"epoch": 1, name: key, "loss": 3.0, "acc": 0.5})
    assert run.get("train/loss").value.tolist() == [2]
    assert run.get("val/loss").value.tolist() == [3]
    assert run.get("val/top1").value.tolist() == [50]


def test_an_iteration_that_begins_again_with_each_epoch_is_no_restart():
    rows = [{"epoch": epoch, "iter": at, "split": "train", "loss": 2.0} for epoch in (1, 2, 3) for at in (10, 20)]
    run = of(*rows)
    assert len(run.get("train/loss")) == 6
    assert len(run.segments) == 1
    assert run.notes == ()


def test_an_iteration_without_an_epoch_is_a_step():
    assert of({"iteration": 5, "loss": 2.0}, {"iteration": 10, "loss": 1.0}).get("train/loss").step.tolist() == [5, 10]


def test_sparse_rows_are_not_filled_up():
    run = of({"step": 1, "train_loss": 2.0}, {"step": 1, "val_loss": 3.0}, {"step": 2, "train_loss": None})
    assert len(run.get("train/loss")) == 1
    assert run.get("val/loss").record.tolist() == [1]


# ------------------------------------------------------------------------------------------------ several starts


def test_of_starts_in_one_file_the_last_is_judged():
    rows = [{"step": at, "train_loss": loss} for loss in (9.0, 1.0) for at in (0, 50, 100)]
    run = of(*rows)
    assert run.get("train/loss").value.tolist() == [1, 1, 1]
    (note,) = run.notes
    assert "2 times" in note.en


# ------------------------------------------------------------------------------------------------ quiet and refused


@pytest.mark.parametrize(
    "line",
    [
        '{"step": 5}',
        '{"step": 5, "wobble": 1.0}',
        '{"step": -5, "train_loss": 1.0}',
        '{"step": "5", "train_loss": 1.0}',
        '{"step": true, "train_loss": 1.0}',
        '{"step": 5, "train_loss": "1.0"}',
        '{"step": 5, "train_loss": true}',
        '{"step": 5, "train_loss": null}',
        '{"train_loss": 1.0, "val_acc": 0.5}',
        '{"kind": "train", "step": 5, "train_loss": 1.0}',
        '{"step": 5, "a": {"b": {"train_loss": 1.0}}}',
        '{"step": 5, "train_loss": [1.0]}',
        '[{"step": 5, "train_loss": 1.0}]',
        "step 5 train_loss 1.0",
        "",
    ],
)
def test_other_lines_are_none_of_its_own(line):
    assert not json_lines.recognises(Source("-", text=line + "\n"))


@pytest.mark.parametrize(
    "line",
    [
        '{"lr": 0.1, "loss": 1.0, "epoch": 1, "step": 10}',
        '{"mode": "train", "epoch": 1, "iter": 10, "loss": 1.0}',
        '{"iteration": 19, "total_loss": 1.0}',
        '{"train_lr": 0.1, "train_loss": 1.0, "epoch": 0}',
    ],
)
def test_what_has_a_format_of_its_own_is_left_to_it(line):
    assert not json_lines.recognises(Source("-", text=line + "\n"))


def test_a_saved_document_of_one_object_is_no_log():
    text = json.dumps({"epoch": 3.0, "global_step": 30, "best_metric": 0.5, "log_history": [{"loss": 1.0, "step": 5}]})
    assert not json_lines.recognises(Source("-", text=text))


def test_rubbish_between_the_lines_is_skipped_and_told():
    run = of({"step": 0, "train_loss": 2.0}, "rubbish", {"step": 5, "train_loss": 1.0})
    assert run.get("train/loss").value.tolist() == [2, 1]
    assert len(run.notes) == 1


def test_a_half_written_line_is_left_for_next_time():
    run = read(None, text='{"step": 0, "train_loss": 2.0}\n{"step": 50, "train_lo')
    assert run.get("train/loss").step.tolist() == [0]
    assert len(run.notes) == 1


def test_several_runs_in_a_folder_are_not_mixed(tmp_path):
    for name, loss in (("a", 5.0), ("b", 6.0)):
        (tmp_path / f"{name}.jsonl").write_text(json.dumps({"step": 1, "train_loss": loss}) + "\n")
    with pytest.raises(NothingReadable):
        read(tmp_path)


# ------------------------------------------------------------------------------------------------ real logs


def real():
    return sorted(str(path.relative_to(LOGS)) for path in LOGS.glob("*/*.jsonl"))


@pytest.mark.skipif(not LOGS.is_dir(), reason="the real logs are not here")
@pytest.mark.parametrize("name", real())
def test_real_logs_have_the_numbers_that_an_independent_count_gives(name):
    rows = [json.loads(line) for line in (LOGS / name).read_text(encoding="utf-8").splitlines()]
    rows = [row for row in rows if "step" in row]
    run = read(LOGS / name)
    assert run.records == len(rows)
    assert run.get("test/top1").value.tolist() == pytest.approx([100 * row["test_acc"] for row in rows])
    assert run.get("train/top1").value.tolist() == pytest.approx([100 * row["train_acc"] for row in rows])
    assert run.get("train/loss").value.tolist() == [row["train_loss"] for row in rows]
    assert run.get("test/top1").step.tolist() == [row["step"] for row in rows]
    assert (run.deciding, len(run.segments)) == ("test/top1", 1)


def test_an_object_within_a_line_is_looked_into_once():
    run = of(
        '{"_meta": {"lr": 0.1}}\n{"epoch": "1/20", "train": {"loss": 2.0}, "val": {"acc": 0.5, "per_class": {"acc": 0.1}}}\n'
    )
    assert (run.get("train/loss").value.tolist(), run.get("val/top1").value.tolist()) == ([2.0], [50.0])
    assert run.get("val/top1").epoch.tolist() == [1.0]


def test_one_value_a_line_under_its_tag():
    run = of('{"step": 5, "tag": "val/acc", "value": 0.5}\n{"step": 9, "tag": "train/loss", "value": 2.0}\n')
    assert (run.get("val/top1").value.tolist(), run.get("train/loss").step.tolist()) == ([50.0], [9.0])


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("eval/accuracy", "val/top1"),
        ("Train_Loss", "train/loss"),
        ("TrainLoss", "train/loss"),
        ("loss_train", "train/loss"),
        ("acc_val", "val/top1"),
        ("validation_accuracy", "val/top1"),
        ("dev_f1", "val/fscore"),
        ("test_acc1_ema", "test/top1/ema"),
    ],
)
def test_names_in_any_order_are_understood(name, key):
    run = of(f'{{"trainer/global_step": 5, "{name}": 0.5}}\n')
    assert [one.key for one in run.series] == [key]
