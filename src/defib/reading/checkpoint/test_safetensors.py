import json
import struct

import pytest

from defib.reading.checkpoint import inspect

GOOD = {
    "__metadata__": {"format": "pt"},
    "w": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]},
    "s": {"dtype": "BF16", "shape": [], "data_offsets": [24, 26]},
}


@pytest.fixture
def write(tmp_path):
    def write(header, values=26):
        raw = header if isinstance(header, bytes) else json.dumps(header).encode()
        path = tmp_path / "model.safetensors"
        path.write_bytes(struct.pack("<Q", len(raw)) + raw + b"\0" * values)
        return path

    return write


def test_a_sound_file_is_ready_and_holds_only_weights(write):
    found = inspect(write(GOOD))
    assert (found.state, found.full, found.epoch) == ("ready", False, None)


def test_a_file_cut_off_anywhere_is_never_ready(write):
    path = write(GOOD)
    data = path.read_bytes()
    for end in range(len(data)):
        path.write_bytes(data[:end])
        assert inspect(path).state == "broken", end


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (GOOD | {"s": {"dtype": "BF16", "shape": [], "data_offsets": [20, 22]}}, "tensor s"),
        (GOOD | {"w": {"dtype": "F32", "shape": [2, 2], "data_offsets": [0, 24]}}, "tensor w"),
        (GOOD | {"w": {"dtype": "F32", "shape": [-2, -3], "data_offsets": [0, 24]}}, "header"),
        ({"__metadata__": {"a": "b"}}, "no tensors"),
        (b"{not json", "header"),
        (b'{"a":' + b"[" * 100_000, "header"),
    ],
)
def test_a_header_that_does_not_describe_the_file_is_broken(write, header, expected):
    found = inspect(write(header))
    assert found.state == "broken"
    assert expected in found.problem.en


def test_bytes_behind_the_last_tensor_are_broken(write):
    assert "wrong length" in inspect(write(GOOD, values=27)).problem.en


def test_a_length_beyond_the_file_is_broken(tmp_path):
    path = tmp_path / "a.safetensors"
    path.write_bytes(struct.pack("<Q", 2**63) + b"{}")
    assert inspect(path).state == "broken"
