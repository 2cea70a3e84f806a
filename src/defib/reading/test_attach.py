import contextlib
import shutil
from pathlib import Path

import msgspec
import pytest

import defib
from defib.errors import ConfigSyntax, DefibError, NoSuchPath
from defib.reading import read, with_checkpoints, with_config
from defib.records import Checkpoint, Place

DEMO = Path(defib.__file__).parent / "demo" / "runs" / "mmaction2-lr-jump"
TABLE = "| Epoch | RGB |\n|---|---|\n| 1 | 40.0 |\n| 2 | 45.0 |\n"


@pytest.fixture
def folder(tmp_path):
    return Path(shutil.copytree(DEMO, tmp_path / "run"))


def table():
    return read(None, text=TABLE)


# ------------------------------------------------------------------------------------------------ the config


def test_the_config_in_the_work_directory_is_parsed_and_its_settings_are_read():
    run = with_config(read(DEMO), DEMO, None)
    assert Path(run.config.path).name == "lrjump_full.py"
    assert run.setting("lr") == 0.02


def test_the_config_that_is_named_wins(folder, tmp_path):
    named = tmp_path / "other.py"
    named.write_text("optim_wrapper = dict(optimizer=dict(type='SGD', lr=0.125))\n", encoding="utf-8")
    run = with_config(read(folder), folder, named)
    assert Path(run.config.path).name == "other.py"
    assert run.setting("lr") == 0.125


def test_without_a_config_a_run_stays_as_it_is(tmp_path):
    run = table()
    assert with_config(run, None, None) is run
    assert with_config(run, tmp_path, None) is run
    assert with_config(run, tmp_path / "history.md", None) is run


def test_a_run_that_brings_its_config_keeps_it(folder):
    run = with_config(read(folder), folder, None)
    assert with_config(run, folder, None) is run


def test_a_named_config_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(NoSuchPath) as refused:
        with_config(table(), None, tmp_path / "gone.py")
    assert "gone.py" in refused.value.words.en
    assert "gone.py" in refused.value.words.zh


def test_a_directory_is_no_config(tmp_path):
    with pytest.raises(NoSuchPath):
        with_config(table(), None, tmp_path)


def test_a_config_that_is_no_python_is_refused(tmp_path):
    path = tmp_path / "a.py"
    path.write_text("model = dict(\n", encoding="utf-8")
    with pytest.raises(ConfigSyntax):
        with_config(table(), None, path)


def test_a_config_of_another_kind_is_noted_and_not_guessed(tmp_path):
    path = tmp_path / "a.ini"
    path.write_text("lr = 0.1\n", encoding="utf-8")
    run = with_config(table(), None, path)
    assert run.config is None
    assert run.settings == {}
    (note,) = run.notes
    assert "a.ini" in note.en
    assert "a.ini" in note.zh


def test_a_config_in_a_data_format_gives_its_settings_and_their_lines(tmp_path):
    path = tmp_path / "a.yaml"
    path.write_text("# mine\noptimizer:\n  lr: 0.25\nepochs: 40\n", encoding="utf-8")
    run = with_config(table(), None, path)
    assert (run.setting("lr"), run.setting("max_epochs")) == (0.25, 40)
    assert run.config.lines["optimizer.lr"] == 3
    assert run.notes == table().notes


def test_an_inherited_setting_is_evidence_with_the_base_file_and_its_line(tmp_path):
    (tmp_path / "sub").mkdir()
    (tmp_path / "base.yaml").write_text("# theirs\noptimizer:\n  lr: 0.25\n", encoding="utf-8")
    path = tmp_path / "sub" / "a.yaml"
    path.write_text("_BASE_: ../base.yaml\nepochs: 40\n", encoding="utf-8")
    run = with_config(table(), None, path)
    assert run.setting_fact("lr").value == 0.25
    assert run.setting_fact("lr").place == Place(file="../base.yaml", line=3)
    assert run.setting_fact("max_epochs").place == Place(file="a.yaml", line=2)
    assert run.notes == table().notes


def test_what_a_program_left_beside_its_log_is_read_and_a_broken_one_takes_nothing(tmp_path):
    (tmp_path / ".hydra").mkdir()
    left = tmp_path / ".hydra" / "config.yaml"
    left.write_text("optimizer:\n  lr: 0.25\n", encoding="utf-8")
    run = with_config(table(), tmp_path, None)
    assert run.setting("lr") == 0.25
    assert any("written by the program" in note.en for note in run.notes)
    left.write_text("a: [1\n", encoding="utf-8")
    assert with_config(table(), tmp_path, None).config is None
    with pytest.raises(ConfigSyntax):
        with_config(table(), tmp_path, left)


def test_a_config_is_never_executed(tmp_path):
    path, trace = tmp_path / "a.py", tmp_path / "trace"
    path.write_text(f"lr = 0.1\nopen({str(trace)!r}, 'w')\n", encoding="utf-8")
    with contextlib.suppress(DefibError):
        with_config(table(), None, path)
    assert not trace.exists()


def test_the_folder_of_the_scripts_is_found_above_the_config_only_when_the_log_is_silent(folder, tmp_path):
    (tmp_path / "tools").mkdir()
    (tmp_path / "tools" / "dist_train.sh").touch()
    config = folder / "lrjump_full.py"
    assert with_config(table(), None, config).launch.cwd == str(tmp_path.resolve())
    assert with_config(read(folder), folder, config).launch.cwd == "/data/mmaction2"


# ------------------------------------------------------------------------------------------------ the checkpoints


def test_a_checkpoint_that_is_not_on_disk_stays_listed():
    run = read(DEMO)
    assert {one.state for one in with_checkpoints(run, DEMO).checkpoints} == {"listed"}


def test_a_checkpoint_of_rubbish_is_broken_and_keeps_its_name(folder):
    (folder / "epoch_12.pth").write_bytes(b"x" * 10)
    found = {one.path: one for one in with_checkpoints(read(folder), folder).checkpoints}
    assert found["epoch_12.pth"].state == "broken"
    assert found["epoch_12.pth"].epoch == 12
    assert found["epoch_12.pth"].problem.zh
    assert found["epoch_13.pth"].state == "listed"


def test_a_real_checkpoint_is_ready_and_what_is_inside_wins_over_its_name(folder):
    torch = pytest.importorskip("torch")
    path = folder / "epoch_12.pth"
    torch.save({"state_dict": {"w": torch.ones(2)}, "meta": {"epoch": 11, "iter": 330}}, path)
    found = {one.path: one for one in with_checkpoints(read(folder), folder).checkpoints}
    assert (found["epoch_12.pth"].state, found["epoch_12.pth"].epoch, found["epoch_12.pth"].step) == ("ready", 11, 330)


def test_a_checkpoint_that_vanished_since_the_listing_is_not_ready(folder):
    gone = msgspec.structs.replace(read(folder), checkpoints=(Checkpoint(path="epoch_5.pth", epoch=5.0),))
    (one,) = with_checkpoints(gone, folder).checkpoints
    assert one.state != "ready"


@pytest.mark.parametrize("path", [None, DEMO / "files.txt"])
def test_outside_a_work_directory_nothing_is_looked_into(path):
    run = read(DEMO)
    assert with_checkpoints(run, path) is run
