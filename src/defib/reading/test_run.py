import os
from pathlib import Path

import pytest

from defib.errors import NoSuchPath, NothingReadable
from defib.reading.below import runs_below
from defib.reading.run import all_formats, find_config, read

ROW = '{"lr": 0.1, "loss": 2.0, "epoch": 1, "step": 10, "data_time": 0.1}\n'
DEMO = Path(__file__).parents[1] / "demo" / "runs" / "mmaction2-lr-jump"


def work_dir(path):
    (path / "20260101_000000" / "vis_data").mkdir(parents=True)
    (path / "20260101_000000" / "vis_data" / "scalars.json").write_text(ROW)
    (path / "20260101_000000" / "vis_data" / "config.py").write_text("a = 1\n")
    return path


def test_a_missing_path_is_wrong_usage(tmp_path):
    with pytest.raises(NoSuchPath):
        read(tmp_path / "gone")
    with pytest.raises(NoSuchPath):
        read(Path("zero\0byte"))


def test_an_empty_directory_is_called_one(tmp_path):
    with pytest.raises(NothingReadable, match="an empty directory"):
        read(tmp_path)


def test_what_was_found_is_named_in_both_languages(tmp_path):
    for name in ("a.png", "notes.txt"):
        (tmp_path / name).write_text("nothing of interest\n")
    with pytest.raises(NothingReadable) as refused:
        read(tmp_path)
    assert "2 files: a.png, notes.txt" in refused.value.words.en
    assert "2 个文件：a.png、notes.txt" in refused.value.words.zh


@pytest.mark.parametrize("content", [b"", b"\0\1\2" * 900, b"\xff\xfe\xfd hello", b"x" * 3_000_000, b"[" * 200_000])
def test_rubbish_is_refused_in_one_sentence(tmp_path, content):
    path = tmp_path / "log.txt"
    path.write_bytes(content)
    with pytest.raises(NothingReadable) as refused:
        read(path)
    assert len(str(refused.value)) < 1_000
    assert "\n" not in str(refused.value)


def test_a_pipe_is_refused_rather_than_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(NothingReadable):
        read(tmp_path / "pipe")
    with pytest.raises(NothingReadable):
        read(tmp_path)


def test_links_out_of_the_folder_are_not_followed(tmp_path):
    work_dir(tmp_path / "outside")
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "linked").symlink_to(tmp_path / "outside")
    (tmp_path / "run" / "scalars.json").symlink_to(
        tmp_path / "outside" / "20260101_000000" / "vis_data" / "scalars.json"
    )
    with pytest.raises(NothingReadable):
        read(tmp_path / "run")


def test_a_format_is_recognised_by_content_and_not_by_name(tmp_path):
    path = tmp_path / "picture.dat"
    path.write_text(ROW)
    assert read(path).framework == "mmengine"


def test_what_powershell_writes_is_read(tmp_path):
    path = tmp_path / "log.txt"
    path.write_bytes(ROW.encode("utf-16"))
    assert read(path).records == 1


def test_the_last_checkpoint_file_names_one_where_nothing_better_is_known(tmp_path):
    work_dir(tmp_path)
    (tmp_path / "last_checkpoint").write_text("/data/run/epoch_4.pth")
    (found,) = read(tmp_path).checkpoints
    assert (found.path, found.epoch, found.state) == ("epoch_4.pth", 4.0, "listed")


def test_the_config_at_the_root_wins_over_the_dump(tmp_path):
    work_dir(tmp_path)
    assert find_config(tmp_path) == tmp_path / "20260101_000000" / "vis_data" / "config.py"
    (tmp_path / "mine.py").write_text("a = 1\n")
    assert find_config(tmp_path) == tmp_path / "mine.py"
    assert find_config(DEMO) == DEMO / "lrjump_full.py"


def test_a_folder_without_a_config_has_none(tmp_path):
    assert find_config(tmp_path) is None


def test_runs_below_a_folder_are_found_and_a_run_has_none_below(tmp_path):
    for name in ("b", "a"):
        work_dir(tmp_path / name)
    (tmp_path / "empty").mkdir()
    assert runs_below(tmp_path) == [tmp_path / "a", tmp_path / "b"]
    assert runs_below(tmp_path / "a") == []
    assert runs_below(tmp_path / "a" / "20260101_000000") == []
    assert runs_below(tmp_path / "gone") == []


def test_every_format_has_its_own_rank_and_speaks_both_languages():
    found = all_formats()
    assert {"case", "metrics_jsonl", "mmengine", "table"} <= set(found)
    assert len({one.rank for one in found.values()}) == len(found)
    assert all(one.says.en and one.says.zh and one.name == name for name, one in found.items())


def test_a_run_knows_when_the_newest_of_its_files_was_written(tmp_path):
    for age, name in ((300, "scalars.json"), (100, "epoch_1.pth"), (0, "notes.md")):
        (tmp_path / name).write_text(ROW if name.endswith(".json") else "kept for later")
        os.utime(tmp_path / name, (1e9 - age, 1e9 - age))
    assert read(tmp_path).written_at == 1e9 - 100
    assert read(tmp_path / "scalars.json").written_at == 1e9 - 300


def test_what_was_typed_was_never_written():
    assert read(None, text=ROW).written_at is None


def test_when_files_were_written_says_nothing_about_an_earlier_moment(tmp_path):
    (tmp_path / "scalars.json").write_text(ROW + ROW.replace("10", "20"))
    run = read(tmp_path / "scalars.json")
    assert run.records == 2
    assert run.prefix(2).written_at is not None
    assert run.prefix(1).written_at is None
