import json

import numpy as np
import pytest

from defib.errors import CannotJudge
from defib.reading import read
from defib.reading.formats.mmengine import mmengine
from defib.reading.source import Source

STAMP = "20240101_000000"


def train(step, epoch=None, **values):
    row = {"lr": 0.01, "loss": 1.0, **values, **({} if epoch is None else {"epoch": epoch, "iter": step}), "step": step}
    return json.dumps(row)


def val(step, **values):
    return json.dumps({**(values or {"acc/top1": 0.5}), "data_time": 0.1, "time": 0.2, "step": step})


def session(folder, *rows, stamp=STAMP, name="scalars.json", end="\n"):
    """A work directory with one more process in it."""
    path = folder / stamp / "vis_data" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(rows) + end, encoding="utf-8")
    return path


def epochs_of(*epochs, steps=10, top=0.5):
    """Rows of whole epochs: one training row and one evaluation each."""
    return [row for epoch in epochs for row in (train(epoch * steps, epoch), val(epoch, **{"acc/top1": top}))]


def points(run, key):
    series = run.get(key)
    return list(zip(series.step.tolist(), series.epoch.tolist(), series.value.tolist(), strict=True))


def said(run, word):
    return [note for note in run.notes if word in note.en]


# ------------------------------------------------------------------------------------------------ epochs and steps


def test_the_step_of_an_evaluation_is_its_epoch(tmp_path):
    session(tmp_path, train(10, 1), train(20, 1), val(1), train(30, 2), train(40, 2), val(2))
    assert points(read(tmp_path), "val/top1") == [(20, 1, 50), (40, 2, 50)]


def test_a_run_without_epochs_counts_iterations_on_both(tmp_path):
    session(tmp_path, train(50), train(100), val(100), train(150), train(200), val(200))
    run = read(tmp_path)
    assert run.get("val/top1").step.tolist() == [100, 200]
    assert np.isnan(run.get("val/top1").epoch).all()
    assert np.isnan(run.get("train/loss").epoch).all()


def test_evaluations_alone_are_placed_by_their_epoch(tmp_path):
    session(tmp_path, val(1), val(2), val(3))
    run = read(tmp_path)
    assert run.get("val/top1").epoch.tolist() == [1, 2, 3]
    assert np.isnan(run.get("val/top1").step).all()


# ------------------------------------------------------------------------------------------------ names and numbers


def test_names_with_colons_and_spaces_are_read_whole(tmp_path):
    session(tmp_path, train(10, 1), val(1, **{"acc/RGBPose_1:1_top1": 0.5, "coco/cat precision (M)": 0.5}))
    run = read(tmp_path)
    assert run.get("val/top1/fused").value.tolist() == [50]
    assert run.not_understood == ("coco/cat precision (M)",)


def test_nan_and_infinity_are_values_and_not_gaps(tmp_path):
    rows = [train(10, 1, grad_norm=float("nan")), train(20, 1, loss=float("inf")), val(1)]
    session(tmp_path, *rows)
    run = read(tmp_path)
    assert np.isnan(run.get("train/grad_norm").value).all()
    assert run.get("train/loss").value.tolist() == [1.0, float("inf")]
    assert run.notes == ()


def test_training_accuracies_are_of_one_batch_and_nothing_else_is(tmp_path):
    session(tmp_path, train(10, 1, rgb_top1_acc=0.25, rgb_loss_cls=2.0), val(1, **{"acc/rgb_top1": 0.5}))
    single = {one.key: one.single_batch for one in read(tmp_path).series}
    assert single["train/top1/rgb"]
    assert not single["train/loss"]
    assert not single["train/loss/rgb"]
    assert not single["val/top1/rgb"]


def test_fractions_become_per_cent_and_the_scale_is_kept(tmp_path):
    session(tmp_path, *epochs_of(1, 2))
    series = read(tmp_path).get("val/top1")
    assert (series.scale, series.unit, series.value.tolist()) == (100, "%", [50, 50])


def test_per_cent_stays_per_cent(tmp_path):
    session(tmp_path, train(10, 1), val(1, **{"accuracy/top1": 0.9}), train(20, 2), val(2, **{"accuracy/top1": 57.4}))
    series = read(tmp_path).get("val/top1")
    assert (series.scale, series.value.tolist()) == (1, [0.9, 57.4])


@pytest.mark.parametrize("value", [True, "0.5", None, [0.5], {"a": 0.5}])
def test_what_is_no_number_is_no_value(tmp_path, value):
    session(tmp_path, train(10, 1), val(1, **{"acc/top1": value, "acc/top5": 0.5}))
    run = read(tmp_path)
    assert run.get("val/top1") is None
    assert run.get("val/top5").value.tolist() == [50]


def test_a_log_whose_metrics_are_all_unknown_is_never_healthy(tmp_path):
    session(tmp_path, val(1, **{"coco/bbox_cat": 0.3, "PCQ": 0.8}), val(2, **{"coco/bbox_cat": 0.4, "PCQ": 0.9}))
    with pytest.raises(CannotJudge) as refused:
        read(tmp_path)
    for text in (refused.value.words.en, refused.value.words.zh):
        assert "coco/bbox_cat" in text
        assert "PCQ" in text


def test_unknown_metrics_beside_known_ones_are_listed(tmp_path):
    session(tmp_path, train(10, 1), val(1, **{"coco/bbox_cat": 0.3, "coco/bbox_dog": -1.0}))
    run = read(tmp_path)
    assert run.get("train/loss") is not None
    assert set(run.not_understood) == {"coco/bbox_cat", "coco/bbox_dog"}
    assert run.deciding is None


# ------------------------------------------------------------------------------------------------ damage


def test_a_half_written_last_line_is_left_for_next_time(tmp_path):
    session(tmp_path, *epochs_of(1, 2), '{"acc/top1": 0.1, "st', end="")
    run = read(tmp_path)
    assert run.get("val/top1").epoch.tolist() == [1, 2]
    assert not said(run, "not JSON")


def test_a_whole_last_line_without_its_end_counts(tmp_path):
    session(tmp_path, *epochs_of(1, 2), end="")
    assert read(tmp_path).get("val/top1").epoch.tolist() == [1, 2]


def test_conflict_markers_are_skipped_and_told(tmp_path):
    rows = epochs_of(1, 2, 3)
    session(tmp_path, "<<<<<<< HEAD", *rows, "=======", *rows, ">>>>>>> main")
    run = read(tmp_path)
    assert run.get("val/top1").epoch.tolist() == [1, 2, 3]
    assert run.notes


def test_foreign_lines_are_skipped_and_counted(tmp_path):
    session(tmp_path, *epochs_of(1), "Killed", "[1, 2]", "", *epochs_of(2))
    run = read(tmp_path)
    assert run.get("val/top1").epoch.tolist() == [1, 2]
    (note,) = run.notes
    assert "2" in note.en
    assert "2" in note.zh


@pytest.mark.parametrize("step", [10**400, -5, "30", None, True, 1e300, float("nan")])
def test_a_step_that_can_be_none_costs_its_row_and_no_more(tmp_path, step):
    session(tmp_path, *epochs_of(1), json.dumps({"lr": 0.1, "loss": 9.0, "epoch": 2, "step": step}), *epochs_of(2))
    run = read(tmp_path)
    assert run.get("val/top1").epoch.tolist() == [1, 2]
    assert run.get("train/loss").step.tolist() in ([10, 20], [10, float("inf"), 20])


@pytest.mark.parametrize("epoch", ["2", 10**400, -1, [], {}])
def test_an_epoch_that_can_be_none_does_not_stop_the_reading(tmp_path, epoch):
    session(tmp_path, *epochs_of(1), json.dumps({"lr": 0.1, "loss": 9.0, "epoch": epoch, "step": 15}), *epochs_of(2))
    assert read(tmp_path).get("val/top1").epoch.tolist() == [1, 2]


def test_deeply_nested_json_is_a_line_that_is_skipped(tmp_path):
    session(tmp_path, *epochs_of(1), '{"step": ' * 10000, '{"a":' + "[" * 10000 + "]" * 10000 + "}", *epochs_of(2))
    assert read(tmp_path).get("val/top1").epoch.tolist() == [1, 2]


def test_a_line_of_50_megabytes_is_no_obstacle(tmp_path):
    session(tmp_path, *epochs_of(1), '{"note": "' + "x" * 50_000_000 + '"}', "y" * 1_000_000, *epochs_of(2))
    assert read(tmp_path).get("val/top1").epoch.tolist() == [1, 2]


def test_bytes_that_are_not_utf8_cost_their_line_and_no_more(tmp_path):
    path = session(tmp_path, *epochs_of(1, 2))
    path.write_bytes(b'{"\xff\xfe": 1, "step": 5}\n' + path.read_bytes())
    assert read(tmp_path).get("val/top1").epoch.tolist() == [1, 2]


# ------------------------------------------------------------------------------------------------ several files


def test_the_two_copies_of_one_log_are_read_once(tmp_path):
    for name in ("scalars.json", f"{STAMP}.json"):
        session(tmp_path, *epochs_of(1, 2), name=name)
    run = read(tmp_path)
    assert run.get("val/top1").epoch.tolist() == [1, 2]
    assert run.records == 4


def test_a_log_with_only_the_stamped_copy_is_read(tmp_path):
    session(tmp_path, *epochs_of(1, 2), name=f"{STAMP}.json")
    assert read(tmp_path).get("val/top1").epoch.tolist() == [1, 2]


def test_the_results_of_a_test_are_not_read_as_an_evaluation(tmp_path):
    session(tmp_path, *epochs_of(1, 2))
    results = {"acc/top1": 0.99, "data_time": 0.1, "time": 0.2}
    (tmp_path / STAMP / f"{STAMP}.json").write_text(json.dumps(results) + "\n", encoding="utf-8")
    assert read(tmp_path).get("val/top1").value.tolist() == [50, 50]


def test_a_resumed_run_is_one_run_of_two_segments(tmp_path):
    session(tmp_path, *epochs_of(1, 2))
    session(tmp_path, *epochs_of(3, 4), stamp="20240102_000000")
    run = read(tmp_path)
    assert run.get("val/top1").epoch.tolist() == [1, 2, 3, 4]
    assert [segment.resumed for segment in run.segments] == [False, True]
    assert run.segments[1].record == 4
    assert run.segments[1].file.startswith("20240102")


def test_what_ran_again_after_a_resume_is_taken_from_the_later_run(tmp_path):
    session(tmp_path, *epochs_of(1, 2, 3, top=0.3))
    session(tmp_path, *epochs_of(3, 4, top=0.6), stamp="20240102_000000")
    run = read(tmp_path)
    assert points(run, "val/top1") == [(10, 1, 30), (20, 2, 30), (30, 3, 60), (40, 4, 60)]
    assert run.notes


def test_a_run_that_was_started_again_from_nothing_is_judged_by_its_last_start(tmp_path):
    session(tmp_path, *epochs_of(1, 2, 3, top=0.3))
    session(tmp_path, *epochs_of(1, 2, top=0.6), stamp="20240102_000000")
    run = read(tmp_path)
    assert points(run, "val/top1") == [(10, 1, 60), (20, 2, 60)]
    (segment,) = run.segments
    assert not segment.resumed
    (note,) = run.notes
    assert note.zh


def test_a_start_that_logged_nothing_changes_nothing(tmp_path):
    session(tmp_path, *epochs_of(1, 2))
    session(tmp_path, stamp="20240102_000000", end="")
    run = read(tmp_path)
    assert run.get("val/top1").epoch.tolist() == [1, 2]


def test_stamps_decide_the_order_and_not_the_time_of_the_files(tmp_path):
    session(tmp_path, *epochs_of(3, 4), stamp="20240102_000000")
    session(tmp_path, *epochs_of(1, 2))
    assert read(tmp_path).get("val/top1").epoch.tolist() == [1, 2, 3, 4]


# ------------------------------------------------------------------------------------------------ recognition


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}\n",
        "[]\n",
        '{"mode": "train", "epoch": 1, "iter": 10, "lr": 0.1, "loss": 1.0, "step": 10}\n',
        '{"kind": "train", "step": 1, "values": {"train/loss": 1.0}}\n',
        '{"iteration": 19, "total_loss": 1.0, "lr": 0.1}\n',
        "| Epoch | RGB |\n|---|---|\n| 1 | 5 |\n",
        "Dear diary, at step 10 the loss was 1.0\n",
    ],
)
def test_other_logs_are_left_alone(text):
    assert not mmengine.recognises(Source("a.json", text=text))


def test_a_log_is_recognised_behind_conflict_markers():
    assert mmengine.recognises(Source("a.json", text="<<<<<<< HEAD\n" + train(10, 1) + "\n"))
