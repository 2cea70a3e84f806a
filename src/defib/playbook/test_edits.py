import msgspec

from defib.playbook.edits import ORDER, all_plays, choose
from defib.records import Cause, Evidence, Fact
from defib.samples import run_of
from defib.words import same

CONFIG = {
    "optim_wrapper": {"optimizer": {"type": "SGD", "lr": 0.1}, "clip_grad": {"max_norm": 40}},
    "param_scheduler": [
        {"type": "LinearLR", "begin": 0, "end": 5},
        {"type": "CosineAnnealingLR", "T_max": 95, "begin": 5, "end": 100},
        {"type": "MultiStepLR", "milestones": [30], "gamma": 25.0},
    ],
    "train_cfg": {"max_epochs": 100},
}


def cause(name, standing="likely", event=False, explains=("val_collapse",)):  # noqa: FBT002
    return Cause(cause=name, standing=standing, says=same(name), event=event, explains=explains)


def keys(causes, profile="minimal"):
    return [edit.key for edit in choose(run_of({"val/top1": [1.0]}, config=CONFIG), causes, profile)]


def test_an_event_leaves_constants_alone():
    step = Fact(metric="param_scheduler.2.gamma", value=25.0)
    evidence = Evidence(strength="strong", measured=same("a step"), means=same("a jump"), facts=(step,))
    jump = msgspec.structs.replace(cause("schedule_event", event=True), for_=(evidence,))
    assert keys([jump, cause("lr_too_high")]) == ["schedule_factor"]


def test_without_an_event_the_likely_constant_is_treated():
    assert keys([cause("schedule_event", "possible", event=True), cause("lr_too_high")]) == ["lr"]


def test_possible_causes_are_left_to_the_conservative_profile():
    assert keys([cause("lr_too_high", "possible")]) == []
    assert "lr" in keys([cause("lr_too_high", "possible")], "conservative")


def test_what_is_ruled_out_is_never_treated():
    assert "lr" not in keys([cause("lr_too_high", "ruled-out")], "conservative")


def test_a_trap_that_explains_nothing_is_not_treated():
    assert keys([cause("lr_too_high", explains=())]) == []


def test_each_site_belongs_to_one_edit():
    found = choose(run_of({"val/top1": [1.0]}, config=CONFIG), [cause("lr_too_high")], "conservative")
    paths = [site.path for edit in found for site in edit.sites]
    assert len(paths) == len(set(paths))
    last = {site.path: site.new for edit in found for site in edit.sites}
    assert last["param_scheduler.1.T_max"] == 50


def test_a_setting_is_changed_once():
    usual = Fact(metric="usual_grad_norm", value=3.8)
    evidence = Evidence(strength="strong", measured=same("norms"), means=same("usual"), facts=(usual,))
    loose = msgspec.structs.replace(cause("clip_too_loose"), for_=(evidence,))
    found = choose(run_of({"val/top1": [1.0]}, config=CONFIG), [loose], "conservative")
    clips = [(edit.old, edit.new) for edit in found if edit.key == "clip"]
    assert clips == [(40, 3.8)]  # halving it to 20 is no decision any more


def test_every_play_has_a_place_in_the_order():
    assert {stem for play in all_plays().values() for stem in play.changes} <= set(ORDER)
