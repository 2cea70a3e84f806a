import msgspec
import pytest

from defib.launching.pointed import pointed
from defib.launching.refusals import BadCommand
from defib.records import Plan, Start
from defib.samples import run_of
from defib.words import same

CONFIG = "/home/me/project/configs/a.py"


def run():
    made = run_of({"val/top1": [1.0]}, config={"work_dir": "work_dirs/a"})
    return msgspec.structs.replace(made, config=msgspec.structs.replace(made.config, path=CONFIG))


PLAN = Plan(
    profile="minimal",
    start_from=Start(metric="val/top1", says=same("-")),
    new_config="/home/me/project/configs/a_rescue.py",
    work_dir="work_dirs/a_rescue",
)


def words(text):
    return " ".join(pointed(text.split(), run(), PLAN, text))


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("python train.py configs/a.py", "python train.py NEW"),
        ("python train.py --config=/home/me/project/configs/a.py", "python train.py --config=NEW"),
        ("python train.py configs/a.py --work-dir work_dirs/a", "python train.py NEW --work-dir work_dirs/a_rescue"),
        ("python train.py configs/a.py --work-dir=elsewhere", "python train.py NEW --work-dir=work_dirs/a_rescue"),
        ("python train.py --output_dir x --cfg configs/a.py", "python train.py --output_dir work_dirs/a_rescue --cfg NEW"),
        ("python train.py configs/a.py --resume", "python train.py NEW"),
        ("python train.py configs/a.py --resume auto --amp", "python train.py NEW --amp"),
        ("python train.py --resume-from work_dirs/a/epoch_3.pth configs/a.py", "python train.py NEW"),
        ("python train.py --resume configs/a.py", "python train.py NEW"),
        ("python train.py --resume=work_dirs/a/last.ckpt configs/a.py", "python train.py NEW"),
        ("bash tools/dist_train.sh ./configs/a.py 2", "bash tools/dist_train.sh NEW 2"),
        ("python train.py configs/a.py work_dirs/a", "python train.py NEW work_dirs/a_rescue"),
    ],
)  # fmt: skip
def test_flags_are_replaced_and_never_appended(asked, expected):
    assert words(asked) == expected.replace("NEW", PLAN.new_config)


def test_what_is_not_the_runs_stays():
    asked = "python train.py configs/a.py --data data/a --lr 0.1 --name a"
    assert words(asked) == asked.replace("configs/a.py", PLAN.new_config)


def test_a_command_that_the_plan_would_not_reach_is_refused():
    with pytest.raises(BadCommand) as refused:
        words("python train.py other.py")
    assert f"neither {{config}} nor the run's own config {CONFIG} stands in it" in refused.value.words.en
    assert "方案不会对训练生效" in refused.value.words.zh


def test_a_run_without_a_config_is_started_as_it_is_said():
    plain = run_of({"val/top1": [1.0]})
    assert pointed(("python", "train.py"), plain, PLAN, "") == ("python", "train.py")
