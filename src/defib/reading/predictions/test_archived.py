import io
import pickle
import struct
import zipfile

import numpy as np
import pytest
import torch

from defib.errors import PredictionsDoNotFit, PredictionsUnreadable
from defib.reading.predictions.test_made_up_dumps import LABELS, POSE, RGB, holds_both, read, refused


def saved(*, compressed=False, **arrays):
    stream = io.BytesIO()
    (np.savez_compressed if compressed else np.savez)(stream, **arrays)
    return stream.getvalue()


def archive(**members):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as found:
        for name, data in members.items():
            found.writestr(f"{name}.npy", data)
    return stream.getvalue()


def array(header, data):
    """An .npy of version 1.0 with any header."""
    text = header.encode() + b" " * (-(10 + len(header) + 1) % 64) + b"\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text + data


@pytest.mark.parametrize("compressed", [False, True])
def test_branches_labels_and_names_are_read(tmp_path, compressed):
    names = np.array([f"S{one}" for one in range(40)])
    table = read(tmp_path, saved(scores_rgb=RGB, scores_pose=POSE, label=LABELS, name=names, compressed=compressed))
    assert holds_both(table)
    assert (table.form, table.names[:2]) == ("npz", ("S0", "S1"))


@pytest.mark.parametrize("kind", ["f2", "f4", "f8", ">f4", "i8", "?"])
def test_scores_of_any_kind_are_read_as_numpy_reads_them(tmp_path, kind):
    scores = np.round(RGB * 3).astype(kind)
    assert read(tmp_path, saved(scores=scores)).scores["fused"].tolist() == scores.astype("f4").tolist()


def test_columns_first_is_read_the_right_way_round(tmp_path):
    table = read(tmp_path, saved(scores_rgb=np.asfortranarray(RGB), scores_pose=POSE[:, ::1], label=LABELS))
    assert holds_both(table)


@pytest.mark.parametrize("labels", [LABELS[:, None], LABELS.astype("f4"), LABELS.astype("u1")])
def test_labels_may_stand_in_a_column_or_be_of_another_kind(tmp_path, labels):
    assert read(tmp_path, saved(scores=RGB, labels=labels)).labels.tolist() == LABELS.tolist()


def test_names_as_bytes_are_read(tmp_path):
    assert read(tmp_path, saved(scores=RGB, names=np.array([b"a"] * 40))).names == ("a",) * 40


def test_other_arrays_are_left_alone(tmp_path):
    more = np.array([{"a": 1}], dtype=object)
    assert read(tmp_path, saved(scores=RGB, label=LABELS, meta=more)).samples == 40


def test_one_sample_is_read(tmp_path):
    table = read(tmp_path, saved(scores=RGB[:1], label=np.int64(3)))
    assert (table.samples, table.labels.tolist()) == (1, [3])


class Attack:
    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return open, (str(self.path), "w")


def test_an_array_of_objects_is_refused_and_its_pickle_not_run(tmp_path):
    bomb = tmp_path / "sentinel"
    header = "{'descr': '|O', 'fortran_order': False, 'shape': (1,), }"
    data = archive(scores=array(header, pickle.dumps([Attack(bomb)])))
    words = refused(PredictionsUnreadable, tmp_path, data)
    assert "scores in the .npz" in words.en
    assert "scores" in words.zh
    assert not bomb.exists()


def test_a_header_that_would_be_run_as_python_is_refused(tmp_path):
    header = f"__import__('pathlib').Path({str(tmp_path / 'sentinel')!r}).touch()"
    refused(PredictionsUnreadable, tmp_path, archive(scores=array(header, b"")))
    assert not (tmp_path / "sentinel").exists()


@pytest.mark.parametrize(
    "shape", ["(40, 7)", "(1000000000, 1000000000)", "(-40, -6)", "(40,)", "(0, 6)", "(40, 6, 1)", "()"]
)
def test_an_array_that_says_another_size_is_refused(tmp_path, shape):
    header = f"{{'descr': '<f4', 'fortran_order': False, 'shape': {shape}, }}"
    refused((PredictionsUnreadable, PredictionsDoNotFit), tmp_path, archive(scores=array(header, RGB.tobytes())))


def test_an_archive_that_unpacks_to_far_more_than_it_has_is_not_unpacked(tmp_path):
    header = "{'descr': '<f4', 'fortran_order': False, 'shape': (20000000, 2), }"
    words = refused(PredictionsUnreadable, tmp_path, archive(scores=array(header, bytes(160_000_000))))
    assert "152 MiB" in words.en
    assert "没有解压" in words.zh


def test_every_cut_is_refused(tmp_path):
    data = saved(scores=RGB, label=LABELS)
    for end in range(2, len(data), 41):
        refused(PredictionsUnreadable, tmp_path, data[:end])


def test_flipped_bytes_are_read_or_refused_and_nothing_else(tmp_path):
    data = saved(scores=RGB, label=LABELS, compressed=True)
    for place in range(0, len(data), 13):
        broken = bytearray(data)
        broken[place] ^= 0xFF
        try:
            read(tmp_path, bytes(broken))
        except (PredictionsUnreadable, PredictionsDoNotFit):
            continue


def test_what_torch_saves_is_named_with_what_to_do(tmp_path):
    stream = io.BytesIO()
    torch.save([{"pred_score": torch.zeros(3)}], stream)
    words = refused(PredictionsUnreadable, tmp_path, stream.getvalue())
    assert "torch.save" in words.en
    assert "torch.save" in words.zh


def test_an_archive_without_scores_says_what_it_has(tmp_path):
    words = refused(PredictionsUnreadable, tmp_path, saved(logits=RGB, label=LABELS))
    assert "it has label" in words.en
    assert "没有分数" in words.zh
    assert "it has logits" in refused(PredictionsUnreadable, tmp_path, saved(logits=RGB)).en
    assert "it has -" in refused(PredictionsUnreadable, tmp_path, saved()).en


def test_a_single_array_says_how_to_save_it_with_its_labels(tmp_path):
    stream = io.BytesIO()
    np.save(stream, RGB)
    assert "numpy.savez" in refused(PredictionsUnreadable, tmp_path, stream.getvalue()).zh


def test_labels_for_many_classes_at_once_are_refused(tmp_path):
    refused(PredictionsUnreadable, tmp_path, saved(scores=RGB, label=np.zeros((40, 6), dtype=int)))
