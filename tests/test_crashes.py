"""A run that crashed, from the folder to the verdict."""

from __future__ import annotations

import json

from defib import pipeline

STAMP = "2024/01/01 00:00:00 - mmengine - INFO - "
MEMORY = (
    "Traceback (most recent call last):",
    '  File "tools/train.py", line 9, in <module>',
    "torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB. GPU 0 has a total capacity of 23.69 GiB",
)
BROKEN = ("Traceback (most recent call last):", '  File "a.py", line 3, in <module>', "ValueError: no label 60")
ROWS = [
    {"lr": 0.01, "loss": 5.0 - 0.01 * at, "epoch": at // 5 + 1, "iter": at % 5 + 1, "step": at + 1} for at in range(40)
]


def mmengine(folder, *ending):
    log = folder / "20240101_000000" / "vis_data" / "scalars.json"
    log.parent.mkdir(parents=True)
    log.write_text("".join(json.dumps(row) + "\n" for row in ROWS))
    progress = [
        f"{STAMP}Epoch(train) [{row['epoch']}][{row['iter']}/5]  lr: 1.0e-02  loss: {row['loss']:.4f}" for row in ROWS
    ]
    console = folder / "20240101_000000" / "20240101_000000.log"
    console.write_text("\n".join([*progress, *ending]) + "\n")
    return pipeline.diagnose(pipeline.open_run(folder))


def mmcv(folder, *ending):
    folder.mkdir(exist_ok=True)
    rows = [
        {"mode": "train", "epoch": at // 5 + 1, "iter": 10 * (at % 5 + 1), "lr": 0.1, "loss": 5 - at / 10}
        for at in range(30)
    ]
    (folder / "20210101_000000.log.json").write_text("".join(json.dumps(row) + "\n" for row in rows))
    lines = [
        f"2021-01-01 00:00:00,000 - mmdet - INFO - Epoch [{row['epoch']}][{row['iter']}/50]\tlr: 0.1, loss: {row['loss']}"
        for row in rows
    ]
    (folder / "20210101_000000.log").write_text("\n".join([*lines, *ending]) + "\n")
    return pipeline.diagnose(pipeline.open_run(folder))


def rules(case):
    return {symptom.rule for symptom in case.checkup.symptoms if symptom.severity == "watch"}


def test_memory_that_ran_out_is_said_first(tmp_path):
    for number, make in enumerate((mmengine, mmcv)):
        case = make(tmp_path / str(number), *MEMORY)
        assert case.verdict == "watch"
        assert case.says.en.startswith("Training has stopped")
        assert case.says.zh.startswith("训练已")
        assert "out_of_memory" in rules(case)
        assert "crashed" not in rules(case)


def test_an_exception_is_said_first(tmp_path):
    for number, make in enumerate((mmengine, mmcv)):
        case = make(tmp_path / str(number), *BROKEN)
        assert case.verdict == "watch"
        assert "ValueError: no label 60" in case.says.en
        assert rules(case) == {"crashed"}


def test_a_run_that_goes_on_has_not_stopped(tmp_path):
    for number, (make, stamp) in enumerate(((mmengine, STAMP), (mmcv, "2021-01-01 00:00:00,000 - mmdet - INFO - "))):
        case = make(tmp_path / str(number), f"{stamp}Saving checkpoint at 8 epochs")
        assert "stopped" not in case.says.en
        assert not {"crashed", "out_of_memory"} & rules(case)


def test_a_program_that_stopped_on_nan_has_stopped(tmp_path):
    for number, make in enumerate((mmengine, mmcv)):
        case = make(tmp_path / str(number), "Loss is nan, stopping training")
        assert case.verdict == "watch"
        assert case.says.en.startswith("Training has stopped")
        assert rules(case) == {"crashed"}


def test_what_python_ignores_when_a_run_ends_is_no_crash(tmp_path):
    ignored = (
        "Exception ignored in: <function Iter.__del__ at 0x7f>",
        *BROKEN[:2],
        "AssertionError: can only test a child process",
    )
    for number, make in enumerate((mmengine, mmcv)):
        case = make(tmp_path / str(number), *ignored)
        assert "stopped" not in case.says.en
        assert not {"crashed", "out_of_memory"} & rules(case)


def test_a_class_that_is_called_killed_is_no_crash(tmp_path):
    for number, make in enumerate((mmengine, mmcv)):
        case = make(tmp_path / str(number), "| Killed | 34.5 | 0.2 |", "Killed  0.5  0.3", "error: 0.5")
        assert "stopped" not in case.says.en
        assert not {"crashed", "out_of_memory"} & rules(case)
