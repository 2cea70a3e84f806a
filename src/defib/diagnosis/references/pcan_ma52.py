"""PCAN on MA-52, with its 52 actions in 7 body groups (Li et al., AAAI 2025, arXiv 2412.14719).

The paper trains 40 epochs with steps at 15 and 30, the published code 30 with steps at 10 and 20; both with a rate of
0.0075 at a batch of 10. There is no published PCAN result on NTU60: for 60 classes `rgbpose_joint` is the reference.
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
