import pytest

from defib.metrics import MEASURES, deciding, recognise


@pytest.mark.parametrize(
    ("raw", "split", "key"),
    [
        ("acc/RGBPose_1:1_top1", "", "val/top1/fused"),
        ("rgb_top1_acc", "train", "train/top1/rgb"),
        ("top1_acc", "val", "val/top1"),
        ("accuracy/top1", "val", "val/top1"),
        ("accuracy_top-1", "val", "val/top1"),
        ("accuracy_top-5", "val", "val/top5"),
        ("mean_class_accuracy", "val", "val/mean_class"),
        ("accuracy", "val", "val/top1"),
        ("test_acc", "", "test/top1"),
        ("learning_rate", "", "train/lr"),
        ("coco/bbox_mAP", "val", "val/map/bbox"),
        ("coco/bbox_mAP_50", "val", "val/map50/bbox"),
        ("bbox_mAP", "val", "val/map/bbox"),
        ("segm_mAP_s", "val", "val/map_small/segm"),
        ("bbox/AP75", "val", "val/map75/bbox"),
        ("mAP", "val", "val/map"),
        ("pascal_voc/mAP", "val", "val/map/pascal_voc"),
        ("pascal_voc/AP50", "val", "val/map50/pascal_voc"),
        ("coco/AP", "val", "val/map"),
        ("coco/AP .5", "val", "val/map50"),
        ("coco/AP (M)", "val", "val/map_medium"),
        ("coco/AR", "val", "val/ar"),
        ("PCK", "val", "val/pck"),
        ("NME", "val", "val/nme"),
        ("AUC", "val", "val/auc"),
        ("mIoU", "val", "val/miou"),
        ("aAcc", "val", "val/pixel_accuracy"),
        ("mAcc", "val", "val/mean_accuracy"),
        ("mDice", "val", "val/dice"),
        ("mFscore", "val", "val/fscore"),
        ("decode.acc_seg", "train", "train/pixel_accuracy/decode"),
        ("acc", "train", "train/top1"),
        ("s0.acc", "train", "train/top1/s0"),
        ("fast_rcnn/cls_accuracy", "", "train/accuracy"),
        ("acc_pose", "train", "train/pck"),
        ("loss_cls", "train", "train/loss_part/cls"),
        ("decode.loss_ce", "train", "train/loss_part/decode.ce"),
        ("positive_bag_loss", "train", "train/loss_part/positive_bag"),
        ("total_loss", "train", "train/loss"),
        ("top1_err", "val", "val/error1"),
        ("train_loss", "", "train/loss"),
        ("eval_loss", "", "val/loss"),
        ("test_acc1", "", "test/top1"),
        ("val_perplexity", "", "val/perplexity"),
        ("train_loss_giou", "", "train/loss_part/giou"),
        ("top1_acc_avg", "train", "train/top1"),
        ("single-label/f1-score", "val", "val/fscore"),
        ("multi-label/mAP", "val", "val/map"),
        ("retrieval/Recall@5", "val", "val/recall_at5"),
        ("pts_bbox_NuScenes/NDS", "val", "val/nds"),
        ("NuScenes metric/pred_instances_3d_NuScenes/mAP", "val", "val/map"),
        ("sem_seg/mIoU", "", "val/miou"),
        ("sem_seg/pACC", "", "val/pixel_accuracy"),
    ],
)
def test_names_of_many_programs_are_understood(raw, split, key):
    assert recognise(raw, split).key == key


@pytest.mark.parametrize(
    "raw",
    [
        "IoU.sky",
        "coco/bbox_cat_precision",
        "bbox/AP-person",
        "min_top1_err",
        "n_parameters",
        "accident",
        "base_lr",
        "train/vibes",
        "cardinality_error_unscaled",
        "fast_rcnn/false_negative",
        "mAP_99",
        "",
    ],
)
def test_what_is_not_known_is_not_guessed(raw):
    assert recognise(raw, "val") is None


def test_every_measure_of_quality_has_a_direction():
    undirected = {name for name, measure in MEASURES.items() if measure.better is None}
    of_training = {"lr", "grad_norm", "momentum", "weight_decay", "clipped", "update_ratio"}
    of_hooks = {
        "grad_norm_max",
        "not_finite",
        "feature_scale",
        "feature_rank",
        "entropy",
        "classes_named",
        "batchnorm_gap",
        "still",
    }
    assert undirected == of_training | of_hooks


@pytest.mark.parametrize("name", ["error1", "error5", "nme", "perplexity", "mae", "mse", "rmse", "loss"])
def test_errors_are_better_when_lower(name):
    assert MEASURES[name].better == "lower"


@pytest.mark.parametrize(
    ("keys", "key"),
    [
        (["val/loss", "val/top5", "val/top1"], "val/top1"),
        (["val/loss", "val/map_small/bbox", "val/map50/bbox", "val/map/segm", "val/map/bbox"], "val/map/bbox"),
        (["val/map/pascal_voc", "val/map/bbox"], "val/map/bbox"),
        (["val/pixel_accuracy", "val/mean_accuracy", "val/miou"], "val/miou"),
        (["val/error5", "val/error1", "val/loss"], "val/error1"),
        (["test/map/bbox", "test/loss", "train/loss"], "test/map/bbox"),
        (["val/perplexity", "val/loss"], "val/perplexity"),
        (["train/top1", "train/loss"], None),
        ([], None),
    ],
)
def test_the_whole_decides_before_its_parts(keys, key):
    assert deciding(keys) == key
