import io

import numpy as np
import pytest
import torch

from defib.reading.predictions.problems import Unreadable
from defib.reading.predictions.storages import KINDS, StorageReader


def blob(values):
    """The bytes that a pickled tensor carries."""
    stream = io.BytesIO()
    torch.save(values.storage(), stream, _use_new_zipfile_serialization=False)
    return stream.getvalue()


KINDS_OF_TORCH = (torch.float64, torch.float32, torch.float16, torch.bfloat16, torch.int64, torch.int32, torch.int16,
                  torch.int8, torch.uint8)  # fmt: skip


@pytest.mark.filterwarnings("ignore:TypedStorage is deprecated")
@pytest.mark.parametrize("kind", KINDS_OF_TORCH, ids=str)
def test_a_storage_of_any_kind_is_read_as_torch_wrote_it(kind):
    values = torch.tensor([0, 1, 2, 3, 100]).to(kind)
    assert StorageReader().values(blob(values)).tolist() == values.tolist()


@pytest.mark.filterwarnings("ignore:TypedStorage is deprecated")
def test_one_reader_reads_many_storages_of_one_file():
    reader = StorageReader()
    for one in range(5):
        assert reader.values(blob(torch.full((3,), float(one)))).tolist() == [one] * 3


@pytest.mark.filterwarnings("ignore:TypedStorage is deprecated")
def test_a_storage_that_is_cut_or_has_more_than_it_says_is_refused():
    whole = blob(torch.zeros(9))
    for end in range(0, len(whole), 7):
        with pytest.raises(Unreadable, match="tensor"):
            StorageReader().values(whole[:end])
    with pytest.raises(Unreadable, match="tensor"):
        StorageReader().values(whole + b"\0")


@pytest.mark.filterwarnings("ignore:TypedStorage is deprecated")
def test_a_storage_of_another_kind_is_refused_and_not_guessed():
    assert "BoolStorage" not in KINDS
    with pytest.raises(Unreadable, match="not known"):
        StorageReader().values(blob(torch.zeros(3, dtype=torch.bool)))


@pytest.mark.filterwarnings("ignore:TypedStorage is deprecated")
def test_a_machine_that_counts_the_other_way_round_is_refused():
    whole = blob(torch.zeros(3))
    assert b"little_endian" in whole
    assert np.array_equal(StorageReader().values(whole), np.zeros(3))
    at = whole.index(b"little_endian")
    other = whole[:at] + whole[at:].replace(b"\x88", b"\x89", 1)
    with pytest.raises(Unreadable, match="tensor"):
        StorageReader().values(other)
