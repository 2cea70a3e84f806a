"""A real mmaction2 run: the schedule multiplies the rate by 25 at epoch 10, and everything falls to chance."""

from __future__ import annotations

import os

import pytest

from defib import pipeline
from defib.errors import StalePlan
from defib.records import from_json, to_json
from defib.reports import markdown

BEST = "best_acc_rgb_top1_epoch_9.pth"


def rescued(path, profile="minimal", **asked):
    found = pipeline.diagnose(pipeline.open_run(path, pipeline.Asked(**asked)))
    return pipeline.rescue(found, profile=profile)


def checkpoint(path, epoch, *, full=True):
    torch = pytest.importorskip("torch")
    from mmengine.logging.history_buffer import HistoryBuffer

    state = {
        "state_dict": {"backbone.weight": torch.arange(12.0).reshape(3, 4)},
        "meta": {"epoch": epoch, "iter": 30 * epoch},
    }
    if full:
        state |= {"message_hub": {"loss": HistoryBuffer([1.0], [1])}, "optimizer": {"state": {}, "param_groups": []}}
    torch.save(state, path)


def test_the_story(real):
    case = rescued(real)
    assert case.verdict == "rescue"
    assert case.checkup.incident.onset.epoch == 10.0
    assert case.checkup.incident.best.value == pytest.approx(200 / 3)
    assert case.checkup.incident.best.place.line == 36
    first = case.causes[0]
    assert (first.cause, first.standing, first.event) == ("schedule_event", "likely", True)
    assert "25" in first.says.zh
    assert [fact.value for evidence in first.for_ for fact in evidence.facts] == [25.0, 0.02, 0.5]
    acts = {(one.rule, one.branch) for one in case.checkup.symptoms if one.severity == "act"}
    fell = {("branch_collapse", "rgb"), ("branch_collapse", "pose"), ("val_collapse", "fused")}
    assert acts == fell | {("loss_divergence", None), ("fell_to_chance", "fused")}


def test_minimal_is_one_edit_beside_the_start(real):
    edits = rescued(real).plan.edits
    assert [edit.key for edit in edits] == ["schedule_factor", "load_from", "work_dir"]
    jump = edits[0]
    assert (jump.old, jump.new, jump.cause) == (25.0, 1.0, "schedule_event")
    assert [site.path for site in jump.sites] == ["param_scheduler.0.gamma"]


def test_what_was_there_all_along_is_evidence_and_no_edit(real):
    case = rescued(real)
    rate = next(one for one in case.causes if one.cause == "lr_too_high")
    assert rate.standing == "possible"
    assert rate.against


def test_the_metric_trap_is_named(real):
    case = rescued(real)
    trap = next(one for one in case.causes if one.cause == "best_on_wrong_metric")
    assert "acc/rgb_top1" in trap.for_[0].measured.zh
    assert "acc/RGBPose_1:1_top1" in trap.for_[0].measured.zh
    assert trap.for_[0].facts[0].place.file.endswith(".log")
    assert any("save_best = 'acc/RGBPose_1:1_top1'" in words.en for words in case.plan.notes)


def test_checkpoints_that_are_only_listed_are_said_to_be_missing(real):
    start = rescued(real).plan.start_from
    assert (start.epoch, start.path, start.state) == (9.0, BEST, "listed")
    assert "not on disk" in start.says.en
    assert "没有" in start.says.zh


def test_a_real_checkpoint_is_used_and_its_weights_are_copied(real):
    torch = pytest.importorskip("torch")
    checkpoint(real / BEST, 9)
    before = (real / BEST).read_bytes()
    with pytest.raises(Exception, match="Weights only load failed"):
        torch.load(real / BEST, weights_only=True)
    case = pipeline.write(rescued(real))
    assert (case.plan.start_from.state, case.plan.start_from.epoch) == ("ready", 9.0)
    loaded = torch.load(case.written["weights"], weights_only=True)
    assert torch.equal(loaded["state_dict"]["backbone.weight"], torch.arange(12.0).reshape(3, 4))
    assert case.written["weights"] in (real / "lrjump_full_rescue.py").read_text()
    assert (real / BEST).read_bytes() == before


@pytest.mark.parametrize("spoil", [lambda _: b"", lambda data: data[: len(data) // 2], lambda _: b"<html>not found"])
def test_an_empty_truncated_or_foreign_checkpoint_is_never_chosen(real, spoil):
    checkpoint(real / BEST, 9)
    checkpoint(real / "epoch_8.pth", 8)
    (real / BEST).write_bytes(spoil((real / BEST).read_bytes()))
    start = rescued(real).plan.start_from
    assert (start.path, start.epoch, start.wanted, start.state) == ("epoch_8.pth", 8.0, 9.0, "ready")
    assert BEST in start.says.zh


def test_a_checkpoint_that_is_found_damaged_while_it_is_copied_is_replaced_by_the_next(real):
    checkpoint(real / BEST, 9)
    checkpoint(real / "epoch_8.pth", 8)
    data = bytearray((real / BEST).read_bytes())
    position = data.index(b"\x00\x00\x80\x3f\x00\x00\x00\x40")  # 1.0, 2.0 among the weights
    data[position + 2] ^= 0xFF
    (real / BEST).write_bytes(data)
    case = pipeline.write(rescued(real))
    assert (case.plan.start_from.path, case.plan.start_from.wanted) == ("epoch_8.pth", 9.0)
    assert "epoch_8_weights.pth" in (real / "lrjump_full_rescue.py").read_text()


def test_what_was_saved_after_the_fall_is_no_start(real):
    (real / "files.txt").unlink()
    for log in real.glob("*/*.log"):
        log.unlink()  # so that nothing speaks of epoch 9
    checkpoint(real / "epoch_12.pth", 12)
    checkpoint(real / "epoch_13.pth", 13)
    start = rescued(real).plan.start_from
    assert (start.path, start.state) == (None, "none")


def test_the_new_config_differs_at_the_planned_sites_and_mmengine_agrees(real):
    mmengine = pytest.importorskip("mmengine")
    original = real / "lrjump_full.py"
    before = original.read_bytes()
    case = pipeline.write(rescued(real))
    assert original.read_bytes() == before
    old, new = (mmengine.Config.fromfile(str(path)) for path in (original, case.written["config"]))
    assert new.param_scheduler[0].gamma == 1.0
    assert new.work_dir == "work_dirs/lrjump_rescue"
    assert {key for key in old if old[key] != new[key]} == {"param_scheduler", "load_from", "work_dir"}
    assert set(old) == set(new)


def test_every_changed_line_has_its_reason(real):
    changed = rescued(real).plan.changed
    assert {key for line in changed for key in line.keys} == {"schedule_factor", "load_from", "work_dir"}
    assert all(line.why for line in changed)


def test_the_command_of_a_single_process(real):
    plan = rescued(real).plan
    assert plan.cwd == "/data/mmaction2"
    assert plan.command[:2] == ("python", "tools/train.py")
    assert plan.command[-2:] == ("--work-dir", "work_dirs/lrjump_rescue")
    assert plan.seconds == pytest.approx(13 * 48.5, rel=0.2)


def test_conservative_adds_the_bundle_and_keeps_the_one_that_matters(real):
    keys = {edit.key for edit in rescued(real, "conservative").plan.edits}
    assert keys > {"schedule_factor", "load_from", "work_dir"}
    assert {"lr", "loss_weight.pose", "crop_area", "clip"} <= keys
    assert "max_epochs" not in keys  # 13 epochs are below the reference's 20


def test_the_config_is_found_from_a_single_log(real):
    for log in (real / "20261122_104320" / "vis_data" / "scalars.json", next(real.glob("*/*.log"))):
        case = rescued(log)
        assert case.run.config.path.endswith("lrjump_full.py")
        assert case.plan.edits[0].key == "schedule_factor"


def test_a_plan_is_stale_when_a_base_of_its_config_has_changed(real, tmp_path):
    (real / "base.py").write_text("log_level = 'INFO'\n")
    config = real / "lrjump_full.py"
    config.write_text("_base_ = './base.py'\n" + config.read_text().replace("log_level = 'INFO'\n", ""))
    os.utime(real / "base.py", (0, 0))
    case = rescued(real)
    (real / "base.py").write_text("log_level = 'DEBUG'\n")
    with pytest.raises(StalePlan):
        pipeline.write(case)


def test_writing_twice_overwrites_only_what_defib_wrote(real):
    first = pipeline.write(rescued(real))
    second = pipeline.write(rescued(real))
    assert first.written == second.written
    (real / "lrjump_full_rescue.py").write_text("mine = True\n")
    os.utime(real / "lrjump_full_rescue.py", (0, 0))  # older than the run's own config
    third = pipeline.write(rescued(real))
    assert third.written["config"].endswith("lrjump_full_rescue2.py")
    assert (real / "lrjump_full_rescue.py").read_text() == "mine = True\n"


def test_a_saved_case_is_the_same_case(real):
    case = pipeline.write(rescued(real))
    again = from_json(to_json(case))
    assert to_json(again) == to_json(case)
    assert markdown(again, "zh") == markdown(case, "zh")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_both_languages_tell_it(real, language):
    text = markdown(rescued(real), language)
    for word in ("66.67%", "8.33%", "25", "acc/rgb_top1", "lrjump_full_rescue.py"):
        assert word in text
