import pytest

from defib.reading.dumped import left_beside


def put(folder, *names):
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()


@pytest.mark.parametrize(
    ("framework", "log", "name"),
    [
        ("ultralytics", "results.csv", "args.yaml"),
        ("timm", "summary.csv", "args.yaml"),
        ("lightning", "version_0/metrics.csv", "version_0/config.yaml"),
        ("lightning", "version_0/metrics.csv", "version_0/hparams.yaml"),
        ("detectron2", "metrics.json", "config.yaml"),
        ("table", "log.csv", ".hydra/config.yaml"),
    ],
)
def test_what_a_framework_leaves_beside_its_log_is_found(tmp_path, framework, log, name):
    put(tmp_path, log, name)
    assert left_beside(tmp_path, framework, (log,)) == tmp_path / name


def test_what_can_start_a_run_goes_before_a_dump(tmp_path):
    put(tmp_path, "metrics.csv", "hparams.yaml", "config.yaml", ".hydra/config.yaml")
    assert left_beside(tmp_path, "lightning", ("metrics.csv",)).name == "config.yaml"


@pytest.mark.parametrize("framework", ["table", "huggingface", "keras"])
def test_a_file_of_another_programs_name_is_not_taken(tmp_path, framework):
    put(tmp_path, "log.csv", "args.yaml", "config.yaml")
    assert left_beside(tmp_path, framework, ("log.csv",)) is None


def test_a_folder_of_that_name_is_no_config(tmp_path):
    (tmp_path / "args.yaml").mkdir()
    assert left_beside(tmp_path, "ultralytics", ("results.csv",)) is None
