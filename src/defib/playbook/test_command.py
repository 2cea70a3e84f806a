from defib.playbook.command import command, monitor
from defib.records import Launch
from defib.samples import run_of


def run(gpus=2, cwd="/data/mmaction2", **launch):
    return run_of({"val/top1": [1.0]}, config={}, launch=Launch(gpus=gpus, cwd=cwd, **launch))


def test_several_gpus_use_the_frameworks_launcher():
    found = command(run(), "/data/mmaction2/configs/a_rescue.py", "work_dirs/a_rescue")
    expected = ("bash", "tools/dist_train.sh", "configs/a_rescue.py", "2", "--work-dir", "work_dirs/a_rescue")
    assert found.words == expected
    assert found.environment == {"CUDA_VISIBLE_DEVICES": "0,1"}
    assert found.missing == ()


def test_one_process_calls_the_script_itself():
    found = command(run(1), "/data/mmaction2/a.py", None)
    assert found.words == ("python", "tools/train.py", "a.py")
    assert found.environment == {}


def test_the_gpus_of_the_run_are_kept():
    assert command(run(gpu_ids="2,3"), "a.py", None).environment == {"CUDA_VISIBLE_DEVICES": "2,3"}


def test_an_unknown_number_of_gpus_is_asked_for_and_never_guessed():
    found = command(run(None), "a.py", None)
    assert found.words == ("bash", "tools/dist_train.sh", "a.py", "<GPUS>")
    assert found.environment == {}
    for language in ("en", "zh"):
        assert "--gpus N" in found.missing[-1].said(language)
        assert "<GPUS>" in found.missing[-1].said(language)


def test_without_a_config_there_is_no_command():
    assert "--config" in command(run_of({"val/top1": [1.0]}), None, None).missing[0].en


def test_an_unknown_folder_is_said():
    assert "fill it in" in command(run(cwd=None), "a.py", None).missing[0].en


def test_a_path_with_spaces_or_a_semicolon_is_one_word():
    assert "work dirs/a; rm" in command(run(), "a.py", "work dirs/a; rm").words
    assert all("'work dirs/a; rm'" in line for line in monitor(run(), "work dirs/a; rm"))


def test_the_score_that_decides_is_looked_for_in_mmengines_console():
    coco = run_of({"val/map": [1.0]}, config={"train_cfg": {}}, framework="mmengine")
    score = coco.get(coco.deciding).raw
    assert f"grep -F {score}" in monitor(coco, "work_dirs/a")[1]


def test_nothing_is_monitored_where_the_log_is_not_mmengines():
    assert monitor(run_of({"val/top1": [1.0]}), "work_dirs/a") == ()
