import pytest

from defib.measures import MEASURES
from defib.naming import ALONE, metric_name
from defib.samples import run_of
from defib.terms import CASED, NAMED, term


@pytest.mark.parametrize("measure", sorted(set(MEASURES) - set(ALONE)))
def test_every_measure_has_a_term_in_both_languages(measure):
    for said in (term(measure).en, term(measure).zh):
        assert said
        assert "_" not in said


def test_every_term_is_of_a_measure_that_there_is():
    assert set(NAMED) | set(CASED) <= set(MEASURES)


def test_a_metric_is_called_by_its_term_and_its_data():
    run = run_of({"val/miou": [1.0], "test/wer": [1.0], "train/perplexity": [1.0]})
    assert metric_name(run, "val/miou").en == "validation mIoU"
    assert metric_name(run, "test/wer").zh == "测试集 WER"
    assert metric_name(run, "train/perplexity").zh == "训练集困惑度"
    assert metric_name(run, "val/odd").en == "val/odd"
