import shutil
from pathlib import Path

import pytest

import defib
from defib import catalogue
from defib.errors import CannotJudge, NoPoints, NoSuchPath, NotACase, NothingReadable
from defib.reading import find_config, formats, read, read_case, runs_below
from defib.reading.format import Format
from defib.reading.run import OURS
from defib.reading.source import Source
from defib.records import Case, Checkup, to_json
from defib.words import same

DEMO = Path(defib.__file__).parent / "demo" / "runs" / "mmaction2-lr-jump"
FORMATS = catalogue.entries(formats, Format)
TABLE = "| Epoch | RGB |\n|---|---|\n| 1 | 40.0 |\n| 2 | 45.0 |\n"
SCALARS = '{"lr": 0.1, "loss": 1.0, "epoch": 1, "step": 10}\n{"acc/top1": 0.5, "step": 1}\n'


def refused(kind, path, **options):
    """Read what cannot be read; the message is whole in both languages."""
    with pytest.raises(kind) as caught:
        read(path, **options)
    words = caught.value.words
    for text in (words.en, words.zh):
        assert "{" not in text.replace(str(path), ""), text
        assert "None" not in text
        assert len(text) < 2_000
    assert caught.value.exit_code in (2, 3)
    return words


def work_dir(folder, text=SCALARS):
    path = folder / "20240101_000000" / "vis_data" / "scalars.json"
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding="utf-8")
    return folder


# ------------------------------------------------------------------------------------------------ what is refused


def test_a_path_that_is_not_there(tmp_path):
    words = refused(NoSuchPath, tmp_path / "gone")
    assert "gone" in words.en
    assert "gone" in words.zh
    assert "不存在" in words.zh


def test_an_empty_directory_says_that_it_is_empty(tmp_path):
    words = refused(NothingReadable, tmp_path)
    assert "empty" in words.en
    assert "空" in words.zh


def test_a_directory_of_other_things_says_what_was_found(tmp_path):
    (tmp_path / "holiday.jpg").write_bytes(b"\xff\xd8\xff\0")
    words = refused(NothingReadable, tmp_path)
    assert "holiday.jpg" in words.en
    assert "holiday.jpg" in words.zh


def test_an_empty_file_says_that_it_is_empty(tmp_path):
    path = tmp_path / "a.log"
    path.touch()
    words = refused(CannotJudge, path)
    assert "empty" in words.en
    assert "空" in words.zh


def test_empty_standard_input_says_that_it_is_empty():
    words = refused(CannotJudge, None, text="")
    assert "empty" in words.en
    assert "空" in words.zh


def test_a_picture_is_refused_without_printing_it(tmp_path):
    path = tmp_path / "a.png"
    path.write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256)) * 100)
    words = refused(NothingReadable, path)
    assert "\0" not in words.en
    assert len(words.en) < 1_000


def test_random_bytes_are_refused(tmp_path):
    path = tmp_path / "a.log"
    path.write_bytes(bytes((index * 7919 + 13) % 251 + 5 for index in range(100_000)))
    refused(CannotJudge, path)


def test_a_log_without_numbers_is_refused_with_its_lines_counted():
    words = refused(NoPoints, None, text="2024/01/01 00:00:00 - mmengine - INFO - Hello\n" * 7)
    assert "7" in words.en
    assert "7" in words.zh


def test_a_log_of_unknown_names_is_refused_with_the_names():
    words = refused(CannotJudge, None, text='{"PCQ": 0.5, "data_time": 1.0, "time": 1.0, "step": 1}\n' * 3)
    assert "PCQ" in words.en
    assert "PCQ" in words.zh


# ------------------------------------------------------------------------------------------------ saved answers


def test_a_saved_case_gives_its_run_back(tmp_path):
    run = read(DEMO)
    path = tmp_path / "case.json"
    path.write_bytes(to_json(Case(run=run, checkup=Checkup(), verdict="watch", says=same("made up"))))
    assert read_case(path).verdict == "watch"
    assert read(path).get("val/top1/fused").value.tolist() == run.get("val/top1/fused").value.tolist()


def test_a_saved_case_that_is_cut_off_is_no_case(tmp_path):
    path = tmp_path / "case.json"
    path.write_bytes(to_json(Case(run=read(DEMO), checkup=Checkup(), verdict="watch", says=same("made up")))[:-100])
    words = refused(NotACase, path)
    assert "case.json" in words.en
    assert "case.json" in words.zh
    with pytest.raises(NotACase):
        read_case(path)


@pytest.mark.parametrize(
    "text",
    ['{"run": 5, "verdict": "watch"}', '{"run":{"framework":[]},"verdict":"watch"}', '{"run": {}, "verdict": "joy"}'],
)
def test_what_only_looks_like_a_case_is_no_case(tmp_path, text):
    path = tmp_path / "case.json"
    path.write_text(text, encoding="utf-8")
    refused(NotACase, path)


@pytest.mark.parametrize("text", ["", "[]", TABLE, SCALARS, '{"run": 1, "loss": 2.0, "step": 3}\n', "\0\0"])
def test_other_files_hold_no_case(tmp_path, text):
    path = tmp_path / "a.json"
    path.write_text(text, encoding="utf-8")
    assert read_case(path) is None


# ------------------------------------------------------------------------------------------------ what is read


def test_standard_input_is_read_under_its_name():
    run = read(None, text=TABLE, observed_at=12.5)
    assert (run.path, run.files, run.observed_at) == ("-", ("-",), 12.5)


def test_a_file_is_judged_by_its_content_and_not_by_its_name(tmp_path):
    path = tmp_path / "scalars.json"
    path.write_text(TABLE, encoding="utf-8")
    assert read(path).framework == "table"


@pytest.mark.parametrize(
    "part", ["", "20240101_000000", "20240101_000000/vis_data", "20240101_000000/vis_data/scalars.json"]
)
def test_any_part_of_a_work_directory_may_be_named(tmp_path, part):
    run = read(work_dir(tmp_path) / part)
    assert run.framework == "mmengine"
    assert run.get("val/top1").value.tolist() == [50]
    assert run.path == str(tmp_path / part)


def test_a_work_directory_with_a_console_log_alone_is_read(tmp_path):
    stamp = tmp_path / "20261122_104320"
    stamp.mkdir()
    shutil.copy(DEMO / "20261122_104320" / "20261122_104320.log", stamp)
    run = read(tmp_path)
    assert len(run.get("val/top1/fused")) == 13
    assert run.launch.cwd == "/data/mmaction2"


def test_checkpoints_of_the_real_run_are_those_of_its_listing():
    found = {one.path: one for one in read(DEMO).checkpoints}
    assert {name: one.epoch for name, one in found.items()} == {
        "best_acc_rgb_top1_epoch_9.pth": 9,
        "epoch_12.pth": 12,
        "epoch_13.pth": 13,
    }
    assert {one.state for one in found.values()} == {"listed"}
    assert found["best_acc_rgb_top1_epoch_9.pth"].best_of == "acc/rgb_top1"
    assert found["epoch_12.pth"].size == 288878659


def test_a_checkpoint_on_disk_is_unseen_until_it_is_looked_into(tmp_path):
    folder = tmp_path / "run"
    shutil.copytree(DEMO, folder)
    (folder / "epoch_12.pth").write_bytes(b"x" * 10)
    found = {one.path: one for one in read(folder).checkpoints}
    assert (found["epoch_12.pth"].state, found["epoch_12.pth"].size) == ("unseen", 10)
    assert found["epoch_13.pth"].state == "listed"


def test_reading_writes_nothing(tmp_path):
    folder = tmp_path / "run"
    shutil.copytree(DEMO, folder)
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*")}
    read(folder)
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*")} == before


def test_runs_below_a_folder_are_found_and_others_are_not(tmp_path):
    for name in ("b", "a"):
        (tmp_path / name).mkdir()
        work_dir(tmp_path / name)
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "epoch_1.pth").touch()
    assert runs_below(tmp_path) == [tmp_path / "a", tmp_path / "b"]
    assert runs_below(tmp_path / "a") == []
    assert runs_below(tmp_path / "gone") == []
    assert runs_below(tmp_path / "notes") == []


def test_the_config_is_the_copy_at_the_top(tmp_path):
    folder = tmp_path / "run"
    shutil.copytree(DEMO, folder)
    assert find_config(folder) == folder / "lrjump_full.py"


def test_without_a_copy_the_config_is_the_newest_dump(tmp_path):
    for stamp in ("20240101_000000", "20240103_000000", "20240102_000000"):
        (tmp_path / stamp / "vis_data").mkdir(parents=True)
        (tmp_path / stamp / "vis_data" / "config.py").touch()
    assert find_config(tmp_path) == tmp_path / "20240103_000000" / "vis_data" / "config.py"


def test_a_rescue_config_is_not_the_config_of_the_run(tmp_path):
    (tmp_path / "a_rescue.py").write_bytes(OURS + b" 0.1\n")
    assert find_config(tmp_path) is None


# ------------------------------------------------------------------------------------------------ formats


EXAMPLES = {
    "case": to_json(
        Case(run=read(None, text=TABLE), checkup=Checkup(), verdict="watch", says=same("made up"))
    ).decode(),
    "metrics_jsonl": '{"kind": "start", "format": 1}\n{"kind": "val", "step": 1, "epoch": 1, "values": {"val/top1": 5.0}}\n',
    "mmengine": SCALARS,
    "mmcv": '{"env_info": "made up"}\n{"mode": "train", "epoch": 1, "iter": 10, "lr": 0.1, "loss": 1.0}\n',
    "mmcv_text": "2021-12-07 13:57:47,101 - mmdet - INFO - Epoch [1][10/20]\tlr: 0.1, loss: 1.0\n",
    "detectron2": '{"iteration": 19, "total_loss": 1.0, "data_time": 0.1, "lr": 0.1}\n',
    "pyslowfast": 'json_stats: {"_type": "val_epoch", "epoch": "1/2", "top1_err": 50.0}\n',
    "jsonl_log": '{"train_lr": 0.1, "train_loss": 1.0, "test_acc1": 50.0, "epoch": 0}\n',
    "json_lines": '{"step": 5, "train_loss": 1.0, "test_acc": 0.5}\n',
    "timm": "epoch,train_loss,eval_loss,eval_top1\n",
    "lightning": "epoch,step,train_loss\n0,9,\n",
    "ultralytics": "epoch,train/box_loss,metrics/mAP50(B)\n",
    "keras": "epoch,loss,val_loss\n",
    "huggingface": '{"log_history": [{"step": 1, "loss": 2.0}',
    "table": TABLE,
    "yolo_text": "0/9 1.8G 0.1 0.1 0.1 0.3 30 640 0.6 0.5 0.6 0.4 0.1 0.1 0.1\n",
    "json_history": '{"loss": [2.0, 1.0], "val_loss": [2.0, 1.5]}\n',
    "delimited": "total_timesteps\teprewmean\n100\t-5.0\n200\t-4.0\n",
    "name_value": "epoch 1 loss: 3\nepoch 2 loss: 2\nepoch 3 loss: 1\n",
}


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_format_recognises_its_own_and_no_other(name):
    source = Source("-", text=EXAMPLES[name])
    assert [form.name for form in FORMATS.values() if form.recognises(source)] == [name]


def test_there_is_an_example_of_every_format():
    assert set(EXAMPLES) == set(FORMATS)


def test_a_message_names_every_place_that_was_looked_at(tmp_path):
    words = refused(NothingReadable, tmp_path)
    for expected in ("mmengine", "metrics.jsonl"):
        assert expected in words.en
        assert expected in words.zh
