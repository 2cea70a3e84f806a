"""The trainer's commands as a person types them, on made-up people: what they say, in both languages, and what they refuse."""

from __future__ import annotations

import json
import os
import pickle
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

from typed import typed

SMALL = ("data.train=60", "data.val=30", "train.max_epochs=3")
SAMPLES = Path(__file__).parent / "runs"


@pytest.fixture(scope="module", autouse=True)
def cache(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        patch.setenv("COLUMNS", "160")
        yield


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """A training of a few seconds."""
    folder = tmp_path_factory.mktemp("run") / "a"
    assert typed("train", "synth_micro", *SMALL, f"work_dir={folder}") == 0
    return folder


@pytest.fixture(scope="module")
def filmed(tmp_path_factory):
    """A dataset of two classes and three persons on real videos."""
    folder = tmp_path_factory.mktemp("synth") / "data"
    words = ("--classes", 2, "--persons", 3, "--size", "96x64", "--jobs", 1)
    assert typed("data", "synth", folder, *words) == 0
    return folder


def test_training_shows_a_line_an_epoch_and_the_curves(tmp_path, capsys):
    assert typed("train", "synth_micro", *SMALL, f"work_dir={tmp_path}/b", "--lang", "en") == 0
    shown = capsys.readouterr().out
    assert re.search(r"Training 0\.\d+ M parameters on 60 clips for 3 epochs: 16 clips a step", shown)
    assert len(re.findall(r"^ +[0-3]  ", shown, re.MULTILINE)) == 4  # before the first step, and three epochs
    assert re.search(r"fused [▁▂▃▄▅▆▇█]{4}  \d+\.\d to \d+\.\d %", shown)
    assert "defib diagnose" in shown
    assert "Best val/top1/fused" in shown
    assert (tmp_path / "b" / "scores.svg").read_text(encoding="utf-8").count("<svg") == 1


def test_the_best_of_a_loss_is_the_least_and_no_share(tmp_path, capsys):
    words = (
        "train",
        "synth_micro",
        *SMALL,
        "evaluate.metric=val/loss",
        "optim.lr=0.05",
        f"work_dir={tmp_path}/b",
        "--lang",
        "en",
    )
    assert typed(*words) == 0
    shown = capsys.readouterr().out
    rows = [line.split() for line in shown.splitlines() if re.match(r" +[0-3]  ", line)]
    losses = [float(row[1 if row[0] == "0" else 2]) for row in rows]
    marked = [row[-1] == "*" for row in rows]
    assert marked == [bool(at) and losses[at] < min(losses[:at]) for at in range(4)]
    assert not all(marked[1:])  # at this rate some epoch is worse
    assert re.search(r"Best val/loss: \d+\.\d{4} in ", shown)


def test_training_speaks_chinese(tmp_path, capsys):
    assert typed("train", "synth_micro", *SMALL, f"work_dir={tmp_path}/b", "--lang", "zh") == 0
    shown = capsys.readouterr().out
    assert "训练 0." in shown
    assert "最好的 val/top1/fused" in shown


def test_a_work_directory_that_holds_a_training_is_left_alone(run, capsys):
    before = (run / "metrics.jsonl").read_bytes()
    assert typed("train", "synth_micro", *SMALL, f"work_dir={run}", "--lang", "en") == 2
    said = capsys.readouterr().err
    assert "holds a training already: go on with it (resume=true), or train into another folder (work_dir=...)" in said
    assert (run / "metrics.jsonl").read_bytes() == before


def test_a_finished_training_says_how_to_go_on(run, capsys):
    assert typed("train", "synth_micro", *SMALL, f"work_dir={run}", "resume=true", "--lang", "en") == 3
    assert "it is finished: 3 epochs of 3; raise train.max_epochs" in capsys.readouterr().err


def test_a_mistyped_key_names_its_neighbours(capsys):
    assert typed("train", "synth_micro", "optim.lrr=1", "--lang", "en") == 2
    assert "there is no key optim.lrr; the nearest are optim.lr" in capsys.readouterr().err


def test_a_language_that_is_not_spoken_is_refused(capsys):
    assert typed("train", "synth_micro", "--lang", "fr") == 2
    assert "--lang" in capsys.readouterr().err


def test_diagnose_reads_what_was_trained(run, capsys):
    assert typed("diagnose", run, "--format", "json") in (0, 1)
    case = json.loads(capsys.readouterr().out)
    assert case["run"]["framework"] == "defib"
    assert case["run"]["classes"] == 10
    assert case["run"]["not_understood"] == []
    assert case["run"]["settings"]["max_epochs"]["value"] == 3
    assert case["verdict"] in {"healthy", "watch", "act", "rescue"}


def test_killed_and_resumed_it_ends_as_if_nothing_had_happened(tmp_path):
    words = [
        sys.executable,
        "-m",
        "defib",
        "train",
        "synth_micro",
        "data.train=60",
        "data.val=30",
        "train.max_epochs=4",
    ]
    whole, broken = tmp_path / "whole", tmp_path / "broken"
    subprocess.run([*words, f"work_dir={whole}"], check=True, capture_output=True)
    victim = subprocess.Popen([*words, f"work_dir={broken}"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    until = time.monotonic() + 120
    while not (broken / "last" / "state.pt").is_file() and time.monotonic() < until:
        time.sleep(0.02)
    victim.send_signal(signal.SIGKILL)
    assert victim.wait() == -signal.SIGKILL
    subprocess.run([*words, f"work_dir={broken}", "resume=true"], check=True, capture_output=True)
    one, other = (load_file(folder / "last" / "weights.safetensors") for folder in (whole, broken))
    assert all(torch.equal(one[name], other[name]) for name in one)


def test_a_table_of_held_out_scores(run, capsys, tmp_path):
    dump = tmp_path / "scores.npz"
    assert typed("test", run, "--flip", "--dump", dump, "--lang", "en") == 0
    shown = capsys.readouterr().out
    assert "30 held-out clips, synth10, 1 checkpoint(s)" in shown
    assert re.search(r"fused +\d+\.\d\d +± \d+\.\d", shown)
    assert f"Every score is in {dump}" in shown
    with np.load(dump) as kept:
        assert kept["scores_rgb"].shape == (30, 10)
        assert len(kept["name"]) == len(kept["label"]) == 30
    assert typed("diagnose", run, "--predictions", dump, "--format", "json") in (0, 1)


def test_two_checkpoints_are_averaged_by_weight(run, capsys, tmp_path):
    dumps = [tmp_path / f"{name}.npz" for name in ("best", "both")]
    assert typed("test", run / "best", "--dump", dumps[0]) == 0
    assert typed("test", run / "best", run / "last", "--weights", "1,0", "--dump", dumps[1]) == 0
    one, both = (np.load(path) for path in dumps)
    assert np.allclose(one["scores_rgb"], both["scores_rgb"], atol=1e-6)
    assert typed("test", run, run, "--weights", "1", "--lang", "en") == 2
    said = capsys.readouterr().err
    assert "--weights: expected 2 numbers from 0 with a sum above 0, one a checkpoint, found 1" in said


def test_checkpoints_of_other_clips_are_not_averaged(run, tmp_path, capsys):
    assert typed("train", "synth_micro", *SMALL, "data.val=20", f"work_dir={tmp_path}/b") == 0
    assert typed("test", run, tmp_path / "b", "--lang", "en") == 3
    said = capsys.readouterr().err
    assert "it cannot be averaged with the first checkpoint: 20 clips instead of 30, or others" in said


def test_a_folder_without_a_network_is_said_to_be_one(tmp_path, capsys):
    assert typed("test", tmp_path, "--lang", "en") == 3
    said = capsys.readouterr().err
    assert (
        "expected a work directory or a checkpoint folder of `defib train`, found neither best nor last in it" in said
    )
    assert typed("test", tmp_path / "nowhere", "--lang", "zh") == 3
    assert "它不存在" in capsys.readouterr().err
    save_file({"a": torch.zeros(1)}, tmp_path / "w.safetensors")
    assert typed("test", tmp_path / "w.safetensors", "--lang", "en") == 3
    assert "a file of weights without a recipe" in capsys.readouterr().err


def test_weights_of_another_trainer_are_tested_by_their_recipe(run, tmp_path, capsys):
    file = tmp_path / "theirs.pth"
    torch.save({"state_dict": load_file(run / "best" / "weights.safetensors")}, file)
    assert typed("test", file, "--recipe", "synth_micro", "--set", "data.val=30", "--lang", "en") == 0
    shown = capsys.readouterr().out
    assert re.search(r"Loaded (\d+) of \1 tensors from", shown)


def test_two_streams_become_one_network(tmp_path, capsys):
    for stream in ("rgb", "pose"):
        words = (f"model.streams=[{stream}]", f"evaluate.metric=val/top1/{stream}", "data.train=32", "data.val=20")
        assert typed("train", "synth_micro", *words, "train.max_epochs=1", f"work_dir={tmp_path}/{stream}") == 0
    merged = tmp_path / "merged.safetensors"
    assert typed("merge", tmp_path / "rgb", tmp_path / "pose/best", "-o", merged, "--lang", "en") == 0
    shown = capsys.readouterr().out
    assert re.search(r"backbone\.rgb_path\.conv1\.conv\.weight +8x3x1x7x7 +rgb", shown)
    assert "padded with zeros" in shown
    assert load_file(merged)["cls_head.fc_pose.weight"].shape[0] == 10
    assert typed("merge", tmp_path / "pose/best", tmp_path / "rgb/best", "-o", merged, "--lang", "en") == 3
    assert "expected a checkpoint of the rgb stream alone" in capsys.readouterr().err


def test_onnx_answers_as_torch_does(run, tmp_path, capsys):
    file = tmp_path / "model.onnx"
    assert typed("export", run, "-o", file, "--lang", "en") == 0
    shown = capsys.readouterr().out
    assert "inputs rgb [N, 3, 4, 40, 40], pose [N, 17, 16, 10, 10], outputs scores_rgb, scores_pose" in shown
    assert float(re.search(r"largest difference is ([\d.e-]+)\.\n", shown)[1]) < 1e-4


def test_an_export_that_answers_otherwise_is_refused(run, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("defib.action.training.exporting.MOST", -1.0)
    assert typed("export", run, "-o", tmp_path / "model.onnx", "--lang", "en") == 1
    assert "do not use this file" in capsys.readouterr().err


def test_what_is_done_in_a_video(run, filmed, tmp_path, capsys):
    video = min((filmed / "videos").iterdir())
    words = ("predict", video, "--checkpoint", run, "--top", 3, "--clips", 2, "--lang", "en", "--pose")
    assert typed(*words, filmed / "annotations.pkl") == 0
    shown = capsys.readouterr().out
    assert re.match(rf"{video.name}: .+ \(\d+\.\d %\)", shown)
    assert len(shown.strip().splitlines()) == 5
    one = pickle.loads((filmed / "annotations.pkl").read_bytes())["annotations"][0]
    alone = tmp_path / "alone.npz"
    np.savez(alone, keypoint=one["keypoint"], keypoint_score=one["keypoint_score"])
    assert typed(*words, alone) == 0
    assert capsys.readouterr().out == shown
    np.savez(alone, keypoint_score=one["keypoint_score"])
    assert typed(*words, alone) == 3
    assert "it has no keypoint. Expected a .skeleton of NTU RGB+D" in capsys.readouterr().err
    np.savez(alone, keypoint=one["keypoint"][0])
    assert typed(*words, alone) == 3
    assert "expected [M, T, K, 2] and [M, T, K] of numbers" in capsys.readouterr().err
    np.savez(alone, keypoint=one["keypoint"][:, :, :5], keypoint_score=one["keypoint_score"][:, :, :5])
    assert typed(*words, alone) == 3
    assert "--pose: expected 17, found 5" in capsys.readouterr().err


def test_videos_in_ntus_form(filmed, capsys):
    made = json.loads((filmed / "made.json").read_text(encoding="utf-8"))
    assert made["made up"] is True
    found = pickle.loads((filmed / "annotations.pkl").read_bytes())
    assert len(found["annotations"]) == 2 * 3 * 3
    assert {name[8:12] for name in found["split"]["xsub_val"]} == {"P003"}
    assert {name[4:8] for name in found["split"]["xview_val"]} == {"C001"}
    one = found["annotations"][0]
    assert one["keypoint"].shape == (1, one["total_frames"], 17, 2)
    words = ("data", "synth", filmed, "--classes", 3, "--persons", 3, "--size", "96x64", "--lang", "en")
    assert typed(*words) == 2
    assert "holds other made-up people (classes 2; asked for classes 3)" in capsys.readouterr().err
    assert typed("data", "synth", filmed, "--size", "10x7", "--lang", "en") == 2
    assert "--size: expected even numbers from 64x64 to 1920x1080" in capsys.readouterr().err


def test_an_interrupted_dataset_is_finished_and_is_the_same(filmed, tmp_path):
    words = ("--classes", 2, "--persons", 3, "--size", "96x64", "--jobs", 2)
    again = tmp_path / "data"
    assert typed("data", "synth", again, *words) == 0
    name = sorted(path.name for path in (again / "videos").iterdir())[3]
    before = (again / "videos" / name).read_bytes()
    (again / "videos" / name).unlink()
    (again / "annotations.pkl").unlink()
    assert typed("data", "synth", again, *words) == 0
    assert (again / "videos" / name).read_bytes() == before
    mine, theirs = (pickle.loads((folder / "annotations.pkl").read_bytes()) for folder in (again, filmed))
    assert mine["split"] == theirs["split"]
    for one, other in zip(mine["annotations"], theirs["annotations"], strict=True):
        assert (one["frame_dir"], one["label"]) == (other["frame_dir"], other["label"])
        assert np.array_equal(one["keypoint"], other["keypoint"])


def test_training_on_videos_and_on_a_store(filmed, tmp_path, capsys):
    common = ("synth_tiny", "taxonomy=synth2", "train.max_epochs=1", "train.batch=4", "train.workers=0")
    videos = (f"data.videos={filmed}/videos", f"data.annotations={filmed}/annotations.pkl")
    assert typed("train", *common, *videos, f"work_dir={tmp_path}/a") == 0
    held_out = pickle.loads((filmed / "annotations.pkl").read_bytes())["split"]["xsub_val"]
    (tmp_path / "bad.txt").write_text(f"clips that I do not trust:\n{held_out[0]}.skeleton\n", encoding="utf-8")
    capsys.readouterr()
    assert typed("test", tmp_path / "a", "--set", f"data.exclude={tmp_path}/bad.txt", "--lang", "en") == 0
    assert f"{len(held_out) - 1} held-out clips" in capsys.readouterr().out
    store = tmp_path / "store"
    words = (store, "--videos", filmed / "videos", "--annotations", filmed / "annotations.pkl", "--jobs", 1)
    assert typed("data", "prepare", *words, "--lang", "en") == 0
    assert f"18 clips are in {store}" in capsys.readouterr().out
    recipe = tmp_path / "store.yaml"
    recipe.write_text(
        f"work_dir: {tmp_path}/b\ntaxonomy: synth2\ndata: {{kind: store, store: {store}, pipeline: {{size: 64, test_size: 64}}}}\n"
        "model: {rgb_channels: 8, pose_channels: 8, rgb_blocks: [1, 1, 1, 1], pose_blocks: [1, 1, 1]}\n"
        "optim: {lr: 0.01}\ntrain: {max_epochs: 1, batch: 4, workers: 0}\n",
        encoding="utf-8",
    )
    assert typed("train", recipe) == 0
    assert typed("data", "check", recipe, "--lang", "en") == 0
    assert "videos not checked" in capsys.readouterr().out


def test_a_list_leaves_clips_out_of_every_command(filmed, tmp_path, capsys):
    found = pickle.loads((filmed / "annotations.pkl").read_bytes())
    for one in found["annotations"][:3]:
        one["keypoint"][:] = 0
    spoilt, store, out = tmp_path / "spoilt.pkl", tmp_path / "store", tmp_path / "bad.txt"
    spoilt.write_bytes(pickle.dumps(found))
    names = [one["frame_dir"] for one in found["annotations"][:3]]
    out.write_text("".join(f"{name}.skeleton\n" for name in names), encoding="utf-8")
    inside = len(found["split"]["xsub_train"]) - len(set(names) & set(found["split"]["xsub_train"]))
    assert inside < len(found["split"]["xsub_train"])
    data = ("--videos", filmed / "videos", "--annotations", spoilt)
    assert typed("data", "check", *data, "--taxonomy", "synth2", "--quick", "--jobs", 1, "--lang", "en") == 1
    assert "3 clips have no pose in any frame" in capsys.readouterr().out
    page = tmp_path / "page.html"
    words = ("data", "check", *data, "--taxonomy", "synth2", "--exclude", out, "--jobs", 1, "-o", page)
    heard = (
        ("en", f"Left out: the clips that {out} names.", "15 clips"),
        ("zh", f"已排除 {out} 中列出的片段。", "15 个片段"),
    )
    for language, said, left in heard:
        assert typed(*words, "--lang", language) == 0
        shown = " ".join(capsys.readouterr().out.split())
        assert left in shown
        assert said.replace(" ", "") in shown.replace(" ", "")
        assert said in page.read_text(encoding="utf-8")
    assert typed("data", "prepare", store, *data, "--exclude", out, "--jobs", 2, "--lang", "en") == 0
    assert f"15 clips are in {store}" in capsys.readouterr().out
    common = (
        "synth_tiny",
        "taxonomy=synth2",
        "train.max_epochs=1",
        "train.batch=4",
        "train.workers=0",
        f"data.exclude={out}",
    )
    words = ("train", *common, f"data.videos={filmed}/videos", f"data.annotations={spoilt}", f"work_dir={tmp_path}/a")
    assert typed(*words, "--lang", "en") == 0
    assert f"on {inside} clips for 1 epochs" in capsys.readouterr().out
    recipe = json.loads((tmp_path / "a" / "recipe.json").read_text(encoding="utf-8"))
    assert recipe["data"]["exclude"] == str(out)
    for language, said in (("en", "none of its 3 names is a clip of"), ("zh", "其中 3 个名称都不是")):
        words = (
            "data",
            "prepare",
            tmp_path / "b",
            "--videos",
            filmed / "videos",
            "--annotations",
            filmed / "annotations.pkl",
        )
        out.write_text("a\nb\nc\n", encoding="utf-8")
        assert typed(*words, "--exclude", out, "--lang", language) == 3
        assert said in capsys.readouterr().err


def test_data_is_checked_and_shown(filmed, tmp_path, capsys):
    page = tmp_path / "check.html"
    words = (
        "data",
        "check",
        "--videos",
        filmed / "videos",
        "--annotations",
        filmed / "annotations.pkl",
        "--taxonomy",
        "synth2",
    )
    assert typed(*words, "--jobs", 1, "-o", page, "--lang", "en") == 0
    shown = capsys.readouterr().out
    assert "18 clips, synth2; 18 videos looked at; sides and bones judged on 18 clips" in shown
    assert "Nothing was found that would stop or spoil a training." in shown
    text = page.read_text(encoding="utf-8")
    assert text.count("data:image/jpeg;base64,") == 2
    assert "http" not in text.replace("http-equiv", "")
    assert typed(*words, "--quick", "--jobs", 1, "-o", page, "--lang", "zh") == 0
    assert '<html lang="zh-CN">' in page.read_text(encoding="utf-8")
    assert (
        typed("data", "check", "--annotations", filmed / "annotations.pkl", "--taxonomy", "ntu60", "--lang", "en") == 0
    )
    assert "58 classes have no clip in xsub_val" in " ".join(capsys.readouterr().out.split())  # a note, no failure


def test_strange_names_do_nothing_on_the_page(filmed, tmp_path):
    found = pickle.loads((filmed / "annotations.pkl").read_bytes())
    for one in found["annotations"]:
        one["frame_dir"] = f"<script>x</script>{one['frame_dir']}"
        one["label"] += 5
    strange = tmp_path / "strange.pkl"
    strange.write_bytes(pickle.dumps({"annotations": found["annotations"]}))
    page = tmp_path / "page.html"
    assert typed("data", "check", "--annotations", strange, "--taxonomy", "synth2", "-o", page) == 1
    text = page.read_text(encoding="utf-8")
    assert "<script>" not in text
    assert "&lt;script&gt;" in text


def test_data_to_check_has_to_be_named(capsys):
    assert typed("data", "check", "--lang", "en") == 2
    assert "--annotations: expected a recipe, or --annotations with or without --videos" in capsys.readouterr().err
    assert typed("data", "check", "synth_micro", "--lang", "zh") == 2
    assert "micro 类型的片段是现场绘制的" in capsys.readouterr().err


def test_clips_that_cannot_be_prepared_are_named(filmed, tmp_path, capsys):
    videos = tmp_path / "videos"
    videos.mkdir()
    for path in (filmed / "videos").iterdir():
        (videos / path.name).write_bytes(path.read_bytes())
    names = sorted(path.name for path in videos.iterdir())
    for name in names[:12]:
        (videos / name).unlink()
    words = ("--videos", videos, "--annotations", filmed / "annotations.pkl", "--jobs", 1, "--lang", "en")
    assert typed("data", "prepare", tmp_path / "store", *words) == 1
    shown = capsys.readouterr().out
    assert "12 clips were left out:" in shown
    assert "... and 2 more" in shown
    assert f"{names[0][:20]}: " in shown


def test_a_config_of_mmaction2_becomes_a_recipe(tmp_path, capsys):
    made = tmp_path / "mine.yaml"
    config = SAMPLES / "seed" / "pcan_ntu60_95target.py"
    assert typed("from-mmaction2", config, "-o", made, "--lang", "en") == 0
    shown = capsys.readouterr().out
    assert re.search(r"optim_wrapper\.optimizer\.lr +optim\.lr +0\.008", shown)
    assert "Nothing was left over." in shown
    from defib.action.training import recipe

    read = recipe.read(str(made))
    assert (read.optim.lr, read.train.max_epochs, read.schedule.warmup_epochs) == (0.008, 100, 5)
    assert read.loss.weights == (1.0, 1.5, 0.5, 1.2)
    assert read.data.pipeline.area_range == (0.4, 1.0)
    assert typed("from-mmaction2", config, "--lang", "zh") == 0
    both = capsys.readouterr()
    assert both.out.startswith("# Translated from pcan_ntu60_95target.py")
    assert "没有执行其中任何内容" in both.err


def test_what_a_recipe_has_no_place_for_is_listed(capsys):
    assert typed("from-mmaction2", SAMPLES / "frameworks" / "mmcv.py", "--lang", "en") == 0
    said = capsys.readouterr().err
    assert "1 settings have no place in a recipe; look through them:" in said
    assert "model.backbone.pretrained = None" in said


def test_a_config_of_another_network_is_refused(tmp_path, capsys):
    other = tmp_path / "other.py"
    other.write_text("model = dict(backbone=dict(type='SwinTransformer3D'))\n", encoding="utf-8")
    assert typed("from-mmaction2", other, "--lang", "en") == 3
    said = capsys.readouterr().err
    assert "cannot be translated: its backbone is SwinTransformer3D; expected RGBPoseConv3D or ResNet3dSlowOnly" in said
    other.write_text("a = 1\n", encoding="utf-8")
    assert typed("from-mmaction2", other, "--lang", "zh") == 3
    assert "其中没有 model.backbone" in capsys.readouterr().err


WITHOUT = "import sys; sys.modules['torch'] = None; from defib.cli import main; main(sys.argv[1:])"


@pytest.mark.parametrize(
    "words",
    [
        ("train", "synth_micro"),
        ("test", "run"),
        ("merge", "a.pth", "b.pth"),
        ("predict", "a.mp4", "--pose", "a.skeleton", "--checkpoint", "run"),
        ("export", "run"),
        ("from-mmaction2", str(SAMPLES / "seed" / "pcan_ntu60_95target.py")),
        ("data", "check", "synth_tiny"),
    ],
)
def test_without_torch_a_command_says_what_to_install(words, tmp_path):
    for language, said in (
        ("en", "torch is not installed: it is an extra, pip install 'defib[action"),
        ("zh", "没有安装 torch"),
    ):
        done = subprocess.run(
            [sys.executable, "-c", WITHOUT, *words, "--lang", language],
            capture_output=True,
            text=True,
            cwd=tmp_path,
            check=False,
        )
        assert done.returncode == 3, done.stderr
        assert said in done.stderr


def test_a_module_that_is_not_the_trainers_is_not_called_an_extra():
    from defib.action.errors.training import TrainerMissing
    from defib.cli.trainer.needed import trainer

    def missing(name):
        with trainer():
            raise ModuleNotFoundError(name=name)

    with pytest.raises(TrainerMissing, match=r"onnxscript is not installed: .*'defib\[action,export\]'"):
        missing("onnxscript")
    with pytest.raises(ModuleNotFoundError):
        missing("somebody_elses")


def test_a_signal_to_every_process_saves_and_leaves(tmp_path):
    """A cluster's SIGTERM reaches the workers too, and a training without its workers could not save."""
    small = ("data.train=60", "data.val=60", "train.workers=2", "train.max_epochs=40", "train.batch=8")
    words = [sys.executable, "-m", "defib", "train", "synth_micro", *small, f"work_dir={tmp_path}"]
    asked = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True)
    until = time.monotonic() + 120
    while not (tmp_path / "best" / "state.pt").is_file() and time.monotonic() < until:
        time.sleep(0.02)
    os.killpg(asked.pid, signal.SIGTERM)
    shown, _ = asked.communicate(timeout=60)
    assert asked.returncode == 128 + signal.SIGTERM, shown
    assert "resume=true" in shown
    state = torch.load(tmp_path / "last" / "state.pt", weights_only=True)
    assert 0 < state["position"] < 40


def test_made_up_clips_of_ten_classes_want_a_taxonomy_of_ten(run, tmp_path, capsys):
    assert typed("train", "synth_micro", *SMALL, "taxonomy=synth4", f"work_dir={tmp_path}/a", "--lang", "en") == 3
    assert "data.kind=micro: label 4 is outside of 0 to 3 (synth4)" in capsys.readouterr().err
    assert typed("test", run, "--recipe", "synth_micro", "--set", "taxonomy=synth4", "--lang", "zh") == 3
    assert "标签 4 不在 0 到 3 之间" in capsys.readouterr().err
