import pytest

from defib.alerting.news import Told
from defib.alerting.remembered import load, place, save
from defib.errors import CannotWrite


def test_what_was_told_is_known_to_the_next_watcher(tmp_path):
    told = Told(verdict="rescue", since=12.0)
    save(tmp_path, told)
    assert load(tmp_path) == told
    assert [path.name for path in (tmp_path / ".defib").iterdir()] == ["alerts.json"]


def test_a_log_by_itself_has_a_file_of_its_own(tmp_path):
    log = tmp_path / "a.jsonl"
    log.write_text("")
    save(log, Told(stalled=True))
    assert place(log).name == "a.jsonl.alerts.json"
    assert load(log).stalled
    assert load(tmp_path) == Told()


@pytest.mark.parametrize("held", [b"", b"{", b"\xff\xfe", b'{"verdict": 3}', b"[]"])
def test_a_file_that_is_none_of_ours_is_as_none(tmp_path, held):
    place(tmp_path).parent.mkdir()
    place(tmp_path).write_bytes(held)
    assert load(tmp_path) == Told()


def test_what_cannot_be_written_is_said(tmp_path):
    (tmp_path / ".defib").write_text("a file")
    with pytest.raises(CannotWrite) as refused:
        save(tmp_path, Told())
    assert "alerts.json" in refused.value.words.en
