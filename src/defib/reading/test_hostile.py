"""Paths and lines that mean harm, or look like it: never waited for, never read without end, never a traceback."""

import os
import signal
import tracemalloc
from pathlib import Path

import pytest

from defib.errors import CannotJudge, NothingReadable
from defib.reading import read, runs_below
from defib.reading.formats.table import table
from defib.reading.run import taken
from defib.reading.source import Source

SCALARS = '{"lr": 0.1, "loss": 1.0, "epoch": 1, "step": 10}\n{"acc/top1": 0.5, "step": 1}\n'
TABLE = "| Epoch | RGB |\n|---|---|\n| 1 | 40.0 |\n| 2 | 45.0 |\n"
LOG = (
    "2024/01/01 00:00:00 - mmengine - INFO - Epoch(train)  [{0}][20/20]  lr: 1.0000e-02  loss: 1.0000\n"
    "2024/01/01 00:00:00 - mmengine - INFO - Epoch(val) [{0}][12/12]    acc/top1: 0.5000  time: 0.9038\n"
)
STAMP = "2024/01/01 00:00:00 - mmengine - INFO - "
ROOT_READS_ALL = pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")


class Late(BaseException):
    """It took too long. No error that the code under test could catch."""


def quickly(work, seconds=20):
    """What the work gives, unless it takes too long: a test that hangs tells nothing."""

    def late(*_):
        raise Late

    before = signal.signal(signal.SIGALRM, late)
    signal.alarm(seconds)
    try:
        return work()
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def refused(kind, path, **options):
    """Read what cannot be read; the message is whole in both languages."""
    with pytest.raises(kind) as caught:
        quickly(lambda: read(path, **options))
    words = caught.value.words
    for text in (words.en, words.zh):
        assert "{" not in text.replace(str(path), ""), text
        assert len(text) < 2_000
    return words


def work_dir(folder, text=SCALARS):
    path = folder / "20240101_000000" / "vis_data" / "scalars.json"
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding="utf-8")
    return folder


# --- paths


@ROOT_READS_ALL
def test_a_directory_without_permission_says_so(tmp_path):
    folder = work_dir(tmp_path / "run")
    folder.chmod(0)
    try:
        refused(CannotJudge, folder)
    finally:
        folder.chmod(0o755)


@ROOT_READS_ALL
def test_a_path_inside_a_directory_without_permission_says_so(tmp_path):
    folder = work_dir(tmp_path / "run")
    folder.chmod(0)
    try:
        assert runs_below(folder / "20240101_000000") == []
        refused(CannotJudge, folder / "20240101_000000")
    finally:
        folder.chmod(0o755)


@ROOT_READS_ALL
def test_a_file_without_permission_says_so(tmp_path):
    path = tmp_path / "a.md"
    path.write_text(TABLE, encoding="utf-8")
    path.chmod(0)
    refused(CannotJudge, path)


def test_a_pipe_in_the_place_of_a_log_is_refused_and_not_waited_for(tmp_path):
    path = tmp_path / "scalars.json"
    os.mkfifo(path)
    refused(CannotJudge, path)


@pytest.mark.parametrize(
    "place", ["a.log", "vis_data/scalars.json", "20240101_000000/vis_data/scalars.json", "files.txt"]
)
def test_a_pipe_within_a_directory_is_passed_by(tmp_path, place):
    path = tmp_path / place
    path.parent.mkdir(parents=True, exist_ok=True)
    os.mkfifo(path)
    refused(CannotJudge, tmp_path)


@pytest.mark.parametrize("device", ["/dev/zero", "/dev/null"])
def test_a_device_is_refused_and_not_read(device):
    if not Path(device).exists():
        pytest.skip(f"no {device} on this system")
    tracemalloc.start()
    refused(CannotJudge, Path(device))
    assert tracemalloc.get_traced_memory()[1] < 10**8
    tracemalloc.stop()


def test_a_device_behind_a_link_is_passed_by(tmp_path):
    path = tmp_path / "20240101_000000" / "vis_data" / "scalars.json"
    path.parent.mkdir(parents=True)
    path.symlink_to("/dev/zero")
    refused(CannotJudge, tmp_path)


@pytest.mark.parametrize("beginning", ["", SCALARS * 2_000])
def test_a_file_beyond_4_gib_is_refused_and_never_read_in_part(tmp_path, beginning):
    path = tmp_path / "a.log"
    path.write_text(beginning, encoding="utf-8")
    with path.open("r+b") as stream:
        stream.truncate((4 << 30) + 1)
    refused(NothingReadable, path)
    refused(NothingReadable, tmp_path)


def test_a_file_that_vanishes_between_listing_and_reading_is_told(tmp_path):
    path = tmp_path / "a.md"
    path.write_text(TABLE, encoding="utf-8")
    source = Source("a.md", path=path)
    assert source.head
    path.unlink()
    with pytest.raises(NothingReadable) as gone:
        taken(table, [source], str(path))
    assert "a.md" in gone.value.words.en
    assert "a.md" in gone.value.words.zh


def test_a_directory_that_contains_itself_is_no_trap(tmp_path):
    for index in range(3):
        (tmp_path / f"2024010{index}_000000").symlink_to(tmp_path, target_is_directory=True)
    refused(CannotJudge, tmp_path)
    assert quickly(lambda: runs_below(tmp_path)) is not None


def test_a_link_to_nothing_is_passed_by(tmp_path):
    folder = work_dir(tmp_path)
    (folder / "20240101_000000" / "vis_data" / "20240101_000000.json").symlink_to("/nowhere/at/all")
    (folder / "epoch_1.pth").symlink_to("/nowhere/at/all")
    assert len(read(folder).get("val/top1")) == 1


@pytest.mark.parametrize(
    "text",
    ["\0" * 100, "one two three\n" * 1000, "-5 epoch_1.pth\n", "9" * 5000 + " epoch_1.pth\n", "１２ epoch_2.pth\n"],
)
def test_a_listing_of_nonsense_costs_nothing(tmp_path, text):
    folder = work_dir(tmp_path)
    (folder / "files.txt").write_text(text, encoding="utf-8")
    assert len(read(folder).get("val/top1")) == 1


# --- lines


@pytest.mark.parametrize(
    "line",
    [
        " " * 1_000_000,
        "|" * 1_000_000,
        "[" * 1_000_000,
        "9" * 1_000_000,
        "Epoch(train)" * 80_000,
        "Epoch(train) [" + " " * 90_000,
        "Epoch(val) [1][1/1]" + "  a: 1" * 15_000,
        "The best checkpoint with x " * 3_600,
        "The best checkpoint with x y at 1 epoch is saved to " * 1_900,
        "save_best=[" * 9_000,
        "The previous best checkpoint " * 3_400,
        "2024/01/01 00:00:00 - " * 4_000,
        "Load checkpoint from " * 4_700,
        "Traceback (most recent call last)" * 3_000,
    ],
    ids=lambda line: line[:16],
)
def test_no_line_of_a_console_log_takes_long(line):
    text = LOG.format(1) + f"{line}\n{STAMP}{line}\n" + LOG.format(2)
    assert quickly(lambda: read(None, text=text)).get("val/top1").epoch.tolist() == [1, 2]


@pytest.mark.parametrize(
    "line",
    [
        " " * 1_000_000,
        "|" * 1_000_000,
        "| " * 500_000,
        "[" * 1_000_000,
        "9" * 1_000_000,
        "9," * 500_000,
        "-" * 1_000_000,
        "|-" * 500_000,
        "|--" * 300_000 + "x",
        ":-" * 500_000,
        "*" * 1_000_000,
        "`~*" * 300_000,
        "训练集准确率" * 160_000,
        "训练集准确率" + " " * 1_000_000,
        "training accuracy" + " " * 1_000_000,
        "training" * 120_000,
        "\t" * 1_000_000,
        '"' * 999_999,
        "epoch " * 160_000,
        "epoch\xa0" * 160_000,
    ],
    ids=lambda line: repr(line[:12]),
)
def test_no_line_beside_a_table_takes_long(line):
    text = f"{TABLE}\n{line}\n"
    assert quickly(lambda: read(None, text=text)).get("val/top1/rgb").epoch.tolist() == [1, 2]


def test_no_cell_takes_long():
    cells = [
        "9" * 4_000,
        "1," * 2_000,
        "_" * 4_000,
        "e" * 4_000,
        "1e" * 2_000,
        " " * 4_000,
        "(" * 4_000,
        "9" * 4_000 + "%",
    ]
    rows = "".join(f"| {number} | {cell} |\n" for number, cell in enumerate(cells * 50, start=1))
    assert (
        quickly(lambda: read(None, text=f"| Epoch | RGB |\n|---|---|\n| 0 | 40.0 |\n{rows}")).get("val/top1/rgb")
        is not None
    )


def test_a_header_of_thousands_of_lines_is_refused_in_time():
    text = "a | b\n" * 100_000

    def refused():
        with pytest.raises(NothingReadable):
            read(None, text=text)
        return True

    assert quickly(refused)


@pytest.mark.parametrize("unit", ["| epoch | acc |\nx | y\n", "epoch,acc\n", "epoch acc\n", "| epoch | acc |\n"])
def test_thousands_of_headings_without_a_history_take_no_time(unit):
    text = unit * 5_000 + "\n" + TABLE
    assert quickly(lambda: read(None, text=text)).get("val/top1/rgb") is not None


def test_counters_that_no_run_reaches_are_no_steps():
    huge = STAMP + "Epoch(train) [999999999999][999999999999999/999999999999999]  loss: 1.0\n"
    run = read(None, text=huge + LOG.format(1))
    assert run.get("train/loss").step.tolist() == [20]
