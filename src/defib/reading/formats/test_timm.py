import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from defib.errors import DefibError, NothingReadable
from defib.reading.formats.timm import timm
from defib.reading.run import read
from defib.reading.source import Source

HEAD = "epoch,train_loss,eval_loss,eval_top1,eval_top5,lr\n"
LOG = f"{HEAD}0,6.9,6.8,0.12,0.61,0.0001\n1,6.5,6.1,2.4,8.7,0.0002\n2,nan,nan,0.1,0.5,0.0003\n"
SAMPLE = HEAD + "".join(f"{at},{9 - at}.5,{9 - at}.25,{at}1.5,{at}5.5,0.0{at}\n" for at in range(8))


def of(text):
    return read(None, text=text)


def test_epochs_count_from_one_and_accuracies_are_in_per_cent():
    run = of(LOG)
    assert run.framework == "timm"
    assert run.get("val/top1").epoch.tolist() == [1, 2, 3]
    assert run.get("val/top1").value.tolist() == [0.12, 2.4, 0.1]
    assert run.get("val/top5").value[0] == 0.61
    assert run.get("train/lr").value.tolist() == [0.0001, 0.0002, 0.0003]
    assert run.get("val/top1").line.tolist() == [2, 3, 4]
    assert (run.deciding, run.records, run.not_understood) == ("val/top1", 3, ())


def test_an_accuracy_that_never_passes_one_per_cent_stays_in_per_cent():
    assert of(f"{HEAD}0,6.9,6.9,0.1,0.5,0.1\n").get("val/top1").value.tolist() == [0.1]


def test_nan_is_a_value():
    assert str(of(LOG).get("train/loss").value[2]) == "nan"


def test_a_run_that_was_started_again_is_judged_by_its_last_start():
    run = of(LOG + "0,5.0,4.0,30,60,0.1\n")
    assert run.get("val/top1").value.tolist() == [30]
    assert any("started from nothing" in note.en for note in run.notes)


def test_a_heading_that_is_written_again_is_no_row():
    assert of(LOG + HEAD + "3,5.0,4.0,30,60,0.1\n").records == 4


@pytest.mark.parametrize(
    "head",
    [
        "epoch,train_loss,val_loss,val_top1",
        "step,train_loss,eval_top1",
        "epoch,eval_top1",
        "epoch train_loss eval_top1",
    ],
)
def test_leaves_other_tables_alone(head):
    assert not timm.recognises(Source("summary.csv", text=f"{head}\n0,1,2,3\n"))


def test_leaves_a_heading_alone_that_is_still_being_written():
    assert not timm.recognises(Source("summary.csv", text=HEAD.rstrip()))


def test_a_name_that_is_not_understood_is_reported():
    assert of(LOG.replace("lr", "wer", 1)).not_understood == ("wer",)


def test_a_row_with_other_columns_is_skipped_and_told():
    run = of(LOG + "3,1.0\n4,5.0,4.0,30,60,0.1\n")
    assert run.get("val/top1").epoch.tolist() == [1, 2, 3, 5]
    assert any("line 5" in note.en for note in run.notes)


def test_a_heading_without_rows_cannot_be_judged():
    with pytest.raises(DefibError):
        of(HEAD)


def test_two_runs_in_one_folder_are_refused_rather_than_mixed(tmp_path):
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "summary.csv").write_text(LOG + ("3,5.0,4.0,30,60,0.1\n" if name == "b" else ""))
    with pytest.raises(NothingReadable, match="2 runs"):
        read(tmp_path)
    assert read(tmp_path / "a").records == 3


def test_a_copy_is_read_once(tmp_path):
    for name in ("summary.csv", "copy.csv"):
        (tmp_path / name).write_text(LOG)
    assert read(tmp_path).records == 3


@settings(max_examples=60, deadline=None)
@given(st.integers(0, len(LOG)))
def test_a_log_cut_anywhere_reads_as_a_prefix(at):
    try:
        run = of(LOG[:at])
    except DefibError:
        return
    series = run.get("val/top1")
    found = [] if series is None else series.value.tolist()
    assert found == [0.12, 2.4, 0.1][: len(found)]
