"""PCAN on MA-52, with its 52 actions in 7 body groups (Li et al., AAAI 2025, arXiv 2412.14719).

The paper trains 40 epochs with steps at 15 and 30, the published code 30 with steps at 10 and 20; both with a rate of
0.0075 at a batch of 10. There is no published PCAN result on NTU60: for 60 classes `rgbpose_joint` is the reference.

中文：
MA-52 上的 PCAN，52 个动作分属 7 个身体部位组（Li 等，AAAI 2025，arXiv 2412.14719）。

论文训练 40 轮，在第 15、30 轮降低学习率；公开的代码训练 30 轮，在第 10、20 轮降低；两者都以批大小 10 使用
0.0075 的学习率。PCAN 没有在 NTU60 上发表过结果：60 类时以 `rgbpose_joint` 为参考。
"""

from __future__ import annotations

from defib.records import Expectation, Reference
from defib.words import Words

pcan_ma52 = Reference(
    name="pcan_ma52",
    says=Words(en="PCAN on MA-52", zh="PCAN 在 MA-52 上的训练"),
    source="arXiv 2412.14719v3, tables 1-3, and the published code",
    batch=10,
    settings={
        "model": "RGBPoseConv3D",
        "optimizer": "SGD",
        "lr": 0.0075,
        "weight_decay": 1e-4,
        "clip": 40,
        "max_epochs": 40,
        "crop_area": [0.56, 1.0],
        "color_jitter": None,
        "loss_weight.rgb": 1.0,
        "loss_weight.pose": 1.0,
        "warmup": None,
        "classes": 52,
    },
    expects=(
        Expectation(
            key="val/top1/fused",
            epoch=40.0,
            value=66.74,
            basis="published",
            says=Words(en="published, 40 epochs", zh="公开结果，40 轮"),
        ),
    ),
)
