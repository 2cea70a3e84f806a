import numpy as np

from defib.predictions.table import NOTHING, Table, winners
from defib.predictions.test_made_up_tables import scores_of


def made_up(**scores):
    return Table(file="a", form="npz", scores=scores, labels=None)


def test_a_row_without_finite_scores_predicts_nothing():
    rows = np.array([[1, 2, 0], [np.nan, 9, 0], [np.inf, 0, 0], [-np.inf, 1, 0]], dtype=np.float32)
    assert winners(rows).tolist() == [1, NOTHING, NOTHING, NOTHING]


def test_the_classes_are_those_of_the_fused_scores():
    one = made_up(fused=scores_of([0], 12), coarse=scores_of([0], 8), wide=scores_of([0], 99))
    assert (one.samples, one.classes) == (1, 12)
    assert one.streams == {}


def test_without_fused_scores_the_classes_are_the_most_of_any_branch():
    one = made_up(rgb=scores_of([0, 1], 60), rgb_coarse=scores_of([0, 1], 8), pose=scores_of([0, 1], 60))
    assert one.classes == 60
    assert list(one.streams) == ["rgb", "pose"]
