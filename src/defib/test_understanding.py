import pytest

from defib.measures import MEASURES
from defib.spellings import SPELLED, words_of
from defib.understanding import parts_of, split_of, understand


@pytest.mark.parametrize(
    ("raw", "key"),
    [
        ("train/loss", "train/loss"),
        ("Train_Loss", "train/loss"),
        ("TrainLoss", "train/loss"),
        ("loss_train", "train/loss"),
        ("mean_loss", "train/loss"),
        ("Average loss", "train/loss"),
        ("running_loss", "train/loss"),
        ("epoch_categorical_accuracy", "val/top1"),
        ("val/acc", "val/top1"),
        ("acc_val", "val/top1"),
        ("eval/accuracy", "val/top1"),
        ("validation_accuracy", "val/top1"),
        ("test_acc1_ema", "test/top1/ema"),
        ("val_fused_accuracy", "val/top1/fused"),
        ("dev_f1", "val/fscore"),
        ("Val F1 (macro)", "val/fscore"),
        ("f1_weighted", "val/fscore_weighted"),
        ("val_auroc", "val/auc"),
        ("roc_auc", "val/auc"),
        ("psnr", "val/psnr"),
        ("fid50k_full", "val/fid"),
        ("eval_wer", "val/wer"),
        ("val_bpb", "val/bits"),
        ("rougeL", "val/rougel"),
        ("hit@10", "val/hit10"),
        ("NDCG@10", "val/ndcg10"),
        ("exact_match", "val/exact_match"),
        ("val_dice_coef", "val/dice"),
        ("hd95", "val/hausdorff"),
        ("metrics/mAP_0.5:0.95", "val/map"),
        ("mAP@.5", "val/map50"),
        ("eprewmean", "val/reward"),
        ("rollout/ep_rew_mean", "val/reward"),
        ("AverageEpRet", "val/reward"),
        ("val_learning_rate", "train/lr"),
        ("policy_loss", "train/loss_part/policy"),
        ("val_box_loss", "val/loss_part/box"),
        ("验证准确率", "val/top1"),
        ("acc_pose", "train/pck"),
        ("coco/AP (M)", "val/map_medium"),
    ],
)
def test_names_are_understood_in_any_order_and_spelling(raw, key):
    assert understand(raw).key == key


@pytest.mark.parametrize(
    "raw",
    [
        *("IoU.aeroplane", "bbox/AP-car", "coco/bbox_cat_precision", "acc_class_3", "AP_person", "val_acc_dog"),
        *("best_acc", "max_accuracy", "min_loss", "loss_std", "loss_weight", "loss_scale", "lr_scale", "acc_before"),
        *("n_parameters", "base_lr", "accident", "glossary", "replica", "mapping", "contest", "hidden_gradient_norm"),
        *("", " ", "_", "loss2x", "the loss that we saw on that day was high", "a" * 5000, "é" * 200),
    ],
)
def test_what_is_no_metric_of_the_run_stays_unknown(raw):
    assert understand(raw) is None


@pytest.mark.parametrize("split", ["train", "val", "test"])
def test_the_row_says_its_split_and_the_name_is_believed_before_it(split):
    assert understand("mean_loss", split).metric == f"{split}/loss"
    assert understand("val_loss", split).metric == "val/loss"


def test_a_name_without_a_split_is_told_apart_from_one_with_a_split():
    assert [parts_of(name).split for name in ("acc", "val_acc", "coco/bbox_mAP")] == ["", "val", ""]


def test_a_split_is_a_word_and_no_part_of_one():
    assert [split_of(text) for text in ("Eval epoch: 3", "training", "restful", "medieval", "trainer")] == [
        "val",
        "train",
        "",
        "",
        "",
    ]


@pytest.mark.parametrize(
    "name", ["fid", "lpips", "wer", "cer", "nmse", "epe", "hausdorff", "eer", "der", "bits", "mae"]
)
def test_errors_and_distances_are_better_when_lower(name):
    assert MEASURES[name].better == "lower"


@pytest.mark.parametrize(
    "name", ["psnr", "ssim", "r2", "kappa", "mcc", "auc", "hit10", "mrr", "bleu", "reward", "win_rate"]
)
def test_scores_are_better_when_higher(name):
    assert MEASURES[name].better == "higher"


def test_every_word_is_in_the_form_in_which_names_are_looked_up():
    assert [word for word in SPELLED if word not in words_of(word)] == []
