import io
import os
import pickle
import time
from collections import OrderedDict

import numpy as np
import pytest
import torch

from defib.errors import PredictionsDoNotFit, PredictionsUnreadable, PredictionsUnsafe
from defib.reading.checkpoint.unpickling import unpickle
from defib.reading.predictions.test_made_up_dumps import (
    LABELS,
    POSE,
    RGB,
    dumped,
    holds_both,
    read,
    refused,
    samples_of,
)

# ------------------------------------------------------------------------------------------------ what is read


@pytest.mark.parametrize("protocol", [2, 3, 4, 5])
@pytest.mark.parametrize("convert", [torch.tensor, np.array, np.ndarray.tolist], ids=["tensor", "array", "list"])
def test_a_dump_of_two_branches_is_read_in_every_protocol_and_with_any_numbers(tmp_path, convert, protocol):
    table = read(tmp_path, dumped(samples_of(convert), protocol))
    assert holds_both(table)
    assert (table.form, table.file, table.names) == ("pickle", "predictions.bin", None)


@pytest.mark.parametrize("kind", [torch.float64, torch.float32, torch.float16, torch.bfloat16])
def test_tensors_of_any_precision_are_read_as_torch_reads_them(tmp_path, kind):
    rows = [torch.tensor(row).to(kind) for row in RGB]
    table = read(tmp_path, dumped([{"pred_score": row, "gt_label": torch.tensor([0])} for row in rows]))
    assert table.scores["fused"].tolist() == [row.float().tolist() for row in rows]


@pytest.mark.parametrize("kind", [torch.int64, torch.int32, torch.int16, torch.int8, torch.uint8])
def test_labels_of_any_whole_type_are_read(tmp_path, kind):
    samples = [{"pred_score": RGB[one], "gt_label": torch.tensor([LABELS[one]], dtype=kind)} for one in range(40)]
    assert read(tmp_path, dumped(samples)).labels.tolist() == LABELS.tolist()


@pytest.mark.parametrize("kind", ["f2", "f4", "f8", ">f4", ">f8", "i4", "u1"])
def test_arrays_of_any_kind_are_read_as_numpy_reads_them(tmp_path, kind):
    rows = np.round(RGB * 9).astype(kind)
    table = read(tmp_path, dumped([{"pred_score": row, "gt_label": 0} for row in rows], 4))
    assert table.scores["fused"].tolist() == rows.astype("f4").tolist()


def test_views_of_one_tensor_are_read_at_their_own_place(tmp_path):
    whole = torch.tensor(np.concatenate([RGB, POSE], axis=1))
    samples = [{"pred_score": {"rgb": row[:6], "pose": row[6:]}, "gt_label": torch.tensor(LABELS)[index : index + 1]}
               for index, row in enumerate(whole)]  # fmt: skip
    assert holds_both(read(tmp_path, dumped(samples)))


def test_a_tensor_with_steps_is_read_by_its_steps(tmp_path):
    columns = torch.tensor(RGB.T.copy())
    samples = [{"pred_score": columns[:, one], "gt_label": int(LABELS[one])} for one in range(40)]
    assert read(tmp_path, dumped(samples)).scores["fused"].tolist() == RGB.tolist()


def test_the_names_of_mmaction2_1_0_are_read(tmp_path):
    samples = [
        {"pred_scores": {"item": torch.tensor(RGB[one])}, "gt_labels": {"item": torch.tensor([LABELS[one]])}}
        for one in range(40)
    ]
    table = read(tmp_path, dumped(samples))
    assert list(table.scores) == ["fused"]
    assert table.labels.tolist() == LABELS.tolist()


def test_the_branches_of_mmaction2_1_0_are_read(tmp_path):
    samples = [
        {"pred_scores": {"rgb": torch.tensor(RGB[one]), "pose": torch.tensor(POSE[one])}, "gt_labels": {"item": [LABELS.tolist()[one]]}}
        for one in range(40)
    ]  # fmt: skip
    assert holds_both(read(tmp_path, dumped(samples)))


def test_lists_of_bare_scores_have_no_labels(tmp_path):
    table = read(tmp_path, dumped(list(RGB), 4))
    assert table.scores["fused"].tolist() == RGB.tolist()
    assert table.labels is None
    both = read(tmp_path, dumped([{"rgb": RGB[one], "pose": POSE[one]} for one in range(40)], 4))
    assert (list(both.scores), both.labels) == (["rgb", "pose"], None)


def test_a_batch_of_one_and_an_ordered_dict_and_a_name_are_read(tmp_path):
    samples = [OrderedDict(pred_score=RGB[one][None], label=int(LABELS[one]), frame_dir=f"S{one}") for one in range(40)]
    table = read(tmp_path, dumped(samples, 4))
    assert table.scores["fused"].tolist() == RGB.tolist()
    assert table.names[:2] == ("S0", "S1")


def test_scores_by_name_are_read(tmp_path):
    samples = [{"scores_rgb": RGB[one], "scores_pose": POSE[one], "label": int(LABELS[one])} for one in range(40)]
    assert holds_both(read(tmp_path, dumped(samples, 4)))


def test_scores_that_are_nan_are_kept_as_nan(tmp_path):
    rows = RGB.copy()
    rows[3] = np.nan
    table = read(tmp_path, dumped([{"pred_score": torch.tensor(row), "gt_label": 1} for row in rows]))
    assert np.isnan(table.scores["fused"][3]).all()


# ------------------------------------------------------------------------------------------------ hostile


class Attack:
    """An object whose pickle runs a command when Python's own unpickler reads it."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return os.system, (f"touch {self.path}",)


@pytest.mark.parametrize("protocol", [2, 3, 4, 5])
def test_a_pickle_that_would_run_a_command_is_refused_by_its_name_and_not_run(tmp_path, protocol):
    bomb = tmp_path / "sentinel"
    data = pickle.dumps([{"pred_score": RGB[0], "gt_label": Attack(bomb)}], protocol=protocol)
    words = refused(PredictionsUnsafe, tmp_path, data)
    assert f"{os.system.__module__}.system" in words.en
    assert f"{os.system.__module__}.system" in words.zh
    assert "没有被执行" in words.zh
    assert not bomb.exists()
    pickle.loads(data)  # and this is what it would have done
    assert bomb.exists()


@pytest.mark.parametrize("name", ["builtins eval", "builtins getattr", "torch load", "numpy load", "numpy.core.multiarray fromfile",
                                  "torch.storage _load_from_file", "os open", "torch._utils _rebuild_tensor_v3"])  # fmt: skip
def test_any_name_that_scores_do_not_need_is_refused_even_where_it_is_not_called(tmp_path, name):
    module, attribute = name.split()
    words = refused(PredictionsUnsafe, tmp_path, f"\x80\x02c{module}\n{attribute}\n.".encode("latin-1"))
    assert f"{module}.{attribute}" in words.en


def test_a_command_inside_the_bytes_of_a_tensor_is_not_run(tmp_path):
    bomb = tmp_path / "sentinel"
    inner = pickle.dumps(Attack(bomb), protocol=2)

    class Tensor:
        def __reduce__(self):
            return torch._utils._rebuild_tensor_v2, (Storage(), 0, (6,), (1,), False, OrderedDict())

    class Storage:
        def __reduce__(self):
            return torch.storage._load_from_bytes, (inner * 5,)

    words = refused(PredictionsUnreadable, tmp_path, dumped([{"pred_score": Tensor(), "gt_label": 0}]))
    assert "tensor" in words.en
    assert not bomb.exists()


def tensor(size=(6,), stride=(1,), offset=0, cut=0, extra=b""):
    """A pickled tensor with other claims than its six values bear out."""
    blob = io.BytesIO()
    torch.save(torch.arange(6, dtype=torch.float32).untyped_storage(), blob, _use_new_zipfile_serialization=False)
    genuine = pickle.dumps(torch.arange(6, dtype=torch.float32), protocol=2)
    found = unpickle(genuine).value
    stored = found.arguments[0].arguments[0]
    raw = stored if isinstance(stored, bytes) else stored.arguments[0].encode("latin-1")
    raw = raw[: len(raw) - cut] + extra

    class Storage:
        def __reduce__(self):
            return torch.storage._load_from_bytes, (raw,)

    class Tensor:
        def __reduce__(self):
            return torch._utils._rebuild_tensor_v2, (Storage(), offset, size, stride, False, OrderedDict())

    return dumped([{"pred_score": Tensor(), "gt_label": 0}], 4)


def test_an_honest_tensor_is_read(tmp_path):
    assert read(tmp_path, tensor()).scores["fused"].tolist() == [[0, 1, 2, 3, 4, 5]]


@pytest.mark.parametrize("claim", [
    {"size": (7,)}, {"size": (6,), "offset": 1}, {"size": (2,), "stride": (6,)}, {"size": (10**12,), "stride": (0,)},
    {"size": (0,)}, {"size": (-6,)}, {"size": (6,), "stride": (-1,)}, {"size": (1, 1, 6), "stride": (6, 6, 1)},
    {"size": (6,), "stride": (1, 1)}, {"offset": -1}, {"size": ("6",)}, {"cut": 1}, {"cut": 60}, {"extra": b"\0\0\0\0"},
])  # fmt: skip
def test_a_tensor_that_claims_what_is_not_there_is_refused(tmp_path, claim):
    words = refused(PredictionsUnreadable, tmp_path, tensor(**claim))
    assert "tensor" in words.en
    assert "张量" in words.zh


def test_a_tensor_that_repeats_one_value_stands_for_no_more_than_the_file_has(tmp_path):
    wide = torch.zeros(1).expand(5)
    assert "张量" in refused(PredictionsUnreadable, tmp_path, dumped([{"pred_score": wide, "gt_label": 0}])).zh


def test_lists_of_references_to_one_list_end_in_a_refusal(tmp_path):
    row = [0.5] * 1000
    words = refused(PredictionsUnreadable, tmp_path, dumped([row] * 5000))
    assert "repeats itself" in words.en
    assert "自我重复" in words.zh


@pytest.mark.parametrize("middle", [b"]0" * 400_000, b"(" * 400_000, b"]\x85" * 200_000, b"}q\x00h\x00" * 100_000])
def test_bombs_of_instructions_cost_little(tmp_path, middle):
    before = time.process_time()
    refused(PredictionsUnreadable, tmp_path, b"\x80\x02" + middle + b"N.")
    assert time.process_time() - before < 60


def test_a_list_within_itself_is_refused(tmp_path):
    mine = []
    mine.append(mine)
    refused(PredictionsUnreadable, tmp_path, dumped(mine))


# ------------------------------------------------------------------------------------------------ not a dump


def test_every_cut_of_a_dump_is_refused(tmp_path):
    data = dumped(samples_of()[:2])
    for end in range(2, len(data), max(1, len(data) // 150)):
        refused(PredictionsUnreadable, tmp_path, data[:end])


def test_a_pickle_of_something_else_says_what_it_holds(tmp_path):
    assert "holds dict" in refused(PredictionsUnreadable, tmp_path, dumped({"rgb": [1.0]})).en
    assert "holds []" in refused(PredictionsUnreadable, tmp_path, dumped([])).en
    assert "holds int" in refused(PredictionsUnreadable, tmp_path, dumped(3)).en


def test_a_sample_without_scores_is_named_with_what_was_looked_for(tmp_path):
    words = refused(PredictionsUnreadable, tmp_path, dumped([{"gt_label": 3, "pred_label": 2}]))
    assert "sample 0" in words.en
    assert "pred_score" in words.zh


@pytest.mark.parametrize("value", ["text", [], ["a"], [[0.1, 0.9], [0.2, 0.8]], [True, False]])
def test_scores_that_are_no_row_of_numbers_are_named(tmp_path, value):
    samples = [{"pred_score": [0.1, 0.9], "gt_label": 0}, {"pred_score": value, "gt_label": 0}]
    words = refused(PredictionsUnreadable, tmp_path, dumped(samples))
    assert "sample 1" in words.en
    assert "第 1 个样本" in words.zh


def test_labels_for_many_classes_at_once_are_refused(tmp_path):
    words = refused(PredictionsDoNotFit, tmp_path, dumped([{"pred_score": [0.1, 0.9], "gt_label": [0, 1]}]))
    assert "2 labels" in words.en
    assert "多标签" in words.zh


def test_a_label_that_is_no_number_is_refused(tmp_path):
    words = refused(PredictionsUnreadable, tmp_path, dumped([{"pred_score": [0.1, 0.9], "gt_label": "walk"}]))
    assert "label of sample 0" in words.en


def test_an_old_text_pickle_is_none_of_the_forms(tmp_path):
    assert "none of the known forms" in refused(PredictionsUnreadable, tmp_path, pickle.dumps([1.0], protocol=0)).en
