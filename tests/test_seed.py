"""The run that started the project: what its owner wrote by hand in an evening must come out of defib.

The table and the config's facts are the owner's; see tests/runs/seed/SOURCE.md.
"""

from __future__ import annotations

import math
import subprocess
from datetime import UTC, datetime

import pytest

from defib import configs, pipeline
from defib.reports import markdown, terminal

ASKED = {"minutes_per_epoch": 13.5, "gpus": 2, "target": 95.0}


def rescued(seed, profile="conservative", out=None, **asked):
    table, config = seed
    given = pipeline.Asked(config=config, **(ASKED | asked))
    return pipeline.rescue(pipeline.diagnose(pipeline.open_run(table, given)), profile=profile, out=out)


@pytest.fixture
def case(seed):
    return rescued(seed)


# The owner's table, row by row: (setting, before, after).
ROWS = [
    ("loss_weight.pose", 1.5, 1.0),
    ("loss_weight.pose_coarse", 1.2, 0.8),
    ("crop_area", [0.4, 1.0], [0.56, 1.0]),
    ("color_jitter", {"type": "ColorJitter", "brightness": 0.4, "contrast": 0.4, "saturation": 0.4, "hue": 0.15}, None),
    ("test_clips", 10, 3),
    ("lr", 0.008, 0.005),
    ("weight_decay", 0.0003, 0.0005),
    ("clip", 40, 20),
    ("max_epochs", 100, 50),
    ("resume", True, False),
]


def test_the_plan_has_exactly_the_twelve_rows(case):
    assert len(case.plan.edits) == 12
    assert {edit.key for edit in case.plan.edits} == {key for key, *_ in ROWS} | {"warmup", "load_from"}


@pytest.mark.parametrize(("key", "old", "new"), ROWS)
def test_each_row_has_the_owners_values(case, key, old, new):
    edit = next(edit for edit in case.plan.edits if edit.key == key)
    assert (edit.old, edit.new) == (old, new)


def test_the_rescue_starts_from_epoch_11_which_was_not_seen(case):
    edit = next(edit for edit in case.plan.edits if edit.key == "load_from")
    assert edit.old is None
    assert edit.new.endswith("epoch_11.pth")
    start = case.plan.start_from
    assert (start.epoch, start.value, start.state) == (11.0, 57.45, "unseen")
    assert "not seen" in start.says.en


def test_removing_the_warm_up_moves_the_cosine_to_the_front_and_over_the_whole_run(case):
    warmup = next(edit for edit in case.plan.edits if edit.key == "warmup")
    assert {site.path: (site.action, site.new) for site in warmup.sites} == {
        "param_scheduler.0": ("delete", None),
        "param_scheduler.1.begin": ("set", 0),
        "param_scheduler.1.T_max": ("set", 50),
    }


def test_three_rows_are_named_conventions_shown_beside_the_reference(case):
    conventions = {edit.key: edit for edit in case.plan.edits if edit.convention}
    assert set(conventions) == {"test_clips", "clip", "max_epochs"}
    assert {key: edit.reference for key, edit in conventions.items()} == {
        "test_clips": 10,
        "clip": 40,
        "max_epochs": 20,
    }
    assert all("惯例" in edit.why.zh and "convention" in edit.why.en for edit in conventions.values())


def test_the_weight_decay_row_shows_what_the_reference_says(case):
    assert next(edit for edit in case.plan.edits if edit.key == "weight_decay").reference == 1e-4


def test_the_minimal_profile_changes_the_rate_and_nothing_else(seed):
    keys = [edit.key for edit in rescued(seed, "minimal").plan.edits]
    assert keys == ["lr", "load_from", "resume"]


def test_the_open_incident_begins_at_epoch_12_after_pose_fell_at_8(case):
    assert case.checkup.incident.onset.epoch == 12.0
    first = {one.branch: one.onset.epoch for one in reversed(case.checkup.symptoms) if one.rule == "branch_collapse"}
    assert first == {"pose": 8.0, "rgb": 12.0}


def test_the_fusion_lies_below_rgb_from_epoch_7_on(case):
    symptom = next(one for one in case.checkup.symptoms if one.rule == "fusion_below_branch")
    assert (symptom.onset.epoch, symptom.cleared) == (7.0, None)


def cause(case, name):
    return next(one for one in case.causes if one.cause == name)


def test_the_missing_initialisation_is_likely_and_its_figure_shown_as_assumed(case):
    found = cause(case, "not_initialised")
    assert found.standing == "likely"
    assert "7.85%" in found.for_[0].measured.en
    assert "96.0%" in found.for_[0].measured.en
    assert "assumed" in found.for_[0].measured.en
    assert "假定" in found.for_[0].measured.zh


def test_the_wished_95_lies_below_the_initialised_recipe(case):
    note = next(words for words in case.plan.beforehand if "96.6" in words.en)
    assert "95% lies below" in note.en
    assert "20" in note.zh


def test_the_rate_is_likely_too_high_for_a_batch_of_32(case):
    found = cause(case, "lr_too_high")
    assert found.standing == "likely"
    for number in ("32", "0.008", "0.0075", "48", "0.005"):
        assert number in found.for_[0].measured.zh


def test_the_pose_weight_has_evidence_on_both_sides(case):
    found = cause(case, "branch_weight_too_high")
    assert found.standing == "possible"
    assert any("first branch to fall" in one.measured.en for one in found.for_)
    assert "38%" in found.against[0].measured.en
    assert "14%" in found.against[0].measured.en


def test_test_time_clips_are_ruled_out(case):
    assert cause(case, "clips_at_test_time").standing == "ruled-out"


def test_a_label_fault_is_suspected_and_its_probe_named_while_the_verdict_stays(case):
    found = cause(case, "label_or_data_fault")
    assert found.standing == "possible"
    assert "shifted by one" in found.missing[0].en
    assert case.verdict == "rescue"


def test_over_fitting_is_unseen_when_only_the_table_is_read(case):
    assert "overfitting" in {one.rule for one in case.checkup.unseen}
    assert "overfitted" not in {one.cause for one in case.causes}


def test_over_fitting_is_one_weak_fact_when_the_whole_document_is_read(seed, shared):
    document = shared / "seed" / "rescue-plan-epoch11.zh.md"
    found = rescued((document, seed[1]), out=seed[0].parent)
    overfitted = cause(found, "overfitted")
    assert overfitted.standing == "possible"
    assert [one.strength for one in overfitted.for_] == ["weak"]
    assert "95%" in overfitted.for_[0].measured.zh


def test_the_same_weak_fact_from_a_document_like_the_owners(seed):
    table, config = seed
    table.write_text(table.read_text() + "\n## 分析\n\n- 训练集准确率95% vs 验证集27% → **严重过拟合**\n")
    assert cause(rescued((table, config)), "overfitted").standing == "possible"


def test_time_and_command(case):
    plan = case.plan
    assert plan.seconds == 40500  # 11.25 hours
    assert plan.ends_at == case.run.observed_at + 40500
    assert plan.environment == {"CUDA_VISIBLE_DEVICES": "0,1"}
    folder = "configs/skeleton/posec3d/rgbpose_conv3d"
    work_dir = "work_dirs/pcan_ntu60_95target_rescue"
    config = f"{folder}/pcan_ntu60_95target_rescue.py"
    assert plan.command == ("bash", "tools/dist_train.sh", config, "2", "--work-dir", work_dir)
    assert plan.cwd.endswith("mmaction2")


def test_without_mmaction2_above_the_config_the_folder_is_left_to_fill_in(seed, tmp_path):
    alone = tmp_path / "alone" / "pcan_ntu60_95target.py"
    alone.parent.mkdir()
    alone.write_bytes(seed[1].read_bytes())
    found = rescued((seed[0], alone))
    assert found.plan.cwd is None
    assert "<你的 mmaction2 目录>" in markdown(found, "zh")


def test_signs_of_health_and_danger(case):
    signs = {(rule.kind, rule.relation): rule.value for rule in case.plan.watch}
    assert signs["health", "above"] == 20.0
    assert signs["danger", "below"] == 15.0
    assert signs["danger", "falls-in-a-row"] == 5.0
    assert signs["health", "gap-below"] == 15.0
    assert {relation for _, relation in signs} >= {"rises", "smooth", "jumps", "out-of-memory"}


def test_the_ladder(case):
    steps = {(step.when, step.key): step.new for step in case.plan.ladder}
    assert steps["stable", "lr"] == 0.008
    assert steps["stable", "color_jitter"]["brightness"] == 0.2
    assert steps["stable", "max_epochs"] == 80
    assert steps["unstable", "lr"] == 0.003
    assert steps["unstable", "batch_size"] == 20
    assert ("unstable", "load_from") in steps
    assert [key for when, key in steps if when == "ambitious"] == ["model", "data", "ensemble", "max_epochs"]
    assert steps["ambitious", "model"] == 101
    assert steps["ambitious", "max_epochs"] == 100


def test_the_forecast_says_that_the_target_may_never_be_reached(case):
    found = case.plan.forecast
    assert [one.epochs for one in found.targets] == [10, 20, 40]
    assert found.target == 95.0
    assert found.reached[1] is None


def test_the_history_has_a_status_for_every_epoch(case):
    marks = {row.epoch: row.mark for row in case.checkup.history}
    assert marks == {1: "start", 7: "up", 8: "fell", 10: "back", 11: "best", 12: "fell", 13: "fell-on"}


def test_the_baseline_stands_beside_the_plan(case):
    assert case.plan.baseline.lr_new == pytest.approx(0.0008)
    assert "optim_wrapper.optimizer.lr=0.0008" in case.plan.baseline.command


def test_the_new_config_is_what_the_plan_says_and_mmengine_agrees(seed, case):
    mmengine = pytest.importorskip("mmengine")
    before = seed[1].read_bytes()
    written = pipeline.write(case)
    assert seed[1].read_bytes() == before
    new = mmengine.Config.fromfile(written.written["config"])
    assert new.optim_wrapper.optimizer.lr == 0.005
    assert new.optim_wrapper.clip_grad.max_norm == 20
    assert new.model.cls_head.loss_weights == [1.0, 1.0, 0.5, 0.8]
    transforms = [step["type"] for step in new.train_dataloader.dataset.pipeline]
    assert "ColorJitter" not in transforms
    assert new.train_pipeline == new.train_dataloader.dataset.pipeline
    assert tuple(new.train_pipeline[4].area_range) == (0.56, 1.0)
    assert new.test_dataloader.dataset.pipeline[0].num_clips == 3
    (cosine,) = new.param_scheduler
    assert (cosine.type, cosine.begin, cosine.end, cosine.T_max) == ("CosineAnnealingLR", 0, 50, 50)
    assert new.train_cfg.max_epochs == 50
    assert new.load_from.endswith("epoch_11.pth")
    assert new.resume is False
    old = mmengine.Config.fromfile(str(seed[1]))
    touched = {site.path.split(".")[0] for edit in case.plan.edits for site in edit.sites}
    assert {key for key in old if old[key] != new.get(key)} == touched


def test_the_chinese_markdown_follows_the_owners_order(case):
    text = markdown(case, "zh", zone=UTC)
    wanted = ["崩溃分析", "训练历史", "核心问题", "修复方案", "配置对比", "预期效果", "训练命令", "启动训练", "监控训练",
              "训练时间估算", "关键监控指标", "配置文件状态", "后续优化路径"]  # fmt: skip
    positions = [
        next(i for i, line in enumerate(text.splitlines()) if line.startswith("##") and word in line) for word in wanted
    ]
    assert positions == sorted(positions)
    assert "11.25" in text
    assert datetime.fromtimestamp(case.plan.ends_at, UTC).strftime("%Y-%m-%d %H:%M") in text


@pytest.mark.parametrize("language", ["en", "zh"])
def test_both_languages_have_all_rows_and_no_unfilled_braces(case, language):
    text = markdown(case, language, zone=UTC)
    for number in ("0.005", "0.0005", "0.56", "57.45", "27.69"):
        assert number in text
    assert "{" not in text.replace("${", "").split("```")[0]
    assert terminal(case, language) is not None


def test_the_monitoring_commands_work_on_a_real_layout(seed, case):
    root = seed[1].parents[4]
    old, new = (root / case.plan.work_dir / stamp for stamp in ("20251122_100000", "20251122_153000"))
    for folder, text in ((old, "old"), (new, "new")):
        folder.mkdir(parents=True)
        line = f"2025/11/22 15:30:00 - mmengine - INFO - Epoch(val) [1][2/2]    acc/rgb_top1: 0.5  {text}\n"
        (folder / f"{folder.name}.log").write_text(line)
    follow, latest = case.plan.monitor
    shown = subprocess.run(
        ["bash", "-c", follow.replace("tail -F", "tail -n 1")], cwd=root, capture_output=True, text=True, check=True
    )
    assert "acc/rgb_top1" in shown.stdout
    listed = subprocess.run(["bash", "-c", latest], cwd=root, capture_output=True, text=True, check=True)
    assert len(listed.stdout.splitlines()) == 2


def test_nothing_is_guessed_when_the_batch_is_not_known(seed):
    found = rescued(seed, "minimal", gpus=None, minutes_per_epoch=None)
    assert "<GPUS>" in found.plan.command
    assert found.plan.seconds is None
    assert "--gpus" in found.plan.beforehand[-1].en
    missing = " ".join(words.en for words in found.plan.notes)
    assert "--minutes-per-epoch" in missing
    assert not any(math.isclose(edit.new, 0.005) for edit in found.plan.edits if edit.key == "lr")


def test_a_config_with_a_base_can_be_rescued_into_a_folder_that_is_not_there_yet(seed, tmp_path):
    mmengine = pytest.importorskip("mmengine")
    base = seed[1].parent / "base.py"
    base.write_text("load_from = None\nresume = True\ntrain_cfg = dict(by_epoch=True)\n")
    text = seed[1].read_text().replace("load_from = None\nresume = True\n", "")
    seed[1].write_text("_base_ = './base.py'\n" + text)
    case = pipeline.write(rescued(seed, out=tmp_path / "new" / "folder"), out=tmp_path / "new" / "folder")
    new = mmengine.Config.fromfile(case.written["config"])
    assert new.resume is False
    assert new.load_from.endswith("epoch_11.pth")
    assert new.train_cfg.by_epoch is True
    assert new.optim_wrapper.optimizer.lr == 0.005


def test_the_table_alone_is_enough_for_a_diagnosis(seed):
    found = pipeline.diagnose(pipeline.open_run(seed[0]))
    assert found.verdict == "rescue"
    assert found.checkup.incident.onset.epoch == 12.0
    plan = pipeline.rescue(found, out=seed[0].parent).plan
    assert plan.start_from.path == "epoch_11.pth"
    assert [edit.key for edit in plan.edits] == ["load_from"]


def test_the_read_config_is_never_run(seed, tmp_path):
    sentinel = tmp_path / "executed"
    seed[1].write_text(seed[1].read_text() + f"\nimport os\nos.system('touch {sentinel}')\n")
    rescued(seed)
    assert not sentinel.exists()
    assert configs.parse(seed[1]).notes
