"""What real logs do that no manual tells: one test for each quirk that no test beside a format names."""

import json
from itertools import count

import numpy as np
import pytest

from defib.errors import DefibError, NothingReadable
from defib.health import check
from defib.reading import read


def of(text):
    return read(None, text=text)


def lines(*rows):
    return "".join(json.dumps(row) + "\n" for row in rows)


def values(run, key):
    return run.get(key).value.tolist()


# ------------------------------------------------------------------------------------------------ mmengine, mmcv


def mmengine(epochs, *, shift=0.0, norm=1.0):
    for epoch in range(1, epochs + 1):
        yield {
            "lr": 0.1,
            "loss": 2.0 / epoch,
            "grad_norm": norm,
            "epoch": epoch,
            "iter": 10 * epoch,
            "step": 10 * epoch,
        }
        yield {"acc/top1": 0.1 * epoch + shift, "data_time": 0.1, "time": 0.2, "step": epoch}


def test_single_nan_gradient_norms_under_mixed_precision_stay_and_are_no_alarm():
    rows = list(mmengine(9))
    rows[0]["grad_norm"] = rows[6]["grad_norm"] = float("nan")
    run = of(lines(*rows))
    assert np.isnan(values(run, "train/grad_norm")).tolist() == [True, *[False] * 2, True, *[False] * 5]
    assert all(one.severity != "act" and one.rule != "non_finite" for one in check(run).symptoms)


def test_evaluations_may_come_at_any_interval_and_the_interval_may_change():
    rows = [row for row in mmengine(30) if "lr" in row or row["step"] in (5, 10, 20, *range(25, 31))]
    run = of(lines(*rows))
    assert run.get("val/top1").epoch.tolist() == [5, 10, 20, *range(25, 31)]
    assert len(run.segments) == 1


def test_a_merge_conflict_that_holds_the_run_twice_gives_the_second_side():
    first, second = lines(*mmengine(5)), lines(*mmengine(3, shift=0.05))
    run = of(f"<<<<<<< HEAD\n{first}=======\n{second}>>>>>>> branch\n")
    assert values(run, "val/top1") == pytest.approx([15, 25, 35])
    said = " ".join(note.en for note in run.notes)
    assert "merge-conflict markers (3 lines)" in said
    assert "2 times" in said


def test_training_and_validation_write_the_same_measure_in_another_order():
    rows = [row | {"top1_acc": 0.5} if "lr" in row else row for row in mmengine(3)]
    run = of(lines(*rows))
    assert (run.get("train/top1").raw, run.get("val/top1").raw) == ("top1_acc", "acc/top1")


def test_the_string_of_six_numbers_beside_a_precision_is_no_metric_and_not_unknown():
    row = {"mode": "val", "epoch": 1, "iter": 5, "lr": 0.1, "bbox_mAP": 0.4, "bbox_mAP_copypaste": "0.4 0.6 0.4 -1.0"}
    run = of(lines({"env_info": "x"}, {"mode": "train", "epoch": 1, "iter": 5, "lr": 0.1, "loss": 1.0}, row))
    assert values(run, "val/map/bbox") == [40]
    assert run.not_understood == ()


def test_cascade_heads_and_auxiliary_heads_are_told_apart():
    row = {"mode": "train", "epoch": 1, "iter": 5, "lr": 0.1, "s0.acc": 90.5, "s1.loss_bbox": 0.2, "loss": 1.0}
    run = of(lines(row, row | {"iter": 10}))
    assert {"train/top1/s0", "train/loss_part/s1.bbox", "train/loss"} <= {one.key for one in run.series}


def test_a_run_whose_evaluations_lose_their_metric_after_nan_is_an_act():
    rows = []
    for epoch in range(1, 9):
        gone = epoch > 5
        rows.append(
            {"mode": "train", "epoch": epoch, "iter": 50, "lr": 0.1, "loss": float("nan") if gone else 1 / epoch}
        )
        rows.append({"mode": "val", "epoch": epoch, "iter": 9, "lr": 0.1} | ({} if gone else {"mAP": 0.1 * epoch}))
    run = of(lines(*rows))
    assert np.isnan(values(run, "val/map")).tolist() == [False] * 5 + [True] * 3
    assert any(one.severity == "act" for one in check(run).symptoms)


# ------------------------------------------------------------------------------------------------ Hugging Face


def state(*entries):
    return json.dumps({"best_metric": None, "log_history": list(entries)}, indent=2)


def step(at, **more):
    return {"epoch": at / 100, "step": at, "learning_rate": 1e-4, **more}


def test_a_trainer_state_may_have_any_name_even_that_of_a_script(tmp_path):
    path = tmp_path / "training_logs.py"
    path.write_text(state(*(step(at, loss=1.0) for at in range(1, 5))))
    assert read(path).framework == "huggingface"


def test_a_gradient_norm_that_was_not_unscaled_is_large_and_no_alarm():
    run = of(state(*(step(at, loss=2.0 / at, grad_norm=1e6 + 1e5 * (at % 3)) for at in range(1, 30))))
    assert max(values(run, "train/grad_norm")) > 1e6
    assert all(one.severity == "note" for one in check(run).symptoms)


def test_names_of_trl_are_reported_and_its_reward_is_read():
    more = {"reward": 0.5, "rewards/format": 0.1, "completions/mean_length": 90.0, "clip_ratio/low_mean": 0.0}
    run = of(state(*(step(at, loss=0.0, grad_norm=0.2, **more) for at in range(1, 4))))
    assert values(run, "train/reward") == [0.5] * 3
    assert values(run, "train/loss") == [0.0] * 3  # a loss of nought beside a norm is one
    assert set(run.not_understood) == {"rewards/format", "completions/mean_length", "clip_ratio/low_mean"}


def test_several_sets_have_one_that_decides_and_none_is_a_stream():
    sets = [
        {f"eval_{name}_accuracy": share, f"eval_{name}_loss": 1.0, f"eval_{name}_runtime": 2.0, **step(at)}
        for at in (50, 100)
        for name, share in (("cifar10", 0.5), ("svhn", 0.7))
    ]
    run = of(state(step(10, loss=1.0), *[{k: v for k, v in one.items() if k != "learning_rate"} for one in sets]))
    assert run.deciding == "val/top1/set_cifar10"
    assert {one.branch for one in run.branches("val/top1")} == {"set_cifar10", "set_svhn"}


# ------------------------------------------------------------------------------------------------ detectron2, DETR


def test_eight_starts_in_one_folder_are_eight_starts():
    rows = [
        {"iteration": at, "total_loss": 1.0 + start, "lr": 0.1, "data_time": 0.1}
        for start in range(8)
        for at in (19, 39)
    ]
    run = of(lines(*rows))
    assert values(run, "train/loss") == [8.0, 8.0]
    assert "8 times" in run.notes[0].en


def test_json_lines_may_begin_with_a_line_about_themselves():
    run = of(
        lines({"_meta": {"optimizer": "adamw", "loss": 3}}, *({"step": at, "test_acc": 0.1 * at} for at in range(1, 4)))
    )
    assert values(run, "test/top1") == pytest.approx([10, 20, 30])


def test_an_epoch_may_be_text_in_json_lines_too():
    run = of(lines(*({"epoch": f"{at}/20", "val_acc": 0.1 * at} for at in range(1, 4))))
    assert run.get("val/top1").epoch.tolist() == [1, 2, 3]


# ------------------------------------------------------------------------------------------------ tables


def test_a_log_of_keras_may_end_in_log_and_name_its_training(tmp_path):
    path = tmp_path / "training.log"
    path.write_text(
        "epoch,learning_rate,training_accuracy,training_loss,val_accuracy,val_loss\n"
        + "".join(f"{at},0.001,0.{at},1.{9 - at},0.{at},1.{9 - at}\n" for at in range(5))
    )
    run = read(path)
    assert {"train/top1", "train/loss", "val/top1", "val/loss", "train/lr"} == {one.key for one in run.series}


def test_tabs_under_the_name_of_a_log(tmp_path):
    path = tmp_path / "progress.log"
    path.write_text("step\ttrain_loss\tval_acc\n" + "".join(f"{at}\t{9 - at}.5\t0.{at}\n" for at in range(1, 7)))
    run = read(path)
    assert (len(run.get("val/top1")), run.framework) == (6, "table")


def test_a_run_that_is_sparse_in_every_column_keeps_the_moment_of_each_value():
    run = of("step,train_loss,val_acc,lr\n10,2.0,,\n20,,0.5,\n30,1.5,,0.1\n40,,0.6,\n")
    assert run.get("train/loss").step.tolist() == [10, 30]
    assert run.get("val/top1").step.tolist() == [20, 40]
    assert run.get("train/lr").step.tolist() == [30]


@pytest.mark.parametrize("unit", [1.0, 100.0])
def test_a_fraction_and_a_per_cent_come_to_the_same(unit):
    run = of("epoch,val_acc,train_loss\n" + "".join(f"{at},{0.07 * at * unit},{1 / at}\n" for at in range(1, 9)))
    assert values(run, "val/top1") == pytest.approx([7 * at for at in range(1, 9)])
    assert run.get("val/top1").unit == "%"


@pytest.mark.parametrize(
    ("name", "key"), [("top1_err", "val/error1"), ("val_wer", "val/wer"), ("val_rmse", "val/rmse")]
)
def test_an_error_that_rises_is_a_loss_and_no_gain(name, key):
    run = of(f"epoch,{name},train_loss\n" + "".join(f"{at},{5.5 + at},{1 / at}\n" for at in range(1, 9)))
    assert (run.deciding, run.get(key).better) == (key, "lower")


def test_losses_of_validation_that_are_nan_throughout_a_healthy_run_are_told_and_no_alarm():
    head = "epoch,train/box_loss,metrics/mAP50(B),metrics/mAP50-95(B),val/box_loss\n"
    run = of(head + "".join(f"{at},{1 / at:.4f},0.{at}5,0.{at}0,nan\n" for at in range(1, 10)))
    assert run.get("val/loss/box") is None
    assert "never computed" in run.notes[0].en
    assert all(one.rule != "non_finite" for one in check(run).symptoms)


# ------------------------------------------------------------------------------------------------ text


def test_lines_of_a_policy_optimisation():
    run = of("".join(f"[step {at}] avg_loss={1 / at:.4f} acc={0.01 * at:.3f} kl=0.1\n" for at in range(5, 50, 5)))
    assert values(run, "train/loss")[0] == 0.2
    assert run.get("train/top1").step.tolist() == list(range(5, 50, 5))


def test_a_progress_bar_and_the_text_on_its_line():
    bar = "a2c train:  {0}%|#####     | {0}/100 [00:01<00:09, 9.0it/s]  [step={0}] episode={0}.0 return={1}\n"
    run = of("".join(bar.format(at, 10.5 + at) for at in range(1, 30)))
    assert len(run.series) >= 1
    assert run.get("train/reward").step.tolist()[:3] == [1, 2, 3]


def test_trials_that_only_a_line_of_settings_tells_apart_are_split():
    trial = "config: lr={0}\n" + "".join(f"epoch {at} train_loss {{1}}.{at} val_acc 0.{at}\n" for at in range(1, 6))
    run = of("".join(trial.format(rate, number) for rate, number in zip((0.1, 0.01, 0.001), count(1))))
    assert values(run, "train/loss") == [3.1, 3.2, 3.3, 3.4, 3.5]
    assert "3 times" in run.notes[0].en


def test_the_classes_of_a_table_of_classes_are_no_metrics_of_the_run():
    rows = "".join(
        f"Epoch {at} train_loss: 0.{9 - at} val_acc: 0.{at}\n  cat: 0.9  dog: 0.8  setosa_acc: 0.7\n"
        for at in range(1, 6)
    )
    run = of(rows)
    assert {one.key for one in run.series} == {"train/loss", "val/top1"}
    assert "cat" in run.not_understood


# ------------------------------------------------------------------------------------------------ what is no quirk


@pytest.mark.parametrize(
    "text",
    [
        "lr_config = dict(policy='step', step=[8, 11])\nloss_cls=dict(type='CrossEntropyLoss', loss_weight=1.0)\nval_interval=10\n"
        * 30,
        "name,age,score\nanna,30,1.0\nbert,40,2.0\n",
        '{"package": "defib", "version": 3}\n' * 20,
        "in epoch 3 of the novel the loss of 5 ships is told\n" * 5,
    ],
)
def test_what_is_no_log_is_refused_clearly(text):
    with pytest.raises(NothingReadable) as caught:
        of(text)
    assert isinstance(caught.value, DefibError)
    assert caught.value.words.zh
