"""TensorBoard's event files, written by its own writer."""

import io
import struct
import sys
import tracemalloc

import numpy as np
import pytest

from defib.errors import CannotJudge, ExtraMissing, NoPoints
from defib.reading import read
from defib.reading.eventfile import MOST_TAGS
from defib.reading.format import Format
from defib.reading.run import all_formats

event_pb2 = pytest.importorskip("tensorboard.compat.proto.event_pb2", reason="the extra `tensorboard` is not installed")
summary_pb2 = pytest.importorskip("tensorboard.compat.proto.summary_pb2")
tensor_util = pytest.importorskip("tensorboard.util.tensor_util")
record_writer = pytest.importorskip("tensorboard.summary.writer.record_writer")

START = 1_700_000_000.0


def event_file(rows, *, tensors=False, begin=START):
    """The bytes of an event file: (step, {tag: value}) a row, one event for each scalar as SummaryWriter does."""
    file = io.BytesIO()
    writer = record_writer.RecordWriter(file)
    writer.write(event_pb2.Event(wall_time=begin, file_version="brain.Event:2").SerializeToString())
    for at, (step, values) in enumerate(rows):
        for tag, value in values.items():
            one = summary_pb2.Summary.Value(tag=tag)
            if tensors:
                one.tensor.CopyFrom(tensor_util.make_tensor_proto(np.float32(value)))
            else:
                one.simple_value = value
            event = event_pb2.Event(wall_time=begin + at, step=step, summary=summary_pb2.Summary(value=[one]))
            writer.write(event.SerializeToString())
    return file.getvalue()


def written(path, rows, **how):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(event_file(rows, **how))
    return path


NAME = "events.out.tfevents.1700000000.host"
ROWS = [(10 * at, {"train/loss": 5.0 - at / 4, "lr": 0.1, "val/acc": 0.05 * at}) for at in range(1, 13)]
SAMPLE = event_file(ROWS)


def test_tags_become_metrics_and_what_was_logged_together_is_one_record(tmp_path):
    run = read(written(tmp_path / NAME, ROWS))
    assert (run.framework, run.records, run.deciding) == ("tensorboard", 12, "val/top1")
    assert run.get("train/loss").step.tolist() == [step for step, _ in ROWS]
    assert run.get("val/top1").value == pytest.approx([100 * row["val/acc"] for _, row in ROWS])
    assert run.get("train/loss").line.tolist()[:2] == [2, 5]


def test_tensors_as_keras_writes_them_and_its_folders_are_one_run(tmp_path):
    folder = tmp_path / "logs"
    rows = [(at, {"epoch_loss": 3.0 - at / 5, "epoch_categorical_accuracy": at / 10}) for at in range(8)]
    written(folder / "train" / f"{NAME}.v2", rows, tensors=True)
    written(folder / "validation" / f"{NAME}.v2", rows, tensors=True, begin=START + 0.5)
    run = read(folder)
    assert {"train/loss", "val/loss", "train/top1", "val/top1"} <= {one.key for one in run.series}
    assert run.get("val/loss").epoch.tolist() == list(range(1, 9))
    assert run.get("train/loss").record.tolist() == list(range(0, 16, 2))


def test_an_epoch_that_is_logged_as_a_scalar_is_the_epoch(tmp_path):
    rows = [(50 * at, {"train_loss": 1.0, "epoch": float(at)}) for at in range(4)]
    assert read(written(tmp_path / NAME, rows)).get("train/loss").epoch.tolist() == [1, 2, 3, 4]
    rows = [(50 * at, {"train/loss": 1.0, "train/epoch": 0.5, "epoch": 0.5 + at}) for at in range(4)]
    assert read(written(tmp_path / NAME, rows)).get("train/loss").epoch.tolist() == [0.5, 1.5, 2.5, 3.5]


def test_what_torchs_own_writer_leaves_is_read(tmp_path):
    writer = pytest.importorskip("torch.utils.tensorboard").SummaryWriter(tmp_path)
    for step in range(20):
        writer.add_scalar("Loss/train", 3.0 - step / 10, step)
        writer.add_histogram("weights", np.ones(10), step)
        if step % 5 == 4:
            writer.add_scalar("Accuracy/val", step / 20, step)
    writer.close()
    run = read(tmp_path)
    assert (run.records, run.deciding) == (20, "val/top1")
    assert run.get("train/loss").value == pytest.approx([3.0 - step / 10 for step in range(20)], abs=1e-6)
    assert run.get("val/top1").step.tolist() == [4, 9, 14, 19]
    assert run.notes == ()


def test_nan_is_a_value(tmp_path):
    rows = [(at, {"train/loss": float("nan") if at > 3 else 1.0, "val/acc": 0.5}) for at in range(6)]
    assert np.isnan(read(written(tmp_path / NAME, rows)).get("train/loss").value).sum() == 2


def test_a_process_that_resumed_writes_a_file_of_its_own(tmp_path):
    written(tmp_path / f"{NAME}.0", ROWS)
    written(tmp_path / f"{NAME}.1", [(step + 60, row) for step, row in ROWS], begin=START + 1000)
    run = read(tmp_path)
    assert [segment.resumed for segment in run.segments] == [False, True]
    assert run.get("train/loss").step.max() == 180
    assert any("ran that part again" in note.en for note in run.notes)


def test_a_run_that_was_started_again_is_judged_by_its_last_start(tmp_path):
    written(tmp_path / f"{NAME}.0", ROWS)
    written(tmp_path / f"{NAME}.1", ROWS[:5], begin=START + 1000)
    run = read(tmp_path)
    assert len(run.get("train/loss")) == 5
    assert any("started from nothing 2 times" in note.en for note in run.notes)


def test_several_runs_in_one_folder_are_not_mixed(tmp_path):
    written(tmp_path / "a" / NAME, ROWS)
    written(tmp_path / "b" / NAME, ROWS)
    with pytest.raises(CannotJudge) as caught:
        read(tmp_path)
    assert "a" in caught.value.words.en


def test_a_file_that_is_being_written_reads_as_what_is_whole(tmp_path):
    data = written(tmp_path / NAME, ROWS).read_bytes()
    whole = read(tmp_path / NAME).get("train/loss").value
    for cut in range(200, len(data), 97):
        (tmp_path / NAME).write_bytes(data[:cut])
        try:
            run = read(tmp_path / NAME)
        except NoPoints:
            continue
        found = run.get("train/loss").value
        assert found.tolist() == whole[: len(found)].tolist()
        assert not any("damaged" in note.en for note in run.notes)


def test_a_damaged_record_ends_the_reading_and_is_told(tmp_path):
    path = written(tmp_path / NAME, ROWS)
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0xFF
    path.write_bytes(bytes(data))
    run = read(path)
    assert 0 < len(run.get("train/loss")) < len(ROWS)
    assert any("is damaged" in note.en for note in run.notes)
    assert any("已损坏" in note.zh for note in run.notes)


def test_a_record_that_claims_to_be_huge_reserves_nothing(tmp_path):
    path = written(tmp_path / NAME, ROWS)
    from tensorboard.compat.tensorflow_stub.pywrap_tensorflow import masked_crc32c

    head = struct.pack("<Q", 2**40)
    path.write_bytes(path.read_bytes() + head + struct.pack("<I", masked_crc32c(head)))
    run = read(path)
    assert len(run.get("train/loss")) == len(ROWS)


def framed(data):
    """A record with the checksums that fit it."""
    file = io.BytesIO()
    record_writer.RecordWriter(file).write(data)
    return file.getvalue()


def packed(values, step=5):
    return event_pb2.Event(step=step, summary=summary_pb2.Summary(value=values)).SerializeToString()


@pytest.mark.parametrize("tensors", [False, True])
def test_bytes_that_mean_nothing_inside_good_checksums_are_a_damaged_record(tmp_path, tensors):
    good = event_file(ROWS[:3])
    value = summary_pb2.Summary.Value(tag="train/loss", simple_value=1.0)
    if tensors:
        value = summary_pb2.Summary.Value(tag="train/loss", tensor=tensor_util.make_tensor_proto(np.float32(1.0)))
    data = packed([value])
    broken = 0
    for at in range(len(data)):
        for byte in (0x00, 0x7F, 0xFF):
            (tmp_path / NAME).write_bytes(good + framed(data[:at] + bytes([byte]) + data[at + 1 :]))
            run = read(tmp_path / NAME)
            if any("record 11 is damaged" in note.en for note in run.notes):
                assert run.get("train/loss").value.tolist() == [4.75, 4.5, 4.25]
                broken += 1
    assert broken > len(data)


def test_a_record_of_empty_values_costs_little(tmp_path):
    value = summary_pb2.Summary.Value()
    (tmp_path / NAME).write_bytes(event_file(ROWS) + framed(packed([value] * 200_000)) + framed(packed([value] * 1000)))
    tracemalloc.start()
    try:
        run = read(tmp_path / NAME)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(run.get("train/loss")) == len(ROWS)
    assert any("1 records are too long" in note.en for note in run.notes)
    assert peak < 20 * 2**20


def test_more_names_than_any_run_has_are_left_out_and_told(tmp_path):
    rows = [(1, {f"{name}/norm": 1.0 for name in range(MOST_TAGS)}), (2, {"train/loss": 1.0, "0/norm": 2.0})]
    (tmp_path / NAME).write_bytes(event_file([(0, {"val/acc": 0.5}), *rows]))
    run = read(tmp_path / NAME)
    assert run.get("val/top1") is not None
    assert run.get("train/loss") is None
    (note,) = [note for note in run.notes if "names" in note.en]
    assert "2 values" in note.en
    assert "5000" in note.zh


def test_images_and_histograms_are_passed_over(tmp_path):
    image = summary_pb2.Summary.Value(
        tag="train/loss", image=summary_pb2.Summary.Image(encoded_image_string=b"x" * 100)
    )
    counts = summary_pb2.Summary.Value(tag="train/loss", tensor=tensor_util.make_tensor_proto(np.ones(5, np.float32)))
    words = summary_pb2.Summary.Value(tag="train/loss", tensor=tensor_util.make_tensor_proto("text"))
    (tmp_path / NAME).write_bytes(event_file(ROWS) + framed(packed([image, counts, words])))
    run = read(tmp_path / NAME)
    assert len(run.get("train/loss")) == len(ROWS)
    assert run.notes == ()


def test_a_step_below_zero_is_none(tmp_path):
    value = summary_pb2.Summary.Value(tag="train/loss", simple_value=1.0)
    (tmp_path / NAME).write_bytes(
        event_file(ROWS) + framed(packed([value], step=-1)) + framed(packed([value], step=2**62))
    )
    assert len(read(tmp_path / NAME).get("train/loss")) == len(ROWS)


@pytest.mark.parametrize("junk", [b"\0" * 5000, b"\x18" + b"\0" * 7 + b"brain.Event:", bytes(range(256)) * 20])
def test_bytes_that_are_no_event_file_are_a_clear_error(tmp_path, junk):
    (tmp_path / NAME).write_bytes(junk)
    with pytest.raises(CannotJudge):
        read(tmp_path / NAME)


def test_a_file_without_scalars_has_no_points(tmp_path):
    with pytest.raises(NoPoints):
        read(written(tmp_path / NAME, []))


def test_without_the_extra_the_answer_says_what_to_install(tmp_path, monkeypatch):
    path = written(tmp_path / NAME, ROWS)
    monkeypatch.setitem(sys.modules, "tensorboard.compat.proto.event_pb2", None)
    with pytest.raises(ExtraMissing) as caught:
        read(path)
    assert "pip install 'defib[tensorboard]'" in caught.value.words.en
    assert "pip install 'defib[tensorboard]'" in caught.value.words.zh


def test_a_text_log_beside_event_files_is_preferred_when_a_program_wrote_it(tmp_path):
    written(tmp_path / NAME, ROWS)
    (tmp_path / "metrics.csv").write_text("epoch,step,train_loss,val_acc\n0,9,,0.5\n0,9,1.0,\n1,19,,0.6\n1,19,0.5,\n")
    assert read(tmp_path).framework == "lightning"


def test_only_binary_formats_see_binary_files():
    assert [form.name for form in all_formats().values() if form.binary] == ["tensorboard"]
    assert isinstance(all_formats()["tensorboard"], Format)
