"""Text logs in the shapes in which programs really print them, and texts that only look like logs."""

import math

import pytest

from defib.errors import NothingReadable
from defib.reading import read
from defib.reading.formats.name_value import name_value
from defib.reading.source import Source


def of(text):
    run = read(None, text=text)
    assert run.framework == "text"
    return run


def values(run, key):
    return run.get(key).value.tolist()


def epochs(run, key):
    return run.get(key).epoch.tolist()


def test_headings_say_which_epoch_and_which_split_the_lines_below_are_of():
    run = of(
        "".join(
            f"[ 09.06.19|11:41:02 ] Training epoch: {epoch}\n"
            f"[ 09.06.19|11:43:00 ] \tmean_loss: {2 - epoch / 10}\n"
            "[ 09.06.19|11:43:01 ] Time consumption:\n"
            f"[ 09.06.19|11:43:02 ] Eval epoch: {epoch}\n"
            f"[ 09.06.19|11:44:02 ] \tmean_loss: {3 - epoch / 10}\n"
            f"[ 09.06.19|11:44:02 ] \tTop1: {epoch}.50%\n"
            f"[ 09.06.19|11:44:02 ] \tTop5: {epoch + 10}.25%\n"
            for epoch in range(4)
        )
    )
    assert values(run, "train/loss") == [2.0, 1.9, 1.8, 1.7]
    assert values(run, "val/loss") == [3.0, 2.9, 2.8, 2.7]
    assert (values(run, "val/top1"), epochs(run, "val/top1")) == ([0.5, 1.5, 2.5, 3.5], [0.0, 1.0, 2.0, 3.0])
    assert run.deciding == "val/top1"


def test_splits_stand_as_words_of_their_own_before_the_pairs():
    run = of(
        "2025-09-06 11:42:12 | INFO | EPOCH: 240\n2025-09-06 11:42:12 | INFO | OPT: {'name': 'SGD', 'lr': 0.1}\n"
        + "".join(
            f"2025-09-06 11:42:12 | INFO | [Epoch {epoch:02d}/240] | LR: 0.00{epoch}\n"
            f"2025-09-06 11:43:26 | INFO | Train | Loss: 2.{epoch} | Top1:  26.4% | Samples: 40091\n"
            f"2025-09-06 11:43:34 | INFO | Val   | Loss: 1.{epoch} | Top1:  3{epoch}.2% | Samples: 16487\n"
            f"2025-09-06 11:43:34 | INFO | [BEST] best @ Ep00{epoch}  Top1=99.9%  Top5=99.9%  -> saved to best.pt\n"
            for epoch in range(1, 5)
        )
    )
    assert values(run, "val/top1") == [31.2, 32.2, 33.2, 34.2]
    assert values(run, "train/loss") == [2.1, 2.2, 2.3, 2.4]
    assert values(run, "train/lr") == [0.001, 0.002, 0.003, 0.004]
    assert epochs(run, "val/loss") == [1.0, 2.0, 3.0, 4.0]
    assert run.not_understood == ("Samples",)
    assert run.get("val/top5") is None


PYTORCH = "".join(
    f"Epoch: [{epoch}][ {at:3d}/200]\tTime  0.100 ( 0.150)\tLoss {6 - epoch - at / 1000:.1f} ({7 - epoch:.1f})\t"
    f"Acc@1   {epoch}.50 (  {epoch}.10)\n"
    for epoch in range(3)
    for at in (0, 100)
)


def test_in_training_the_value_counts_and_in_an_evaluation_the_average_at_its_end():
    parts = PYTORCH.splitlines(keepends=True)
    text = "".join(
        "".join(parts[2 * epoch : 2 * epoch + 2])
        + "Test: [ 0/20]\tTime  0.1 ( 0.1)\tLoss 5.0 (5.0)\tAcc@1  90.00 ( 90.00)\n"
        + f"Test: [10/20]\tTime  0.1 ( 0.1)\tLoss 5.0 (4.{epoch})\tAcc@1  10.00 ( 12.{epoch})\n"
        + f" * Acc@1 1{epoch}.000 Acc@5 30.0\n"
        for epoch in range(3)
    )
    run = of(text)
    assert values(run, "train/loss") == [6.0, 5.9, 5.0, 4.9, 4.0, 3.9]
    assert run.get("train/loss").step.tolist() == [0, 100, 200, 300, 400, 500]
    (top1,) = [one for one in run.series if one.metric.endswith("/top1") and one.metric != "train/top1"]
    assert top1.value.tolist() == [10.0, 11.0, 12.0]
    assert top1.epoch.tolist() == [0.0, 1.0, 2.0]


def test_the_mnist_example():
    run = of(
        "".join(
            f"Train Epoch: {epoch} [{at}/60000 ({at // 600}%)]\tLoss: 0.{9 - epoch}{at // 6000}\n"
            for epoch in range(1, 4)
            for at in (0, 6000)
        ).replace(
            "Train Epoch: 2 [0/", "\nTest set: Average loss: 0.05, Accuracy: 9837/10000 (98%)\n\nTrain Epoch: 2 [0/"
        )
        + "\nTest set: Average loss: 0.04, Accuracy: 9850/10000 (98%)\n"
    )
    assert values(run, "test/top1") == [98.37, 98.5]
    assert (values(run, "test/loss"), epochs(run, "test/loss")) == ([0.05, 0.04], [1.0, 3.0])
    assert run.get("train/loss").step.tolist() == [0.0, 6000.0, 60000.0, 66000.0, 120000.0, 126000.0]


@pytest.mark.parametrize("over", ["\r", "\x08" * 40])
def test_a_progress_bar_of_keras_counts_once_it_is_full(over):
    run = of(
        "".join(
            f"Epoch {epoch}/3\n"
            f"  1/938 [.......] - ETA: 1:02 - loss: 9.9 - accuracy: 0.1{over}"
            f"500/938 [==>....] - ETA: 0:02 - loss: 9.8 - accuracy: 0.2{over}"
            f"938/938 [=======] - 5s 5ms/step - loss: 0.{epoch} - accuracy: 0.93 - val_loss: 0.3 - val_accuracy: 0.9{epoch}\n"
            for epoch in (1, 2, 3)
        )
    )
    assert values(run, "train/loss") == [0.1, 0.2, 0.3]
    assert values(run, "val/top1") == [91.0, 92.0, 93.0]
    assert epochs(run, "val/top1") == [1.0, 2.0, 3.0]


def test_text_behind_a_progress_bar_is_read_and_the_bar_is_not():
    run = of(
        "".join(
            f"a2c train:   {at}%|#  | {at}/100 [00:01<01:00, 3.1it/s][step={at}] episode=1.0 return={10 * at}.5\n"
            for at in range(1, 5)
        )
    )
    assert values(run, "train/reward") == [10.5, 20.5, 30.5, 40.5]
    assert run.get("train/reward").step.tolist() == [1, 2, 3, 4]


def test_build_nanogpt():
    run = of(
        "0 val 10.9\n0 hella 0.24\n0 train 10.95\n1 train 10.5\n2 train 10.1\n250 val 6.5\n250 hella 0.25\n250 train 6.4\n"
    )
    assert values(run, "val/loss") == [10.9, 6.5]
    assert values(run, "val/top1") == [24.0, 25.0]
    assert values(run, "train/loss") == [10.95, 10.5, 10.1, 6.4]
    assert run.notes == ()


def test_a_training_loss_that_is_a_sum_is_not_compared_with_the_validation_loss():
    run = of(
        "step:0/1530 val_loss:10.8310 train_time:0ms step_avg:0.00ms\n"
        + "".join(
            f"step:{at}/1530, train_time:241ms, step_avg:3.1ms, train loss:{152 - at}.52, lr:1.0\n" for at in (1, 2, 3)
        )
        + "step:125/1530 val_loss:5.1 train_time:0ms\n"
    )
    assert values(run, "val/loss") == [10.831, 5.1]
    assert run.get("train/loss") is None
    assert values(run, "train/loss_sum") == [151.52, 150.52, 149.52]
    assert "is a sum" in run.notes[0].en


def test_a_training_loss_that_is_higher_after_learning_began_is_no_sum():
    run = of("".join(f"epoch {at} train_loss 3.{9 - at} val_loss 0.{9 - at}\n" for at in range(1, 5)))
    assert values(run, "train/loss") == [3.8, 3.7, 3.6, 3.5]


@pytest.mark.parametrize(
    ("line", "key", "value"),
    [
        ("[step {0}] avg_loss=0.5 acc=0.25", "train/top1", 25.0),
        ("INFO:root:epoch {0} train_loss 0.3 val_acc 0.8", "val/top1", 80.0),
        ("Epoch {0} | Train Loss: 0.41 | Val Acc: 83.2%", "val/top1", 83.2),
        ("Epoch {0}/50, Train Loss: 0.41, Train Acc: 0.5, Val Loss: 0.5, Val F1 (macro): 0.25", "val/fscore", 25.0),
        ("{{'eval_loss': 1.5, 'eval_accuracy': 0.75, 'epoch': {0}.0}}", "val/top1", 75.0),
        ("iter {0}: loss 4.2, time 23ms, mfu 3.2%", "train/loss", 4.2),
        ("step {0}: train loss 4.28, val loss 4.5", "val/loss", 4.5),
        ("2024-01-01 10:00:00,123 - INFO - Epoch: {0} - Validation accuracy: 0.75", "val/top1", 75.0),
        ("Epoch [{0}/50], Step [100/600], Loss: 0.3125", "train/loss", 0.3125),
        ("epoch={0} psnr=31.5 ssim=0.75 split=val", "train/psnr", 31.5),
        ("Epoch {0}: WER = 12.5% on dev", "train/wer", 12.5),
        ("第 {0} 轮 训练损失: 0.5 验证准确率: 62.5%", "val/top1", 62.5),
        ("Ep {0} val mAP@0.5: 0.625 val mAP@0.5:0.95: 0.375", "val/map", 37.5),
        ("Epoch {0}, loss: nan, val_acc: 0.1", "train/loss", math.nan),
    ],
)
def test_pairs_are_understood_in_many_spellings(line, key, value):
    run = of("".join(line.format(at) + "\n" for at in (1, 2, 3, 4)))
    assert values(run, key) == pytest.approx([value] * 4, nan_ok=True)


def test_where_the_epoch_goes_back_a_new_start_begins():
    text = "".join(
        f"epoch {epoch} loss: {start}.{epoch}\n" for start, last in ((3, 6), (2, 4)) for epoch in range(1, last)
    )
    run = of(text)
    assert values(run, "train/loss") == [2.1, 2.2, 2.3]
    assert "started from nothing 2 times" in run.notes[0].en


def test_a_best_value_so_far_is_no_series():
    run = of(
        "".join(
            f"Epoch {epoch} val_acc: 0.{epoch}\nBest accuracy: 0.9 at epoch {epoch}\n"
            f"Epoch 0000{epoch}: val_acc improved from 0.1 to 0.9, saving model to m.h5\n"
            for epoch in range(1, 5)
        )
    )
    assert [one.key for one in run.series] == ["val/top1"]
    assert values(run, "val/top1") == pytest.approx([10.0, 20.0, 30.0, 40.0])


def test_detectron2_prints_its_evaluations_as_copypaste_lines():
    step = "[11/18 18:14:12] d2.utils.events INFO:  eta: 21:18:00  iter: {0}  total_loss: 0.{0}  time: 0.6875  lr: 0.02  max_mem: 11810M\n"
    run = of(
        "".join(step.format(at) for at in (19, 39, 59))
        + "[11/18 18:15:00] d2.evaluation.testing INFO: copypaste: Task: bbox\n"
        + "[11/18 18:15:00] d2.evaluation.testing INFO: copypaste: AP,AP50,AP75\n"
        + "[11/18 18:15:00] d2.evaluation.testing INFO: copypaste: 0.5,29.3,14.1\n"
        + step.format(79)
    )
    assert (values(run, "val/map/bbox"), run.get("val/map/bbox").step.tolist()) == ([0.5], [59.0])
    assert run.get("train/loss").step.tolist() == [19.0, 39.0, 59.0, 79.0]


def test_a_count_that_begins_again_with_every_epoch_becomes_a_step():
    run = of("".join(f"Epoch {epoch} Batch {at}/40 loss: 0.5\n" for epoch in (1, 2, 3) for at in (10, 30)))
    assert run.get("train/loss").step.tolist() == [10, 30, 50, 70, 90, 110]


def test_a_count_that_goes_on_over_the_epochs_is_the_step():
    run = of("".join(f"Epoch {at // 20} step {at} loss: 0.5\n" for at in range(10, 60, 10)))
    assert run.get("train/loss").step.tolist() == [10, 20, 30, 40, 50]


def test_a_half_written_last_line_is_left_for_next_time():
    run = of("".join(f"epoch {epoch} loss: 0.{epoch}\n" for epoch in range(1, 5)) + "epoch 5 loss: 0.")
    assert values(run, "train/loss") == [0.1, 0.2, 0.3, 0.4]
    assert "half written" in run.notes[0].en


@pytest.mark.parametrize(
    "text",
    [
        "The loss fell in epoch 3 to 0.5, and in epoch 5 it was 0.3. We train for 100 epochs with lr 0.1.\n" * 5,
        "Collecting torch==2.1.2\n  Downloading torch-2.1.2.whl (670.2 MB)\n     |████| 670.2 MB 1.2 MB/s eta 0:00:01\n"
        * 9,
        "torch==2.1.2\nnumpy>=1.23\ntqdm\nstep==3\n" * 5,
        "epochs = 100\nlr = 0.1\nloss_weight = 1.0\nval_interval=10\nloss_cls=dict(type='CE', loss_weight=1.0)\nstep=[8, 11]\n",
        "for epoch in range(10):\n    loss = 0.0\n    acc = 0.5\n    print(f'epoch {epoch} loss {loss:.4f}')\n" * 4,
        "EPOCH: 240\nLR: 0.1\nBATCH: 64\nSEED: 42\nloss: 1.0\n",
        "Epoch 1\nEpoch 2\nEpoch 3\nEpoch 4\n",
        "epoch 1 lr 0.1\nepoch 2 lr 0.1\nepoch 3 lr 0.1\nepoch 4 lr 0.01\n",
        "epoch 3 loss: 0.5\nepoch 3 loss: 0.4\nepoch 3 loss: 0.3\n",
        '{"epoch": 1, "vibes": 3}\n' * 5,
        "step 1: open the lid. step 2: wait 3 minutes. step 3: close it.\n" * 4,
        "Mar 20 step 1\nMar 21 step 2\nMar 22 step 3\nMar 23 step 4\n",
        "Redistribution and use in source and binary forms, with or without modification, are permitted 1. 2. 3.\n" * 9,
        "epoch 1 elapsed 3.0\nepoch 2 elapsed 3.1\nepoch 3 elapsed 3.2\n",
        "",
    ],
)
def test_other_texts_are_not_recognised(text):
    assert not name_value.recognises(Source("a.txt", text=text))
    with pytest.raises(NothingReadable):
        read(None, text=text)


def test_a_long_text_with_a_few_such_lines_is_about_something_else():
    prose = "Once upon a time there was a model that was never trained.\n" * 1000
    assert not name_value.recognises(Source("a.md", text=prose + "epoch 1 loss: 3\nepoch 2 loss: 2\nepoch 3 loss: 1\n"))
