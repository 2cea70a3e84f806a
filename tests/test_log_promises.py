"""What every log format promises, whatever stands in the file. A new format is tested here unasked, on its own sample.

The sample is `SAMPLE` in the test beside a format: a small log of one start, as text, or as bytes of a binary file.
"""

from __future__ import annotations

import importlib
import random
import sys
import time
import tracemalloc
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from defib import catalogue
from defib.errors import DefibError
from defib.reading import formats, read
from defib.reading.format import Format

if TYPE_CHECKING:
    from pathlib import Path

    from defib.records import Run

FORMATS = catalogue.entries(formats, Format)
EACH = pytest.mark.parametrize("name", FORMATS)
QUICK = settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)

HANGING = 30.0  # seconds of the processor for a MiB: thirty times what reading takes, which bench/reading.py measures
START_UP = 5.0  # seconds for what does not grow with the file
GROWTH = 3  # times the calls for twice the file: what grows with its square makes four times as many
MEMORY_PER_BYTE = 100  # bytes held at most for a byte of the file; measured: text with many pairs needs 60
MIB = 2**20
COLUMNS = ("step", "epoch", "value", "record", "line")


SAMPLES: dict[str, str | bytes] = {
    name: getattr(importlib.import_module(f"{formats.__name__}.test_{name}"), "SAMPLE", "") for name in FORMATS
}


def sample(name: str) -> bytes:
    """The small log in the test beside a format."""
    found = SAMPLES[name]
    assert found, f"test_{name}.py has no SAMPLE: a small log of one start, as text or bytes"
    return found if isinstance(found, bytes) else found.encode()


def of(data: bytes, folder: Path) -> Run | None:
    """The run in these bytes, or None where reading refuses with an error of ours; any other error is a failure."""
    path = folder / "a.log"
    path.write_bytes(data)
    try:
        return read(path)
    except DefibError as error:
        refusal = error
    assert refusal.words.en
    assert refusal.words.zh
    return None


def is_prefix(part: Run, whole: Run) -> bool:
    """Whether each series of a run is the beginning of one of the other's."""
    for series in part.series:
        other = whole.get(series.key)
        if other is None or len(other) < len(series):
            return False
        for column in COLUMNS:
            mine, theirs = getattr(series, column), getattr(other, column)[: len(series)]
            if not np.array_equal(mine, theirs, equal_nan=True):
                return False
    return True


@EACH
def test_it_reads_its_own_sample_and_no_other_format_takes_it(name: str, tmp_path: Path):
    run = of(sample(name), tmp_path)
    assert run is not None or name == "case"  # a Case without series is refused
    assert run is None or run.framework == FORMATS[name].framework


@EACH
@QUICK
@given(share=some.floats(0, 1))
def test_a_log_cut_at_any_byte_reads_as_a_prefix(name: str, share: float, tmp_path: Path):
    data = sample(name)
    whole, part = of(data, tmp_path), of(data[: int(share * len(data))], tmp_path)
    assert part is None or is_prefix(part, whole or part)


@EACH
@QUICK
@given(some.data())
def test_a_log_with_any_bytes_changed_gives_a_run_or_a_clear_error(name: str, tmp_path: Path, data: some.DataObject):
    log = bytearray(sample(name))
    for _ in range(data.draw(some.integers(1, 4))):
        begin = data.draw(some.integers(0, len(log)))
        end = min(len(log), begin + data.draw(some.integers(0, 60)))
        kind = data.draw(some.sampled_from(("replace", "repeat", "insert")))
        if kind == "repeat":
            log[begin:begin] = log[begin:end] * data.draw(some.integers(1, 5))
        else:
            log[begin : end if kind == "replace" else begin] = data.draw(some.binary(max_size=60) | ODD)
    before = time.process_time()
    of(bytes(log), tmp_path)
    assert time.process_time() - before < START_UP + HANGING * len(log) / MIB


ODD = some.sampled_from(
    [
        *(
            b"nan",
            b"NaN",
            b"-inf",
            b"1e999",
            b"9" * 400,
            b"-1",
            b"",
            b"\0",
            b"\xff\xfe",
            b"\xef\xbb\xbf",
            b"\r",
            b"\n\n",
        ),
        *(b"[" * 3000, b'{"' * 2000, b"," * 3000, b"|" * 3000, b'"', b"\\u0000", b"1_000", "２³".encode(), b"\x1b[31m"),
        *(b"epoch", b"step", b"<<<<<<< HEAD\n", b"true", b"null", b"{}", b"[]", b"%", b"0x10", b"--", b"\t", b";"),
    ]
)


def big(name: str, size: int) -> bytes:
    """The sample again and again with other digits, up to a size: as a log that was appended to many times."""
    chance = random.Random(name)
    log = sample(name)
    digits = b"0123456789"
    pieces, length = [], 0
    while length < size:
        piece = bytes(chance.choice(digits) if byte in digits and chance.random() < 0.2 else byte for byte in log)
        pieces.append(piece)
        length += len(piece)
    return b"".join(pieces)


def calls(data: bytes, folder: Path) -> int:
    """How many calls reading these bytes makes: the same on every machine, however busy it is."""
    made = 0

    def count(_frame: object, event: str, _arg: object) -> None:
        nonlocal made
        made += event in ("call", "c_call")

    sys.setprofile(count)
    try:
        of(data, folder)
    finally:
        sys.setprofile(None)
    return made


@EACH
def test_twice_the_log_takes_twice_the_work(name: str, tmp_path: Path):
    whole = big(name, MIB // 8)
    lines = whole.splitlines(keepends=True)
    half = b"".join(lines[: len(lines) // 2]) if isinstance(SAMPLES[name], str) else whole[: len(whole) // 2]
    assert calls(whole, tmp_path) < GROWTH * calls(half, tmp_path) + 10_000


@EACH
def test_a_large_log_does_not_hang(name: str, tmp_path: Path):
    data = big(name, MIB // 2)
    before = time.process_time()
    of(data, tmp_path)
    assert time.process_time() - before < START_UP + HANGING * len(data) / MIB


@EACH
def test_a_large_log_takes_bounded_memory(name: str, tmp_path: Path):
    data = big(name, MIB // 8)
    tracemalloc.start()
    of(data, tmp_path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 8 * MIB + MEMORY_PER_BYTE * len(data)
