"""The pose stream alone on NTU RGB+D 60, from scratch: what the joint network is initialised from (mmaction2).

中文：
NTU RGB+D 60 上单独的姿态流，从头训练：联合网络由它初始化（mmaction2）。
"""

from __future__ import annotations

from defib.records import Expectation, Reference
from defib.words import Words

pose_only = Reference(
    name="pose_only",
    says=Words(en="pose-only pre-training on NTU60 (mmaction2)", zh="NTU60 上的骨架单流预训练（mmaction2）"),
    source="mmaction2 1.2.0, configs/skeleton/posec3d/rgbpose_conv3d/pose_only.py; its README for the scores",
    batch=128,
    settings={
        "model": "ResNet3dSlowOnly",
        "stream": "pose",
        "optimizer": "SGD",
        "lr": 0.2,
        "weight_decay": 3e-4,
        "momentum": 0.9,
        "clip": 40,
        "max_epochs": 18,
        "crop_area": [0.56, 1.0],
        "color_jitter": None,
        "warmup": None,
        "classes": 60,
    },
    expects=(
        Expectation(
            key="val/top1",
            epoch=18.0,
            value=93.1,
            basis="published",
            says=Words(en="published, 18 x 10 epochs, one clip", zh="公开结果，18 × 10 轮，单片段"),
        ),
    ),
)
