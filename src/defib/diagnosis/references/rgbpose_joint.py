"""RGBPoseConv3D, both streams trained together on NTU RGB+D 60 from two pre-trained ones (mmaction2, pyskl).

Published for NTU60 cross-subject: 96.6 % with one clip and 1:1 fusion after 20 epochs. The start is derived: the merge
carries both heads over and pads the laterals with zeros, so the joint network begins as the late fusion of the two
single ones, 96.0 %. That was derived for the stock heads and is shown as assumed for any other.

中文：
RGBPoseConv3D：由两个预训练网络出发，在 NTU RGB+D 60 上联合训练两个支流（mmaction2、pyskl）。

NTU60 cross-subject 上发表的成绩：20 轮之后，单片段、1:1 融合，96.6%。起始成绩是推导出来的：合并时保留两个分类
头，并以零填充横向连接，因此联合网络起步时就是两个单流网络的后期融合，即 96.0%。这是针对原版分类头推导的，换用其
他分类头时标为“假定”。
"""

from __future__ import annotations

from defib.records import Expectation, Reference
from defib.words import Words

rgbpose_joint = Reference(
    name="rgbpose_joint",
    says=Words(
        en="RGBPoseConv3D joint fine-tune on NTU60 (mmaction2)",
        zh="RGBPoseConv3D 在 NTU60 上的联合微调（mmaction2）",
    ),
    source="mmaction2 1.2.0, configs/skeleton/posec3d/rgbpose_conv3d/rgbpose_conv3d.py; its README for the scores",
    batch=48,
    settings={
        "model": "RGBPoseConv3D",
        "optimizer": "SGD",
        "lr": 0.0075,
        "weight_decay": 1e-4,
        "momentum": 0.9,
        "clip": 40,
        "max_epochs": 20,
        "crop_area": [0.56, 1.0],
        "color_jitter": None,
        "loss_weight.rgb": 1.0,
        "loss_weight.pose": 1.0,
        "warmup": None,
        "test_clips": 10,
        "load_from": "the merge of a trained RGB-only and a trained pose-only network",
        "classes": 60,
    },
    expects=(
        Expectation(
            key="val/top1/fused",
            epoch=1.0,
            value=96.0,
            basis="assumed",
            says=Words(
                en="assumed: the late fusion of the two loaded streams, derived for the stock heads",
                zh="假定值：两个已加载单流的后期融合结果，按原版分类头推导",
            ),
        ),
        Expectation(
            key="val/top1/fused",
            epoch=20.0,
            value=96.6,
            basis="published",
            says=Words(en="published, 20 epochs, one clip", zh="公开结果，20 轮，单片段"),
        ),
    ),
)
