"""A text is made once, and made again where what was kept is not whole."""

import pytest

from defib import cache


@pytest.fixture
def makes(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    made = []

    def make():
        made.append(1)
        return "text\nof two lines\n"

    return make, made


def test_a_text_is_made_once(makes):
    make, made = makes
    assert cache.kept("a.js", make) == cache.kept("a.js", make) == "text\nof two lines\n"
    assert made == [1]
    assert [path.name for path in cache.folder().iterdir()] == ["a.js"]


def test_another_name_is_another_text(makes):
    make, made = makes
    cache.kept("a-1.js", make)
    cache.kept("a-2.js", make)
    assert made == [1, 1]


@pytest.mark.parametrize("spoilt", [b"", b"\n", b"text\nof two lines\n", None])
def test_what_is_not_whole_is_made_again(makes, spoilt):
    make, made = makes
    cache.kept("a.js", make)
    path = cache.folder() / "a.js"
    path.write_bytes(path.read_bytes()[:-3] if spoilt is None else spoilt)
    assert cache.kept("a.js", make) == "text\nof two lines\n"
    assert made == [1, 1]


def test_where_nothing_can_be_kept_it_is_made_each_time(makes, tmp_path):
    make, made = makes
    (tmp_path / "defib").write_text("a file where the folder should be")
    assert cache.kept("a.js", make) == cache.kept("a.js", make)
    assert made == [1, 1]
