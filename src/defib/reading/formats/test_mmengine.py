import json
import shutil
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from defib.errors import CannotJudge, DefibError, NoPoints, NothingReadable
from defib.reading.run import read

DEMO = Path(__file__).parents[2] / "demo" / "runs" / "mmaction2-lr-jump"
STAMP = "20261122_104320"
SCALARS = DEMO / STAMP / "vis_data" / "scalars.json"
LOG = DEMO / STAMP / f"{STAMP}.log"
INFO = "2026/11/22 10:45:55 - mmengine - INFO - "
SAMPLE = "".join(
    f'{{"lr": 0.1, "loss": {9 - at}.5, "epoch": {at}, "iter": {10 * at}, "step": {10 * at}}}\n'
    f'{{"acc/top1": 0.{at}5, "data_time": 0.1, "time": 0.2, "step": {at}}}\n'
    for at in range(1, 7)
)


def train(step, epoch=None, **values):
    row = {"lr": 0.1, "loss": 2.0, **values, "step": step}
    return json.dumps(row if epoch is None else {**row, "epoch": epoch})


def val(step, top1=0.5, **values):
    return json.dumps({"acc/top1": top1, **values, "data_time": 0.1, "time": 0.2, "step": step})


def work_dir(folder, **sessions):
    """A work directory with one scalars.json for each session."""
    for stamp, lines in sessions.items():
        path = folder / stamp.removeprefix("at_") / "vis_data" / "scalars.json"
        path.parent.mkdir(parents=True)
        path.write_text("\n".join(lines) + "\n")
    return folder


# --------------------------------------------------------------------------------------------- the real run


def test_the_real_run_has_the_numbers_that_an_independent_count_gives():
    rows = [json.loads(line) for line in SCALARS.read_text().splitlines()]
    fused = [100 * row["acc/RGBPose_1:1_top1"] for row in rows if "acc/RGBPose_1:1_top1" in row]
    rates = [row["lr"] for row in rows if "lr" in row]
    run = read(DEMO, observed_at=5.0)
    assert run.get("val/top1/fused").value.tolist() == pytest.approx(fused)
    assert (len(fused), len(rates), run.records) == (13, 39, 52)
    assert run.get("train/lr").value.tolist() == rates
    assert rates[0] == 0.02
    assert rates[-1] == 0.5
    assert run.get("val/top1/fused").value[8:10].tolist() == pytest.approx([200 / 3, 25 / 3])
    assert run.get("val/top1/fused").epoch.tolist() == list(range(1, 14))
    assert run.get("val/top1/fused").step.tolist() == [30 * epoch for epoch in range(1, 14)]
    assert run.deciding == "val/top1/fused"
    assert run.observed_at == 5.0
    assert not run.not_understood
    assert not run.events[0].place.file.startswith("/")


def test_the_real_run_tells_how_it_was_started_and_what_it_kept():
    run = read(DEMO)
    assert (run.launch.cwd, run.launch.gpus, run.launch.distributed) == ("/data/mmaction2", 1, False)
    assert run.launch.work_dir == "/data/mmaction2/work_dirs/lrjump"
    assert (run.tracked.setting, run.tracked.raw, run.tracked.epoch, run.tracked.value) == (
        "auto",
        "acc/rgb_top1",
        9.0,
        67.71,
    )
    kept = [(one.path, one.epoch, one.best_of, one.state, one.size) for one in run.checkpoints]
    assert ("best_acc_rgb_top1_epoch_9.pth", 9.0, "acc/rgb_top1", "listed", 144673819) in kept
    assert len(kept) == 3
    assert 40 < run.seconds_per_epoch < 60


def test_the_console_log_alone_gives_the_same_curve_to_four_digits():
    run, full = read(LOG), read(DEMO)
    assert run.get("val/top1/fused").value.tolist() == pytest.approx(
        full.get("val/top1/fused").value.tolist(), abs=0.006
    )
    assert run.get("train/loss").step.tolist() == full.get("train/loss").step.tolist()
    assert [one.path for one in run.checkpoints] == ["best_acc_rgb_top1_epoch_9.pth"]


@pytest.mark.parametrize("part", [STAMP, f"{STAMP}/vis_data", f"{STAMP}/vis_data/scalars.json"])
def test_any_part_of_a_work_directory_may_be_named(part):
    assert len(read(DEMO / part).get("val/top1/fused")) == 13


def test_the_two_copies_of_the_scalars_are_read_once():
    assert read(DEMO / STAMP / "vis_data").files == ("scalars.json",)


def test_checkpoints_on_disk_are_left_for_inspection_and_win_over_the_log(tmp_path):
    shutil.copytree(DEMO / STAMP, tmp_path / STAMP)
    (tmp_path / "epoch_13.pth").write_bytes(b"12345")
    found = read(tmp_path).checkpoints
    assert [(one.path, one.state, one.size, one.epoch) for one in found] == [("epoch_13.pth", "unseen", 5, 13.0)]


# --------------------------------------------------------------------------------------------- several processes


def test_a_resumed_run_is_one_run_and_its_later_rows_count(tmp_path):
    first = [train(10, 1), val(1, 0.1), train(20, 2), val(2, 0.2), train(30, 3), val(3, 0.3)]
    again = [train(20, 2), val(2, 0.6), train(30, 3), val(3, 0.7)]
    run = read(work_dir(tmp_path, at_20260101_000000=first, at_20260102_000000=again))
    top1 = run.get("val/top1")
    assert top1.value.tolist() == pytest.approx([10, 60, 70])
    assert top1.record.tolist() == [1, 7, 9]
    assert [one.resumed for one in run.segments] == [False, True]
    assert run.records == 10
    assert any("resumed" in note.en for note in run.notes)


def test_a_run_started_again_from_nothing_is_judged_by_its_last_start(tmp_path):
    first = [train(10, 1), val(1, 0.1), train(20, 2), val(2, 0.2)]
    run = read(work_dir(tmp_path, at_20260101_000000=first, at_20260102_000000=[train(10, 1), val(1, 0.9)]))
    assert run.get("val/top1").value.tolist() == [90]
    assert run.records == 2
    assert run.segments[0].record == 0
    assert any("started from nothing 2 times" in note.en for note in run.notes)


def test_the_console_log_says_where_a_run_resumed(tmp_path):
    folder = work_dir(
        tmp_path, at_20260101_000000=[train(100), train(200)], at_20260102_000000=[train(250), train(300)]
    )
    log = folder / "20260102_000000" / "20260102_000000.log"
    log.write_text(f"{INFO}Load checkpoint from a.pth\n{INFO}resumed epoch: 0, iter: 150\n")
    run = read(folder)
    assert run.get("train/loss").step.tolist() == [100, 250, 300]
    assert [event.kind for event in run.events] == ["loaded", "resumed"]


def test_iterations_that_count_on_evaluations_too_are_no_epochs(tmp_path):
    run = read(work_dir(tmp_path, at_20260101_000000=[train(50), train(100), val(100), train(150)]))
    assert run.get("val/top1").step.tolist() == [100]
    assert str(run.get("val/top1").epoch[0]) == "nan"


def test_a_folder_of_several_runs_is_refused_rather_than_mixed(tmp_path):
    for name in ("a", "b"):
        work_dir(tmp_path / name, at_20260101_000000=[train(10, 1), val(1)])
    with pytest.raises(NothingReadable, match="2 runs"):
        read(tmp_path)


def test_the_results_of_a_test_are_no_evaluation(tmp_path):
    folder = work_dir(tmp_path, at_20260101_000000=[train(10, 1), val(1)])
    (folder / "20260101_000000" / "20260101_000000.json").write_text(val(0, 0.99))
    assert read(folder).get("val/top1").value.tolist() == [50]


# --------------------------------------------------------------------------------------------- damage


def test_bare_nan_and_infinity_are_values(tmp_path):
    run = read(
        work_dir(tmp_path, at_20260101_000000=[train(10, 1, grad_norm=float("nan")), train(20, 1, loss=float("inf"))])
    )
    assert str(run.get("train/grad_norm").value[0]) == "nan"
    assert run.get("train/loss").value[1] == float("inf")


def test_a_half_written_last_line_is_left_out_without_an_alarm():
    run = read(None, text=f"{train(10, 1)}\n{val(1)}\n{train(20, 2)[:-9]}")
    assert run.records == 2
    assert len(run.notes) == 1
    assert "half written" in run.notes[0].en


def test_broken_lines_and_merge_conflicts_are_skipped_and_counted():
    run = read(None, text=f"<<<<<<< HEAD\n{train(10, 1)}\nrubbish\n{val(1)}\n=======\n>>>>>>> b\n")
    assert run.records == 2
    assert ["3 lines" in run.notes[0].en, "at line 3" in run.notes[1].en] == [True, True]


def test_names_that_are_not_understood_are_reported_and_not_guessed():
    run = read(None, text=f"{train(10, 1)}\n{val(1, **{'coco/cat precision (M)': 0.5})}\n")
    assert run.not_understood == ("coco/cat precision (M)",)


def test_a_log_whose_names_are_all_unknown_cannot_be_judged():
    with pytest.raises(NoPoints, match="IoU_sky"):
        read(None, text='{"IoU_sky": 3.0, "data_time": 0.1, "time": 0.2, "step": 100}\n')


def test_training_accuracies_are_of_one_batch_and_losses_are_not():
    run = read(DEMO)
    assert run.get("train/top1/rgb").single_batch
    assert not run.get("train/loss/rgb").single_batch
    assert not run.get("val/top1/rgb").single_batch


def test_a_traceback_is_told_by_its_last_line():
    text = f'{INFO}Epoch(train)  [1][10/30]  lr: 2.0e-02  loss: 7.5\nTraceback (most recent call last):\n  File "x.py", line 1\nRuntimeError: CUDA out of memory\n'
    events = read(None, text=text).events
    assert [(event.kind, event.at.step) for event in events] == [("traceback", 10), ("out-of-memory", 10)]
    assert events[0].text == "RuntimeError: CUDA out of memory"


def test_the_printed_config_is_no_metric_and_progress_is_no_evaluation():
    text = f"{INFO}Config:\nlr: 5.0\nval_interval=10\n{INFO}Epoch(train)  [1][10/30]  lr: 2.0e-02  loss: 7.5\n{INFO}Epoch(val)  [1][12/12]    eta: 0:00:01  time: 0.9\n"
    run = read(None, text=text)
    assert run.records == 1
    assert run.get("train/lr").value.tolist() == [0.02]


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 100_000), st.sampled_from([SCALARS, LOG]))
def test_a_log_cut_at_any_byte_reads_as_a_prefix(at, path):
    data = path.read_bytes()
    whole = read(path).get("val/top1/rgb").value.tolist()
    try:
        run = read(None, text=data[: min(at, len(data))].decode("utf-8", "replace"))
    except CannotJudge:
        return
    series = run.get("val/top1/rgb")
    found = [] if series is None else series.value.tolist()
    assert found == whole[: len(found)]


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.binary(max_size=400).map(lambda data: data.decode("utf-8", "replace")), st.text(max_size=400)))
def test_any_bytes_give_a_run_or_a_refusal(text):
    for start in ("", f"{train(10, 1)}\n", f"{INFO}Epoch(train)  [1][10/30]  loss: 1.0\n", "| Epoch | RGB |\n"):
        try:
            read(None, text=start + text)
        except DefibError:
            continue
