import pytest

from defib.errors import NotACase
from defib.reading.run import read, read_case
from defib.records import Case, Checkup, to_json
from defib.samples import run_of
from defib.words import same

SAMPLE = '{"run": {"framework": "table", "path": "a.md", "series": []}, "verdict": "healthy", "checkup": {}}'


def saved(folder):
    run = run_of({"val/top1": [10.0, 20.0]})
    path = folder / "case.json"
    path.write_bytes(to_json(Case(run=run, checkup=Checkup(), verdict="healthy", says=same("fine"))))
    return path


def test_a_saved_case_gives_its_run_back(tmp_path):
    path = saved(tmp_path)
    assert read(path, observed_at=9.0).get("val/top1").value.tolist() == [10, 20]
    assert read(path).path == "made-up"
    assert read_case(path).verdict == "healthy"


@pytest.mark.parametrize("spoil", [lambda data: data[:-20], lambda data: data.replace(b'"healthy"', b'"splendid"')])
def test_what_only_looks_like_a_case_is_refused(tmp_path, spoil):
    path = saved(tmp_path)
    path.write_bytes(spoil(path.read_bytes()))
    with pytest.raises(NotACase, match=r"case\.json"):
        read(path)
    with pytest.raises(NotACase):
        read_case(path)


@pytest.mark.parametrize(
    "text", ["", "{}", '{"lr": 0.1, "loss": 1.0, "step": 3}\n', '{"run": "mine", "step": 3}', "\0\1"]
)
def test_other_files_are_no_case(tmp_path, text):
    path = tmp_path / "other.json"
    path.write_text(text)
    assert read_case(path) is None


def test_no_file_is_no_case(tmp_path):
    assert read_case(tmp_path / "gone.json") is None
