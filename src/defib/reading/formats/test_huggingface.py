import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from defib.errors import DefibError, NoPoints, NothingReadable
from defib.reading.formats.huggingface import huggingface
from defib.reading.run import read
from defib.reading.source import Source

LOGS = Path(__file__).resolve().parents[5] / "shared" / "logs" / "hf_trainer"
NAN = float("nan")


def train(step, loss=2.0, **more):
    return {"epoch": step / 100, "learning_rate": 0.001, "loss": loss, "step": step, **more}


def evaluated(step, prefix="eval", **values):
    values = {f"{prefix}_{name}": value for name, value in values.items()}
    return {"epoch": step / 100, **values, f"{prefix}_runtime": 5.0, f"{prefix}_steps_per_second": 2.0, "step": step}


def state(*entries, indent=2):
    return json.dumps({"best_metric": None, "global_step": 9, "log_history": list(entries), "x": 1}, indent=indent)


SUMMARY = {"epoch": 1.0, "step": 100, "total_flos": 1e9, "train_loss": 9.9, "train_runtime": 5.0}
LOG = state(
    train(50, 2.5, grad_norm=NAN), evaluated(50, loss=2.2, accuracy=0.4), train(100, 1.5, grad_norm=3e5), SUMMARY
)


def of(text):
    return read(None, text=text)


def test_training_and_evaluation_are_told_apart_and_the_summary_is_left_out():
    run = of(LOG)
    assert run.framework == "huggingface"
    assert run.get("train/loss").value.tolist() == [2.5, 1.5]
    assert run.get("train/loss").step.tolist() == [50, 100]
    assert run.get("train/loss").epoch.tolist() == [0.5, 1.0]
    assert run.get("train/lr").value.tolist() == [0.001, 0.001]
    assert run.get("val/top1").value.tolist() == [40]
    assert run.get("val/loss").value.tolist() == [2.2]
    assert (run.records, run.deciding, run.not_understood, run.notes) == (3, "val/top1", (), ())


def test_each_entry_stands_at_its_line():
    run = of(LOG)
    lines = LOG.split("\n")
    for line, value in zip(run.get("train/loss").line.tolist(), (2.5, 1.5), strict=True):
        assert lines[int(line) - 1].strip() == "{"
        assert f'"loss": {value}' in "".join(lines[int(line) : int(line) + 4])


def test_several_evaluation_sets_are_branches():
    run = of(state(train(50), evaluated(50, "eval_g0", loss=1.0, accuracy=0.5), evaluated(50, "eval_g1", loss=3.0)))
    assert run.get("val/loss/g0").value.tolist() == [1.0]
    assert run.get("val/loss/g1").value.tolist() == [3.0]
    assert run.get("val/top1/g0").value.tolist() == [50]


def test_the_kinds_of_rouge_are_measures_and_not_branches_of_one():
    run = of(state(train(50), evaluated(50, loss=1.0, rouge1=0.3, rougeLsum=0.2, rouge_like=0.1)))
    assert [run.get(f"val/{kind}").value.tolist() for kind in ("rouge1", "rougelsum")] == [[0.3], [0.2]]
    assert run.not_understood == ("eval_rouge_like",)


def test_predictions_are_test_results():
    run = of(state(train(50), {"epoch": 1.0, "predict_loss": 1.25, "predict_runtime": 2.0}))
    assert run.get("test/loss").value.tolist() == [1.25]
    assert str(run.get("test/loss").step[0]) == "nan"


def test_a_loss_that_the_trainer_hid_is_not_finite():
    run = of(state(train(10, 2.0, grad_norm=1.0), train(20, 0.0, grad_norm=NAN), train(30, 0.0, grad_norm=NAN)))
    assert [str(value) for value in run.get("train/loss").value] == ["2.0", "nan", "nan"]
    (note,) = run.notes
    assert "2 logged steps, the first at step 20" in note.en


@pytest.mark.parametrize(
    "entry", [train(10, 0.0, grad_norm=0.5), train(10, 0.0), train(10, 1.5, grad_norm=NAN), train(10, 0.0, grad_norm=0)]
)
def test_a_loss_that_may_be_as_it_is_written_stays(entry):
    run = of(state(entry))
    assert run.get("train/loss").value.tolist() == [entry["loss"]]
    assert run.notes == ()


def test_names_that_mean_nothing_certain_are_reported():
    run = of(state(train(10, **{"rewards/chosen": 0.5, "kl": 0.1}), evaluated(10, loss=1.0, balanced_thing=0.5)))
    assert run.not_understood == ("rewards/chosen", "kl", "eval_balanced_thing")


@pytest.mark.parametrize("indent", [None, 2])
def test_the_layout_does_not_matter(indent):
    assert of(state(train(10), train(20), indent=indent)).records == 2


@pytest.mark.parametrize(
    "text",
    [
        '{"global_step": 5, "history": [{"loss": 1.0, "step": 1}]}',
        '{"log_history": {"loss": 1.0, "step": 1}}',
        '{"log_history": [1, 2, 3]}',
        '{"log_history": [{"loss": 1.0}]}',
        '{"log_history": []}',
        'see "log_history": [{"loss": 1.0, "step": 1}]',
        '[{"loss": 1.0, "step": 1}]',
        '{"loss": 1.0, "step": 1}\n',
        "",
    ],
)
def test_leaves_other_texts_alone(text):
    assert not huggingface.recognises(Source("trainer_state.json", text=text))


def test_a_history_without_a_measure_cannot_be_judged():
    with pytest.raises(NoPoints):
        of(state({"epoch": 1.0, "step": 5, "kl": 0.5}))


def test_entries_that_are_no_numbers_are_left_out():
    assert of(state(train(10), {"step": 20, "loss": "2.0"}, {"step": 30, "loss": True})).get(
        "train/loss"
    ).value.tolist() == [2.0]


def test_a_history_that_breaks_off_is_read_to_its_last_whole_entry():
    run = of(LOG[: LOG.index("300000")])
    assert run.records == 2
    assert any("breaks off" in note.en for note in run.notes)


def test_the_copies_in_checkpoints_are_the_same_run(tmp_path):
    for step in (900, 1000):
        path = tmp_path / f"checkpoint-{step}" / "trainer_state.json"
        path.parent.mkdir()
        path.write_text(state(train(500), train(step)))
    run = read(tmp_path)
    assert run.get("train/loss").step.tolist() == [500, 1000]
    (tmp_path / "trainer_state.json").write_text(state(train(500), train(1000)))
    assert read(tmp_path).files == ("trainer_state.json",)


def test_two_runs_in_one_folder_are_refused_rather_than_mixed(tmp_path):
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "trainer_state.json").write_text(LOG)
    with pytest.raises(NothingReadable, match="2 runs"):
        read(tmp_path)


def test_deep_nesting_is_no_crash():
    with pytest.raises(DefibError):
        of('{"log_history": [{"step": ' + "[" * 20_000)


@settings(max_examples=100, deadline=None)
@given(st.integers(0, len(LOG)))
def test_a_log_cut_anywhere_reads_as_a_prefix(at):
    try:
        run = of(LOG[:at])
    except DefibError:
        return
    found = [] if run.get("train/loss") is None else run.get("train/loss").value.tolist()
    assert found == [2.5, 1.5][: len(found)]


@pytest.mark.parametrize(
    ("name", "column", "key", "scale"),
    [
        ("aigon-overfit-6groups", "eval_g0_accuracy", "val/top1/g0", 100),
        ("alpaca-yc1999", "loss", "train/loss", 1),
        ("fujump-qlora", "loss", "train/loss", 1),
        ("metamath-ljh", "loss", "train/loss", 1),
        ("nijat-mt5-summ", "eval_loss", "val/loss", 1),
    ],
)
def test_real_logs_have_the_numbers_that_an_independent_count_gives(name, column, key, scale):
    path = LOGS / name / "trainer_state.json"
    if not path.is_file():
        pytest.skip("the real logs are not beside this checkout")
    rows = json.loads(path.read_text())["log_history"]
    there = [row for row in rows if column in row]
    run = read(path)
    series = run.get(key)
    assert run.records == sum("train_runtime" not in row for row in rows)
    assert series.step.tolist() == [row["step"] for row in there]
    assert series.value[[0, -1]].tolist() == pytest.approx([scale * there[at][column] for at in (0, -1)])
    losses = [row["loss"] for row in rows if "loss" in row]
    assert run.get("train/loss").value.tolist() == losses
    assert run.not_understood == ()
