"""Messages of texts beside a log, and of logs that hold numbers and words."""

import json
import os

import pytest

from defib.reading import read

ROWS = [{"lr": 0.01, "loss": 5.0 - 0.01 * at, "epoch": at // 5 + 1, "iter": at % 5 + 1, "step": at + 1} for at in range(40)]  # fmt: skip
TRACEBACK = (
    "Traceback (most recent call last):",
    '  File "tools/train.py", line 9, in <module>',
    "    main()",
    "RuntimeError: DataLoader worker exited unexpectedly",
)
MEMORY = (
    "Traceback (most recent call last):",
    '  File "tools/train.py", line 9, in <module>',
    "torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB. GPU 0 has a total capacity of 23.69 GiB",
)
NOW = 1_700_000_000


def work_dir(folder, printed=(), *, name="nohup.out", later=0.0):
    """An mmengine folder, and what was printed beside it, written so many seconds later."""
    log = folder / "20240101_000000" / "vis_data" / "scalars.json"
    log.parent.mkdir(parents=True)
    log.write_text("".join(json.dumps(row) + "\n" for row in ROWS))
    os.utime(log, (NOW, NOW))
    if printed:
        (folder / name).write_text("\n".join(printed) + "\n")
        os.utime(folder / name, (NOW + later, NOW + later))
    return folder


def kinds(run):
    return [event.kind for event in run.events]


@pytest.mark.parametrize("name", ["nohup.out", "slurm-4711.out", "train.log", "job.err", "train.o12345"])
def test_a_crash_that_was_printed_beside_the_log_stands_at_its_end(tmp_path, name):
    run = read(work_dir(tmp_path, ("starting", *TRACEBACK), name=name))
    (event,) = run.events
    assert (event.kind, event.record) == ("traceback", len(ROWS))
    assert event.text == TRACEBACK[-1]
    assert (event.place.file, event.place.line) == (name, 5)
    assert event.at.step == ROWS[-1]["step"]


def test_a_crash_in_mmengines_own_console_log_is_counted_with_its_json(tmp_path):
    stamp = "2024/01/01 00:00:00 - mmengine - INFO - "
    progress = [f"{stamp}Epoch(train) [{row['epoch']}][{row['iter']}/5]  lr: 1.0e-02  loss: {row['loss']:.4f}" for row in ROWS]  # fmt: skip
    for shown in (progress, progress[5:]):  # a console that began later counts by the steps
        folder = tmp_path / str(len(shown))
        run = read(work_dir(folder, (*shown, *MEMORY), name="20240101_000000/20240101_000000.log"))
        assert kinds(run) == ["traceback", "out-of-memory"]
        assert {event.record for event in run.events} == {len(ROWS)}


def test_without_any_text_nothing_is_heard(tmp_path):
    assert read(work_dir(tmp_path)).events == ()


@pytest.mark.parametrize(
    "printed",
    [
        ("starting", *TRACEBACK, "Epoch 3 [10/20] loss 0.5"),  # training went on below it
        ("WARNING: killed classes: 3", "val/Killed 0.5", "error_rate 0.1"),
        ("UserWarning: lr_scheduler.step() before optimizer.step()",),
        ("the class `Killed in action` has 3 samples",),
        ("out of memory is what we had last week, we lowered the batch",),
        ("Error: 0.034 (mean) 0.012 (std)",),
        ("<All keys matched successfully>",),
    ],
)
def test_what_is_no_end_and_no_failure_is_no_event(tmp_path, printed):
    assert read(work_dir(tmp_path, printed)).events == ()


@pytest.mark.parametrize(
    "after",
    [
        "wandb:        epoch 12",
        "slurmstepd: error: *** STEP 4711.0 ON n01 CANCELLED AT 2024-01-02T03:04:05 ***",
        "srun: error: n01: task 0: Exited with exit code 1",
    ],
)
def test_what_is_printed_after_the_end_is_no_training(tmp_path, after):
    assert kinds(read(work_dir(tmp_path, (*TRACEBACK, after)))) == ["traceback"]


def test_the_texts_that_were_written_last_are_heard(tmp_path):
    run_dir = work_dir(tmp_path, TRACEBACK, name="slurm-999.out")
    for number in range(100, 150):  # of earlier jobs, before it in the order of names
        (tmp_path / f"slurm-{number}.out").write_text("\n".join(MEMORY) + "\n")
        os.utime(tmp_path / f"slurm-{number}.out", (NOW - 86_400, NOW - 86_400))
    assert kinds(read(run_dir)) == ["traceback"]


def test_a_text_from_another_day_tells_nothing_of_the_end(tmp_path):
    assert read(work_dir(tmp_path, TRACEBACK, later=-86_400.0)).events == ()


def test_notes_are_no_console(tmp_path):
    assert read(work_dir(tmp_path, TRACEBACK, name="notes.md")).events == ()


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("RuntimeError: CUDA out of memory. Tried to allocate 20.00 MiB", "out-of-memory"),
        ("RuntimeError: cuDNN error: CUDNN_STATUS_ALLOC_FAILED", "out-of-memory"),
        ("slurmstepd: error: Detected 1 oom_kill event in StepId=4711.0. Some of the step tasks have been OOM Killed.", "killed"),
        ("slurmstepd: error: *** JOB 4711 ON n01 CANCELLED AT 2024-01-02T03:04:05 DUE TO TIME LIMIT ***", "killed"),
        ("/var/spool/job.sh: line 4: 12345 Killed", "killed"),
        ("torch.distributed.elastic.multiprocessing.api.SignalException: Process 1 got Signal 9 (SIGKILL)", "killed"),
        ("RuntimeError: DataLoader worker (pid 123) is killed by signal: Killed.", "killed"),
    ],
)  # fmt: skip
def test_the_end_of_a_process_in_the_words_of_many_programs(tmp_path, line, kind):
    assert kinds(read(work_dir(tmp_path, (line,)))) == [kind]


def test_the_ranks_of_torchrun_are_no_part_of_a_message(tmp_path):
    run = read(work_dir(tmp_path, [f"[rank1]: {line}" for line in TRACEBACK]))
    assert [event.text for event in run.events] == [TRACEBACK[-1]]


@pytest.mark.parametrize(
    ("line", "gpus"),
    [
        ("Rank of current process: 0. World size: 8", 8),
        ("| distributed init (rank 0): env://, world_size: 4", 4),
        ("Training in distributed mode with multiple processes, 1 device per process.Process 0, total 16, device cuda:0.", 16),
        ("distributed_backend=nccl  All distributed processes registered. Starting with 2 processes", 2),
        ("the world is of size 8", None),
    ],
)  # fmt: skip
def test_the_number_of_processes_is_the_number_of_gpus(tmp_path, line, gpus):
    assert read(work_dir(tmp_path, (line,))).launch.gpus == gpus


def test_the_length_of_an_epoch_as_it_is_printed(tmp_path):
    lines = [f"Epoch: [{at}] Total time: 0:02:0{at} (0.1234 s / it)" for at in (3, 4, 5)]
    log = tmp_path / "log.txt"
    log.write_text("".join(json.dumps({"train_loss": 1.0 - at / 10, "test_acc1": 10.0 * at, "epoch": at}) + "\n" for at in range(5)))  # fmt: skip
    (tmp_path / "nohup.out").write_text("\n".join(lines) + "\n")
    assert read(tmp_path).seconds_per_epoch == 124.0


def test_a_message_in_a_text_log_stands_behind_the_records_above_it(tmp_path):
    lines = [f"Epoch {at}: train loss {3 - at / 10:.2f} val acc {10 * at:.1f}%" for at in range(1, 7)]
    lines[3:3] = TRACEBACK
    log = tmp_path / "train.log"
    log.write_text("\n".join(lines) + "\n")
    run = read(log)
    (event,) = run.events
    assert event.record == run.get("val/top1").record[2] + 1
    assert event.at.epoch == 3


def test_a_very_long_text_is_heard_at_both_ends(tmp_path):
    middle = ["word " * 20] * 100_000
    printed = ("missing keys in source state_dict: conv1.weight", *middle, *TRACEBACK)
    run = read(work_dir(tmp_path, printed))
    assert kinds(run) == ["not-matched", "traceback"]
    assert run.events[1].place.line == len(printed)
