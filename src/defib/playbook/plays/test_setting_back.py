from defib.playbook.plays.setting_back import setting_back
from defib.records import Cause, Edit, Evidence, Fact, Place
from defib.samples import run_of
from defib.words import same

CONFIG = {"model": {"cls_head": {"loss_components": ["rgb", "pose"], "loss_weights": [1.0, 30.0]}}}


def cause(key, value):
    was = Fact(metric=key, value=value, place=Place(file="best/recipe.json"))
    seen = Evidence(
        strength="strong", measured=same("it changed"), means=same("suspect"), facts=(was, Fact(metric=key, value=30.0))
    )
    return Cause(cause="setting_changed", standing="likely", says=same("changed"), for_=(seen,))


def run():
    return run_of({"val/top1": [1.0]}, config=CONFIG)


def test_the_value_with_which_it_went_well_comes_back():
    (edit,) = setting_back(run(), cause("loss_weight.pose", 1.5))
    assert (edit.key, edit.old, edit.new, edit.risk) == ("loss_weight.pose", 30.0, 1.5, "safe")
    assert "best/recipe.json" in edit.why.en


def test_gives_up_where_nothing_is_named_or_it_is_there_no_longer():
    assert setting_back(run(), None) == ()
    assert setting_back(run(), cause("clip", 40.0)) == ()
    assert setting_back(run(), cause("loss_weight.pose", 30.0)) == ()


def test_what_was_decided_before_stays():
    before = Edit(key="loss_weight.pose", old=30.0, new=1.0, why=same("reference"), risk="ask", play="other")
    assert setting_back(run(), cause("loss_weight.pose", 1.5), (before,)) == ()
