"""The plan of the seed's run, by hand."""

from defib.records import Baseline, Edit, Forecast, LadderStep, Plan, Site, Start, Target, WatchRule, from_json, to_json
from defib.words import Words

NEW = "configs/skeleton/posec3d/rgbpose_conv3d/pcan_ntu60_95target_rescue.py"
CONFIG = "configs/skeleton/posec3d/rgbpose_conv3d/pcan_ntu60_95target.py"


def edits():
    def edit(key, old, new, en, zh, path, **fields):  # noqa: PLR0917 (one row a line, like a table)
        sites = fields.pop("sites", (Site(path=path, old=old, new=new),))
        return Edit(key=key, old=old, new=new, why=Words(en, zh), play="made-up", sites=sites, **fields)

    warmup = {
        "type": "LinearLR",
        "start_factor": 0.1,
        "by_epoch": True,
        "begin": 0,
        "end": 5,
        "convert_to_iter_based": True,
    }
    return (
        edit("loss_weight.pose", 1.5, 1.0, "pose no longer dominates", "降低 Pose 权重，避免崩溃",
             "model.cls_head.loss_weights.1", cause="loss-weight"),
        edit("crop_area", [0.40, 1.0], [0.56, 1.0], "crop less", "减少裁剪激进度",
             "train_pipeline.4.area_range", convention=True),
        edit("lr", 0.008, 0.005, "the recipe's rate for this batch", "降低学习率", "optim_wrapper.optimizer.lr",
             cause="lr-too-high", reference=0.005),
        edit("weight_decay", 0.0003, 0.0005, "as in the recipe", "增加正则化", "optim_wrapper.optimizer.weight_decay",
             risk="ask"),
        edit("warmup", warmup, None, "the weights are warm", "避免 warmup 问题", "",
             sites=(
                 Site(path="param_scheduler.0", old=warmup, action="delete"),
                 Site(path="param_scheduler.1.begin", old=5, new=0),
             )[:1]),
        edit("max_epochs", 100, 50, "enough to see it", "调整训练周期", "train_cfg.max_epochs"),
        edit("load_from", None, "work_dirs/pcan_ntu60_95target/epoch_11.pth", "from the best point", "从最佳点重启", "load_from"),
        edit("resume", True, False, "a new schedule", "重置 scheduler", "resume"),
    )  # fmt: skip


def plan(**fields):
    given = {
        "profile": "conservative",
        "start_from": Start(
            epoch=11.0,
            metric="val/top1/fused",
            value=57.45,
            path="work_dirs/pcan_ntu60_95target/epoch_11.pth",
            state="ready",
            says=Words("Restart from epoch 11, the best validated checkpoint before the fall.", "从第 11 轮重启：这是崩溃前验证集表现最好的检查点。"),
        ),
        "edits": edits(),
        "command": ("bash", "tools/dist_train.sh", NEW, "2", "--work-dir", "work_dirs/pcan_ntu60_95target_rescue"),
        "environment": {"CUDA_VISIBLE_DEVICES": "0,1"},
        "cwd": "/home/zh/ChCode/codes01/mmaction2",
        "monitor": (
            "# newest log",
            'tail -f "$(ls -t work_dirs/pcan_ntu60_95target_rescue/*/*.log | head -1)"',
            'grep "Epoch(val)" work_dirs/pcan_ntu60_95target_rescue/*/*.log | tail -5',
        ),
        "seconds": 40500.0,
        "ends_at": 1763865900.0,
        "watch": (
            WatchRule(kind="health", metric="val/top1/pose", relation="above", value=20.0, says=Words("pose top-1 above 20%", "Pose Top1 > 20%（不再崩溃）")),
            WatchRule(kind="health", metric="val/top1/fused", relation="rises", says=Words("fused top-1 rises steadily", "RGBPose Top1 稳定上升")),
            WatchRule(kind="danger", metric="val/top1/pose", relation="below", value=15.0, says=Words("pose top-1 below 15%", "Pose Top1 < 15%（Pose 又崩溃了）")),
            WatchRule(kind="danger", metric="gpu", relation="out-of-memory", says=Words("out of GPU memory", "GPU OOM（需降低 batch_size）")),
        ),
        "ladder": (
            LadderStep(when="stable", key="lr", old=0.005, new=0.008, says=Words("raise the learning rate step by step", "逐步增加学习率")),
            LadderStep(when="stable", key="max_epochs", old=50, new=80, says=Words("train longer (50 → 80)", "增加训练周期（50 → 80）")),
            LadderStep(when="unstable", key="lr", old=0.005, new=0.003, says=Words("lower the learning rate further", "进一步降低学习率")),
            LadderStep(when="ambitious", key="model", says=Words("use a larger backbone", "使用更大的骨干网络")),
        ),
        "forecast": Forecast(
            key="val/top1/fused",
            points=5,
            targets=(
                Target(epochs=10, low=60.0, high=65.0, families=("power", "exponential")),
                Target(epochs=20, low=66.5, high=71.2, families=("power", "exponential")),
                Target(epochs=40, low=70.1, high=78.9, families=("power", "exponential")),
            ),
            target=95.0,
            reached=(83.2, None),
            says=Words("The healthy part points to 70 to 79% after 40 epochs.", "健康阶段的曲线指向 40 轮后 70%～79%。"),
        ),
        "baseline": Baseline(
            lr_old=0.008,
            lr_new=0.0008,
            command=("bash", "tools/dist_train.sh", CONFIG, "2", "--cfg-options", "optim_wrapper.optimizer.lr=0.0008"),
            says=Words("The best checkpoint and a tenth of the rate.", "最佳检查点加十分之一的学习率。"),
        ),
        "wrong_if": (Words("it falls again at a learning rate of 0.003", "学习率降到 0.003 仍然暴跌"),),
        "notes": (Words("save_best='auto' follows RGB, not the fusion.", "save_best='auto' 跟踪的是 RGB，不是融合结果。"),),
        "config": CONFIG,
        "new_config": NEW,
        "work_dir": "work_dirs/pcan_ntu60_95target_rescue",
    }  # fmt: skip
    return Plan(**{**given, **fields})


def test_the_made_up_plan_can_be_saved_and_read_again():
    assert from_json(to_json(plan()), Plan) == plan()
