import pytest

from defib.settings import at, has, steps

TREE = {"a": [{"b": 1}, {"b": None}], "c": {"d": 2}}


def test_a_dotted_path_leads_through_dicts_and_lists():
    assert at(TREE, "a.0.b") == 1
    assert has(TREE, "a.1.b")


@pytest.mark.parametrize("path", ["a.2.b", "a.x", "c.d.e", "z"])
def test_a_path_that_leads_nowhere_is_said(path):
    assert not has(TREE, path)
    with pytest.raises(KeyError):
        at(TREE, path)


def test_a_single_step_counts_as_a_list_of_one():
    assert steps(TREE, "c") == [("c", {"d": 2})]
    assert [path for path, _ in steps(TREE, "a")] == ["a.0", "a.1"]
