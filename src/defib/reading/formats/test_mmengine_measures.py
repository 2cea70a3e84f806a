"""What detection, segmentation and pose estimation log: averages over sizes, several shares of one evaluator."""

import json

from defib.reading import read


def train(step, epoch=None):
    return json.dumps({"lr": 0.01, "loss": 1.0, **({} if epoch is None else {"epoch": epoch}), "step": step})


def val(step, **values):
    return json.dumps({**values, "data_time": 0.1, "time": 0.2, "step": step})


def of(*lines):
    return read(None, text="".join(f"{line}\n" for line in lines))


def test_shares_of_one_evaluator_are_all_in_per_cent():
    run = of(train(10), val(10, aAcc=1.31, mIoU=0.44, mAcc=33.33))
    assert run.deciding == "val/miou"
    assert run.get("val/miou").value.tolist() == [0.44]
    assert run.get("val/pixel_accuracy").value.tolist() == [1.31]


def test_shares_that_are_all_fractions_become_per_cent():
    assert of(train(10), val(10, aAcc=0.9, mIoU=0.5, mAcc=0.6)).get("val/miou").value.tolist() == [50]


def test_another_evaluator_says_nothing_about_these_shares():
    assert of(train(10), val(10, mIoU=0.5, mAP=30.0)).get("val/miou").value.tolist() == [50]


def test_minus_one_is_no_average_precision():
    first, second = {"coco/bbox_mAP": 0.3, "coco/AP (M)": -1.0}, {"coco/bbox_mAP": 0.4, "coco/AP (M)": 0.2}
    run = of(train(10, 1), val(1, **first, PCK=0.5), train(20, 2), val(2, **second, **{"coco/AP (L)": -1.0}))
    assert run.get("val/map/bbox").value.tolist() == [30, 40]
    assert run.get("val/map_medium").value.tolist() == [20]
    assert run.get("val/map_medium").record.tolist() == [3]
    assert run.get("val/map_large") is None
    assert run.not_understood == ()


def test_two_evaluators_in_one_run_are_kept_apart():
    run = of(train(10, 1), val(1, **{"pascal_voc/mAP": 0.9, "pascal_voc/AP50": 0.9, "coco/bbox_mAP": 0.5}))
    assert run.get("val/map/bbox").value.tolist() == [50]
    assert run.get("val/map/pascal_voc").value.tolist() == [90]
    assert run.deciding == "val/map/bbox"
    assert run.notes == ()


def test_rows_that_name_the_split_are_not_of_mmengine():
    assert of('{"step": 5, "train_loss": 1.0, "val_acc": 0.5}').framework == "json_lines"
