"""Groupings that are whole, and refusals of those that are not."""

import numpy as np
import pytest

from defib.action.errors.model import ClassesDiffer, TaxonomyRefused
from defib.action.taxonomy import KNOWN, ROOT, Taxonomy, from_file, ma52, ntu60, ntu60_tree8, ntu120, states, to_file


@pytest.mark.parametrize(
    ("name", "sizes"),
    [
        ("ntu60", [40, 9, 11]),
        ("ntu60_tree8", [14, 8, 9, 2, 7, 3, 6, 11]),
        ("ntu120", [82, 12, 26]),
        ("ma52", [5, 6, 13, 8, 6, 10, 4]),
    ],
)
def test_the_known_groupings_have_their_sizes(name, sizes):
    found = KNOWN[name]()
    assert found.name == name
    assert np.bincount(found.groups).tolist() == sizes


def test_names_stand_at_their_label():
    assert ntu60().fine[:2] == ("drink water", "eat meal/snack")
    assert (ntu60().fine[42], ntu60().coarse[ntu60().groups[42]]) == ("falling", "health")
    assert ntu120().fine[59:62] == ("walking apart from each other", "put on headphone", "take off headphone")
    assert ntu120().coarse[ntu120().groups[102]] == "health"
    assert ntu60_tree8().coarse[ntu60_tree8().groups[34]] == "head"


def test_a_grouping_of_our_own_says_so():
    assert [name for name, made in KNOWN.items() if not made().published] == ["ntu60_tree8"]


@pytest.mark.parametrize(
    ("fine", "coarse", "groups", "said"),
    [
        ("ab", "xy", (0, 0), "group 1 (y) has no classes"),
        ("ab", "xy", (0, 2), "class 1 (b) belongs to group 2"),
        ("ab", "xy", (0, -1), "belongs to group -1"),
        ("ab", "x", (0,), "2 classes but 1 places"),
        ("aa", "x", (0, 0), "two classes are called a"),
        ("", "", (), "no classes"),
    ],
)
def test_what_does_not_fit_together_is_refused(fine, coarse, groups, said):
    with pytest.raises(TaxonomyRefused) as refused:
        Taxonomy("made-up", tuple(fine), tuple(coarse), groups)
    assert said in refused.value.words.en
    assert "made-up" in refused.value.words.zh


def test_labels_that_are_no_classes_are_refused_with_the_first():
    ntu60().check([0, 59], "train")
    for labels in ([0, 60], [-1]):
        with pytest.raises(ClassesDiffer, match="outside of 0 to 59") as refused:
            ntu60().check(labels, "xsub_train")
        assert "xsub_train" in refused.value.words.zh


def test_a_file_holds_a_taxonomy_whole(tmp_path):
    path = tmp_path / "a.json"
    path.write_bytes(to_file(ntu60_tree8()))
    assert from_file(path) == ntu60_tree8()


@pytest.mark.parametrize(
    "text", ["", "[]", '{"name": 1}', '{"name": "a", "fine": ["a"], "coarse": ["x"], "groups": [0], "more": 1}']
)
def test_a_file_that_is_none_is_refused(text, tmp_path):
    path = tmp_path / "a.json"
    path.write_text(text)
    with pytest.raises(TaxonomyRefused, match="expected a JSON object"):
        from_file(path)
    with pytest.raises(TaxonomyRefused):
        from_file(tmp_path / "missing.json")


def test_the_states_of_a_tree_are_the_ways_to_its_root():
    assert states((ROOT, ROOT, 0, 0, 1)).astype(int).tolist() == [
        [1, 0, 0, 0, 0],
        [0, 1, 0, 0, 0],
        [1, 0, 1, 0, 0],
        [1, 0, 0, 1, 0],
        [0, 1, 0, 0, 1],
    ]
    assert states((ROOT, 0, 1)).sum() == 6  # any depth
    with pytest.raises(TaxonomyRefused, match="its own ancestor"):
        states((1, 0))


def test_ma52_has_no_names_to_be_shifted():
    assert ma52().fine[0] == "A01"
    assert len(ma52().fine) == 52


def test_the_nodes_of_the_classes_stand_behind_those_of_the_groups():
    found = ntu60()
    assert len(found.fine_nodes) == 60
    assert [found.parents[node] for node in found.fine_nodes] == list(found.groups)
