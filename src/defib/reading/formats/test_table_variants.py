from pathlib import Path

import numpy as np
import pytest

from defib.errors import CannotJudge
from defib.reading import read

ROOT = Path(__file__).parents[4]
SEED = ROOT.parent / "shared" / "seed" / "rescue-plan-epoch11.zh.md"
PLAIN = "| Epoch | RGB | Pose |\n|---|---|---|\n| 1 | 40.0 | 20.0 |\n| 2 | 45.0 | 25.0 |\n"


def of(text):
    return read(None, text=text)


def values(run, key):
    return run.get(key).value.tolist()


def test_the_seed_history_is_read_to_the_last_digit():
    path = ROOT / "tests" / "runs" / "seed" / "history.md"
    if not path.exists():
        pytest.skip("tests/runs/seed is not part of this installation")
    run = read(path)
    assert run.framework == "table"
    assert run.get("val/top1/fused").epoch.tolist() == [1, 7, 8, 10, 11, 12, 13]
    assert values(run, "val/top1/fused") == [7.85, 46.43, 35.40, 56.13, 57.45, 32.64, 27.69]
    assert values(run, "val/top1/rgb") == [7.84, 55.72, 49.47, 65.04, 66.73, 41.24, 39.49]
    assert values(run, "val/top1/pose") == [4.93, 19.89, 11.52, 15.06, 16.06, 13.88, 10.86]
    assert run.deciding == "val/top1/fused"
    assert run.records == 7


@pytest.mark.skipif(not SEED.exists(), reason="../shared is not beside this checkout")
def test_the_rescue_plan_itself_is_read_like_its_table():
    run = read(SEED)
    assert run.get("val/top1/fused").epoch.tolist() == [1, 7, 8, 10, 11, 12, 13]
    assert values(run, "val/top1/pose") == [4.93, 19.89, 11.52, 15.06, 16.06, 13.88, 10.86]
    assert values(run, "train/top1") == [95.0]
    assert run.records == 8
    assert {one.key for one in run.series} == {"val/top1/fused", "val/top1/rgb", "val/top1/pose", "train/top1"}


# ------------------------------------------------------------------------------------------------ how it is written


@pytest.mark.parametrize(
    "text",
    [
        PLAIN,
        PLAIN.replace("\n", "\r\n"),
        PLAIN.rstrip("\n"),
        PLAIN.replace("| 1 ", "| **1** ").replace("40.0", "**40.0**"),
        PLAIN.replace("45.0", "✅ 45.0").replace("20.0", "20.0 ⚠️"),
        PLAIN.replace("40.0", "40.0%").replace("45.0", "45.0 %").replace("20.0", "20.0％"),
        PLAIN.replace("Epoch", "**Epoch**").replace("RGB", "`RGB`"),
        PLAIN.replace("Epoch", "轮次").replace("Pose", "姿态"),
        "Epoch,RGB,Pose\n1,40.0,20.0\n2,45.0,25.0\n",
        '"Epoch","RGB","Pose"\n"1","40.0","20.0"\n"2","45.0","25.0"\n',
        "Epoch\tRGB\tPose\n1\t40.0\t20.0\n2\t45.0\t25.0\n",
        "Epoch   RGB   Pose\n1       40.0  20.0\n2       45.0  25.0\n",
        "epoch rgb pose\n1 40.0 20.0\n2 45.0 25.0\n",
        "Epoch | RGB | Pose\n---|---|---\n1 | 40.0 | 20.0\n2 | 45.0 | 25.0\n",
        "｜ Epoch ｜ RGB ｜ Pose ｜\n| --- | --- | --- |\n｜ １ ｜ ４０．０ ｜ ２０．０ ｜\n｜ ２ ｜ ４５．０ ｜ ２５．０ ｜\n",
        "# History\n\nIt went like this.\n\n" + PLAIN + "\nAnd then it fell.\n",
        "\ufeff" + PLAIN,
    ],
    ids=lambda text: repr(text[:24]),
)
def test_a_table_is_read_however_it_is_written(text):
    run = of(text)
    assert run.get("val/top1/rgb").epoch.tolist() == [1, 2]
    assert values(run, "val/top1/rgb") == [40, 45]
    assert values(run, "val/top1/pose") == [20, 25]


@pytest.mark.parametrize(
    ("header", "key", "value"),
    [
        ("验证准确率", "val/top1", 57.4),
        ("验证集准确率(%)", "val/top1", 57.4),
        ("准确率", "val/top1", 57.4),
        ("训练集准确率", "train/top1", 57.4),
        ("训练损失", "train/loss", 0.25),
        ("验证损失", "val/loss", 0.25),
        ("学习率", "train/lr", 0.005),
        ("lr", "train/lr", 0.005),
        ("val_acc", "val/top1", 57.4),
        ("Val Acc (%)", "val/top1", 57.4),
        ("train loss", "train/loss", 0.25),
        ("val loss", "val/loss", 0.25),
        ("val/top1/pose", "val/top1/pose", 57.4),
        ("融合", "val/top1/fused", 57.4),
    ],
)
def test_headers_are_understood_in_both_languages(header, key, value):
    run = of(f"| 轮次 | {header} |\n|---|---|\n| 1 | {value} |\n| 2 | {value} |\n")
    assert [one.key for one in run.series] == [key]
    assert values(run, key) == [value, value]


@pytest.mark.parametrize("epoch", ["第 7 轮", "Epoch 7", "7", "7/100"])
def test_an_epoch_may_be_written_with_words(epoch):
    run = of(f"| Epoch | RGB |\n|---|---|\n| {epoch} | 40.0 |\n")
    assert run.get("val/top1/rgb").epoch.tolist() == [7]


def test_steps_are_steps():
    run = of("step,val_acc\n500,40.0\n1000,45.0\n")
    assert run.get("val/top1").step.tolist() == [500, 1000]
    assert np.isnan(run.get("val/top1").epoch).all()


# ------------------------------------------------------------------------------------------------ units


def test_fractions_become_per_cent_and_the_scale_is_kept():
    series = of(PLAIN.replace("40.0", "0.40").replace("45.0", "0.45")).get("val/top1/rgb")
    assert (series.scale, series.value.tolist()) == (100, [40, 45])


def test_a_table_in_per_cent_is_left_alone_even_below_one():
    run = of("| Epoch | RGB |\n|---|---|\n| 1 | 0.5% |\n| 2 | 0.9% |\n")
    assert run.get("val/top1/rgb").scale == 1
    assert values(run, "val/top1/rgb") == [0.5, 0.9]


def test_a_sign_in_the_header_counts_for_the_column():
    run = of("| Epoch | RGB (%) |\n|---|---|\n| 1 | 0.5 |\n| 2 | 0.9 |\n")
    assert values(run, "val/top1/rgb") == [0.5, 0.9]


def test_losses_are_never_scaled():
    assert values(of("epoch,train_loss\n1,0.5\n2,0.25\n"), "train/loss") == [0.5, 0.25]


# ------------------------------------------------------------------------------------------------ gaps


@pytest.mark.parametrize("gap", ["", "-", "—", "N/A", "?", "   ", "未记录"])
def test_a_missing_cell_is_a_gap_and_no_zero(gap):
    run = of(f"| Epoch | RGB | Pose |\n|---|---|---|\n| 1 | 40.0 | {gap} |\n| 2 | 45.0 | 25.0 |\n")
    assert run.get("val/top1/rgb").epoch.tolist() == [1, 2]
    assert run.get("val/top1/pose").epoch.tolist() == [2]


def test_nan_in_a_cell_is_a_value():
    run = of("epoch,train_loss\n1,0.5\n2,nan\n")
    assert np.isnan(run.get("train/loss").value[1])


def test_epochs_that_are_missing_stay_missing():
    run = of("| Epoch | RGB |\n|---|---|\n| 1 | 40.0 |\n| 9 | 45.0 |\n")
    assert run.get("val/top1/rgb").epoch.tolist() == [1, 9]
    assert run.records == 2


def test_columns_of_words_are_left_alone():
    run = of("| Epoch | RGB | 状态 |\n|---|---|---|\n| 1 | 40.0 | ❌ **暴跌11%** |\n| 2 | 45.0 | 12 |\n")
    assert [one.key for one in run.series] == ["val/top1/rgb"]


def test_a_column_that_is_not_understood_is_named():
    run = of("epoch,RGB,vibes\n1,40.0,0.3\n2,45.0,0.4\n")
    assert "vibes" in run.not_understood


# ------------------------------------------------------------------------------------------------ what is no history


@pytest.mark.parametrize(
    "text",
    [
        "| 参数 | 修改前 | 修改后 |\n|---|---|---|\n| lr | 0.008 | 0.005 |\n| max_epochs | 100 | 50 |\n",
        "| Epoch | Remark |\n|---|---|\n| 1 | fine |\n",
        "| Epoch | RGB |\n|---|---|\n",
        "| RGB | Pose |\n|---|---|\n| 40.0 | 20.0 |\n",
        "At epoch 3 the accuracy was 40 %, at epoch 4 it was 45 %.\n",
        "lr = 0.01\nmax_epochs = 100\n",
        "import torch\n\nepoch, loss = 1, 0.5\nprint(epoch, loss)\n",
        "训练集准确率95% vs 验证集27%\n",
    ],
)
def test_what_is_no_history_is_refused(text):
    with pytest.raises(CannotJudge):
        of(text)


def test_a_table_of_changes_beside_the_history_adds_nothing():
    changes = "\n| 参数 | 修改前 | 修改后 |\n|---|---|---|\n| **lr** | 0.008 | 0.005 |\n| max_epochs | 100 | 50 |\n"
    assert {one.key for one in of(PLAIN + changes).series} == {"val/top1/rgb", "val/top1/pose"}
    assert {one.key for one in of(changes + "\n" + PLAIN).series} == {"val/top1/rgb", "val/top1/pose"}


@pytest.mark.parametrize(
    ("claim", "value"),
    [
        ("- 训练集准确率95% vs 验证集27% → **严重过拟合**", 95),
        ("训练集的准确率达到 95.5 %", 95.5),
        ("Training accuracy is 95%, validation 27%.", 95),
    ],
)
def test_a_sentence_may_claim_the_training_accuracy(claim, value):
    run = of(f"{PLAIN}\n{claim}\n")
    series = run.get("train/top1")
    assert series.value.tolist() == [value]
    assert np.isnan(series.epoch).all()
    assert np.isnan(series.step).all()


@pytest.mark.parametrize("text", ["我们的目标是95%", "验证集准确率27%", "loss went down by 95%", "训练集有 95% 的样本"])
def test_other_sentences_claim_nothing(text):
    assert of(f"{PLAIN}\n{text}\n").get("train/top1") is None


def test_two_columns_of_one_name_are_not_mixed():
    run = of("epoch,acc,acc\n1,40,50\n2,41,51\n")
    assert values(run, "val/top1") == [40, 41]
    assert run.notes
