from functools import partial

import numpy as np
import pytest

from defib.reading.predictions import stacking
from defib.reading.predictions.problems import Unfit
from defib.reading.predictions.stacking import checked, stacked

TWO = np.array([0.25, 0.75])


def rows(*labels, scores=None):
    return [({"fused": TWO} if scores is None else scores, label, None) for label in labels]


def unfit(of, *given):
    with pytest.raises(Unfit) as caught:
        of("a", "npz", *given)
    words = caught.value.reason
    assert "{" not in words.en + words.zh
    assert words.en != words.zh
    return words.en


def test_samples_become_columns():
    table = stacked(
        "a", "jsonl", [({"rgb": TWO, "pose": TWO[::-1]}, 1.0, "one"), ({"rgb": TWO, "pose": TWO}, 0.0, "two")]
    )
    assert table.scores["pose"].tolist() == [[0.75, 0.25], [0.25, 0.75]]
    assert (table.labels.tolist(), table.names) == ([1, 0], ("one", "two"))


def test_a_sample_without_a_branch_that_others_have_is_named():
    assert "sample 1" in unfit(stacked, [({"rgb": TWO}, 0.0, None), ({"pose": TWO}, 0.0, None)])


def test_rows_that_differ_in_length_are_named():
    said = unfit(stacked, [({"rgb": TWO}, 0.0, None), ({"rgb": np.ones(3)}, 0.0, None)])
    assert "rgb of sample 1 has 3 values" in said


def test_some_labels_are_worse_than_none():
    assert "sample 1 has no label" in unfit(stacked, rows(0.0, None, 1.0))
    assert stacked("a", "jsonl", rows(None, None)).labels is None


@pytest.mark.parametrize("label", [0.5, np.nan, np.inf, 2.0**60])
def test_a_label_that_is_no_whole_number_is_named(label):
    assert "label of sample 1" in unfit(stacked, rows(0.0, label))


def test_labels_below_zero_or_beyond_the_classes_are_kept_but_not_where_all_are():
    assert stacked("a", "jsonl", rows(-1.0, 7.0)).labels.tolist() == [-1, 7]
    assert stacked("a", "jsonl", rows(-1.0, -1.0)).labels is None
    assert stacked("a", "jsonl", rows(np.nan, np.nan)).labels is None


def test_names_count_only_where_every_sample_has_one():
    table = stacked("a", "jsonl", [({"rgb": TWO}, 0.0, "one"), ({"rgb": TWO}, 0.0, None)])
    assert table.names is None


def test_columns_of_different_length_are_named():
    scores = {"rgb": np.ones((3, 2)), "pose": np.ones((4, 2))}
    assert "pose has 4 samples, rgb has 3" in unfit(checked, scores, None, None)
    assert "label has 2 samples, rgb has 3" in unfit(checked, {"rgb": np.ones((3, 2))}, np.zeros(2), None)
    assert "name has 1 samples, rgb has 3" in unfit(checked, {"rgb": np.ones((3, 2))}, None, ["a"])


@pytest.mark.parametrize("shape", [(3,), (0, 2), (3, 1), (3, 0), (3, 2, 2)])
def test_scores_that_are_no_table_of_samples_and_classes_are_refused(shape):
    assert str(list(shape)) in unfit(checked, {"rgb": np.ones(shape)}, None, None)


def test_more_branches_than_any_model_has_are_refused():
    many = {f"b{one}": np.ones((2, 2)) for one in range(stacking.MOST_BRANCHES + 1)}
    assert "17 branches" in unfit(checked, many, None, None)


def test_more_samples_than_are_read_one_by_one_are_refused_when_the_first_too_many_comes():
    seen = []

    def endless():
        while True:
            seen.append(1)
            yield {"fused": TWO}, 0.0, None

    assert "more than the 5 samples" in unfit(partial(stacked, most=5), endless())
    assert len(seen) == 6
