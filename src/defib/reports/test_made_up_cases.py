"""Cases for the tests of the reports: the seed's run by hand, and the odd ones."""

import msgspec
import pytest

from defib.records import (
    Case,
    Cause,
    Checkup,
    Config,
    Evidence,
    Fact,
    HistoryRow,
    Incident,
    Place,
    Plan,
    Point,
    Reference,
    Start,
    Symptom,
    Unseen,
    from_json,
    to_json,
)
from defib.reports.test_made_up_plan import CONFIG, NEW, plan
from defib.samples import healthy as healthy_run
from defib.samples import run_of
from defib.words import Words, same

EPOCHS = (1, 7, 8, 10, 11, 12, 13)
FUSED = (7.85, 46.43, 35.40, 56.13, 57.45, 32.64, 27.69)
RGB = (7.84, 55.72, 49.47, 65.04, 66.73, 41.24, 39.49)
POSE = (4.93, 19.89, 11.52, 15.06, 16.06, 13.88, 10.86)
MARKS = ("start", "up", "fell", "back", "best", "fell", "fell-on")
STATUS = (
    Words("start", "初始"),
    Words("rose by 38.58 points", "大幅上升"),
    Words("fell by 11.03 points", "暴跌 11.03 个百分点"),
    Words("recovered", "恢复"),
    Words("best", "最佳"),
    Words("fell by 24.81 points", "暴跌 24.81 个百分点"),
    Words("fell further, to 27.69%", "继续暴跌到 27.69%"),
)
LOG = "20251122_010203/20251122_010203.log"


CONFIG_READ = Config(
    path=CONFIG,
    sha256="0" * 64,
    dialect="mmengine",
    tree={},
    notes=(Words("The config was parsed, not executed.", "配置只做了解析，没有执行。"),),
)


def fact(metric, value, epoch, line):
    return Fact(metric=metric, value=value, at=Point(epoch=epoch), place=Place(file=LOG, line=line))


def seed_run(**fields):
    run = run_of(
        {"val/top1/fused": FUSED, "val/top1/rgb": RGB, "val/top1/pose": POSE},
        epochs=[float(epoch) for epoch in EPOCHS],
        framework="mmengine",
        path="work_dirs/pcan_ntu60_95target",
        seconds_per_epoch=810.0,
        classes=60,
        observed_at=1763825400.0,
        not_understood=("coco/AP (M)",),
        reference=Reference(
            name="rgbpose_conv3d-ntu60", says=same("-"), source="mmaction2", settings={"lr": 0.0075}, batch=24
        ),
        **fields,
    )
    series = tuple(
        msgspec.structs.replace(one, raw={"fused": "acc/RGBPose_1:1_top1"}.get(one.branch, one.raw))
        for one in run.series
    )
    return msgspec.structs.replace(run, series=series, config=CONFIG_READ)


def history():
    return tuple(
        HistoryRow(
            epoch=float(epoch),
            values={"val/top1/fused": fused, "val/top1/rgb": rgb, "val/top1/pose": pose},
            mark=mark,
            says=says,
        )
        for epoch, fused, rgb, pose, mark, says in zip(EPOCHS, FUSED, RGB, POSE, MARKS, STATUS, strict=True)
    )


def checkup():
    return Checkup(
        symptoms=(
            Symptom(
                rule="branch-collapse",
                metric="val/top1/pose",
                branch="pose",
                severity="watch",
                onset=Point(epoch=8.0),
                record=5,
                says=Words(
                    "Pose fell from 19.89% to 11.52% and stayed low.", "Pose 分支从 19.89% 跌到 11.52%，之后一直偏低。"
                ),
            ),
            Symptom(
                rule="collapse",
                metric="val/top1/fused",
                branch="fused",
                severity="act",
                onset=Point(epoch=12.0),
                record=11,
                fall=True,
                size=29.76,
                says=Words(
                    "Accuracy fell from 57.45% to 27.69% in two epochs.", "准确率在两轮内从 57.45% 跌到 27.69%。"
                ),
                facts=(fact("val/top1/fused", 32.64, 12.0, 4410), fact("val/top1/fused", 27.69, 13.0, 4790)),
            ),
        ),
        unseen=(
            Unseen(rule="gradients", reason=Words("no grad_norm was logged", "日志中没有 grad_norm")),
            Unseen(rule="overfitting", reason=Words("training accuracy is of one batch", "训练准确率只对应单个 batch")),
        ),
        checked=("collapse", "branch-collapse", "plateau", "non-finite"),
        incident=Incident(
            key="val/top1/fused",
            onset=Point(epoch=12.0),
            rule="collapse",
            best=fact("val/top1/fused", 57.45, 11.0, 4030),
        ),
        history=history(),
    )


def causes():
    return (
        Cause(
            cause="overfitting",
            standing="ruled-out",
            says=Words("Overfitting", "过拟合"),
            against=(
                Evidence(
                    strength="strong",
                    measured=Words("training loss rose too", "训练损失也同时上升"),
                    means=Words("an overfitted model keeps a low training loss", "过拟合时训练损失应当很低"),
                ),
            ),
        ),
        Cause(
            cause="lr-too-high",
            standing="likely",
            says=Words("The learning rate is too high for this batch size", "学习率相对批大小过高"),
            explains=("collapse",),
            event=True,
            for_=(
                Evidence(
                    strength="strong",
                    measured=Words(
                        "lr is 0.008; the recipe scaled to this batch has 0.005",
                        "lr 为 0.008，按批大小换算后的参考值为 0.005",
                    ),
                    means=Words("steps are 1.6 times too long", "更新步长约为合适值的 1.6 倍"),
                    facts=(fact("lr", 0.008, 12.0, 4101),),
                ),
            ),
            against=(
                Evidence(
                    strength="weak",
                    measured=Words("epochs 9 to 11 rose with the same rate", "第 9～11 轮在同样的学习率下仍在上升"),
                    means=Words("the rate alone does not make it fall", "单凭学习率不足以导致暴跌"),
                ),
            ),
            missing=(
                Words("no grad_norm was logged; the hook would settle this", "日志中没有 grad_norm，装上钩子即可确认"),
            ),
        ),
        Cause(
            cause="loss-weight",
            standing="possible",
            says=Words("The loss weight of pose is too large", "Pose 的损失权重过大"),
            for_=(
                Evidence(
                    strength="weak",
                    measured=Words("the weight is 1.5, the others 1.0", "权重为 1.5，其余分支为 1.0"),
                    means=Words("pose dominates the shared gradient", "共享部分的梯度由 pose 主导"),
                ),
            ),
        ),
    )


def seed(**fields):
    given = {
        "run": seed_run(),
        "checkup": checkup(),
        "causes": causes(),
        "plan": plan(),
        "verdict": "rescue",
        "says": Words(
            "Accuracy fell from 57.45% at epoch 11 to 27.69%: restart from epoch 11 with a lower learning rate.",
            "准确率从第 11 轮的 57.45% 跌到 27.69%：降低学习率，从第 11 轮重启。",
        ),
        "written": {"config": NEW, "report": "rescue.md"},
    }
    return Case(**{**given, **fields})


def without_plan():
    return seed(plan=None, written={})


def healthy():
    run = healthy_run()
    rows = tuple(
        HistoryRow(
            epoch=float(index + 1),
            values={one.key: float(one.value[index]) for one in run.branches("val/top1")},
            mark="best" if index == 19 else "up" if index else "start",
            says=Words("rises", "上升"),
        )
        for index in range(20)
    )
    return Case(
        run=run,
        checkup=Checkup(checked=("collapse", "plateau"), history=rows),
        verdict="healthy",
        says=Words("Nothing is wrong.", "没有发现问题。"),
    )


def unreadable():
    """A case in which nothing could be checked."""
    return Case(
        run=run_of({"train/loss": [1.0]}, path="empty"),
        checkup=Checkup(unseen=(Unseen(rule="collapse", reason=Words("there is no evaluation", "没有评估结果")),)),
        verdict="watch",
        says=Words("Nothing could be judged.", "无法判断。"),
    )


def minimal():
    """A plan in which everything that may be unknown is unknown."""
    return Case(
        run=run_of({"val/top1": [10.0, 20.0]}),
        checkup=Checkup(),
        plan=Plan(
            profile="minimal",
            start_from=Start(metric="val/top1", state="none", says=Words("Nothing is left.", "没有可用的检查点。")),
            command=("python", "train.py"),
        ),
        verdict="rescue",
        says=Words("It fell.", "准确率下跌。"),
    )


EVERY = {
    "seed": seed,
    "without_plan": without_plan,
    "healthy": healthy,
    "unreadable": unreadable,
    "minimal": minimal,
}


@pytest.mark.parametrize("name", EVERY)
def test_every_made_up_case_can_be_saved_and_read_again(name):
    case = EVERY[name]()
    assert to_json(from_json(to_json(case))) == to_json(case)
