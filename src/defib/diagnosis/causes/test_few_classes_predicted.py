import numpy as np

from defib.diagnosis.causes.few_classes_predicted import few_classes_predicted
from defib.predictions import Table, summarise
from defib.predictions.test_made_up_tables import answers_of, labels_of, scores_of, table
from defib.records import Checkup
from defib.samples import run_of

LABELS = labels_of(1200, 12)


def opinion(found):
    return few_classes_predicted(run_of({"val/top1": [20.0]}, predictions=found), Checkup())


def of(labels, classes, **answers):
    return opinion(summarise(table(labels, classes, **answers)))


def test_a_model_that_says_two_classes_of_twelve_is_likely():
    found = of(LABELS, 12, fused=np.where(LABELS % 2, 3, 7))
    assert found.standing == "likely"
    assert found.explains == ()
    assert "predicts 2 of 12 classes" in found.for_[0].measured.en
    assert "融合只预测少数几个类别" in found.says.zh
    assert found.for_[0].facts[0].place.file == "made-up.npz"


def test_one_class_alone_is_found_without_labels_too():
    found = of(None, 12, pose=np.zeros(1200, dtype=int))
    assert found.standing == "likely"
    assert "class 0 alone takes 100%" in found.for_[0].measured.en


def test_a_branch_with_other_classes_than_the_labels_is_looked_at_by_itself():
    both = {"rgb": scores_of(LABELS, 12), "coarse": scores_of(np.zeros(1200, dtype=int), 8)}
    found = opinion(summarise(Table(file="a", form="npz", scores=both, labels=LABELS)))
    assert "coarse" in found.says.en


def test_stays_quiet_on_a_model_that_is_wrong_about_all_classes():
    assert of(LABELS, 12, fused=labels_of(1200, 12, 9)) is None


def test_stays_quiet_on_a_model_that_prefers_some_classes():
    for seed in range(20):
        draw = np.random.default_rng(seed)
        said = np.where(draw.random(1200) < 0.5, draw.integers(0, 4, 1200), answers_of(LABELS, 12, 0.6, seed))
        assert of(LABELS, 12, fused=said) is None


def test_stays_quiet_where_the_samples_hold_few_classes_themselves():
    two = LABELS % 2
    assert of(two, 60, fused=answers_of(two, 2, 0.9)) is None
    assert of(np.zeros(1200, dtype=int), 60, fused=np.zeros(1200, dtype=int)) is None
    rare = np.where(np.arange(1200) < 15, 1, 0)
    assert of(rare, 12, fused=np.zeros(1200, dtype=int)) is None


def test_stays_quiet_on_few_samples():
    assert of(LABELS[:29], 12, fused=np.zeros(29, dtype=int)) is None
    assert of(None, 12, fused=np.zeros(119, dtype=int)) is None


def test_stays_quiet_without_predictions_and_where_no_score_is_finite():
    assert few_classes_predicted(run_of({"val/top1": [20.0]}), Checkup()) is None
    nothing = Table(file="a", form="npz", scores={"rgb": np.full((1200, 12), np.nan, "f4")}, labels=LABELS)
    assert opinion(summarise(nothing)) is None
