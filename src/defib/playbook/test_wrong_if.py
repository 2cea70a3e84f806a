import pytest

from defib.playbook.wrong_if import wrong_if
from defib.records import Cause, Checkup, Edit, Fact, Incident, Point, Start
from defib.samples import run_of
from defib.words import same


def limits(key, values, begin, edits=(), causes=()):
    run = run_of({key: values})
    best = Fact(metric=key, value=begin, at=Point(epoch=2.0))
    checkup = Checkup(incident=Incident(key=key, onset=Point(epoch=3.0), rule="val_collapse", best=best))
    return wrong_if(run, checkup, causes, Start(epoch=2.0, metric=key, value=begin, says=same("x")), edits)


@pytest.mark.parametrize(
    ("key", "values", "begin", "limit"),
    [
        ("val/top1", [30.0, 57.45, 20.0], 57.45, "48.80%"),
        ("val/error1", [70.0, 40.0, 90.0], 40.0, "49.00%"),  # 15 % of the 60 that were right
        ("val/loss", [0.01, 0.002, 3.0], 0.002, "0.0023"),
    ],
)
def test_a_restart_is_stopped_below_a_limit_in_numbers(key, values, begin, limit):
    start, again = limits(key, values, begin)
    for language in ("en", "zh"):
        assert limit in start.said(language)
        assert limit in again.said(language)
    assert "the weights were not loaded" in start.en
    assert "权重没有加载成功" in start.zh
    assert "first 3 validations" in again.en
    assert "第 3 次验证" in again.zh


def test_the_edits_that_must_show_are_named_as_a_person_says_them():
    edit = Edit(key="lr", old=0.1, new=0.05, why=same("x"), play="lr_one_notch_down")
    start = Edit(key="load_from", new="a.pth", why=same("x"), play="start_from_best")
    said = limits("val/top1", [30.0, 57.0, 20.0], 57.0, edits=(edit, start))[1]
    assert "(learning rate)" in said.en
    assert "（学习率）" in said.zh


def test_a_suspicion_that_no_setting_cures_names_its_probe_last():
    fault = Cause(
        cause="x", standing="possible", says=same("labels"), verdict="escalate", missing=(same("one"), same("two"))
    )
    said = limits("val/top1", [30.0, 57.0, 20.0], 57.0, causes=(fault,))[-1]
    assert "labels: then this plan would only hide it" in said.en
    assert "one；two" in said.zh


def test_without_a_value_there_is_no_limit():
    run = run_of({"val/top1": [30.0]})
    assert wrong_if(run, Checkup(), (), Start(metric="val/top1", says=same("x")), ()) == ()
