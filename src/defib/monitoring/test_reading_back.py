import msgspec
import pytest

from defib.monitoring import reading_back
from defib.records import Edit, Event, Plan, Point, Site, Start
from defib.samples import run_of
from defib.words import same

CONFIG = {
    "optim_wrapper": {"optimizer": {"lr": 0.005, "weight_decay": 0.0005}, "clip_grad": {"max_norm": 20}},
    "train_cfg": {"max_epochs": 50},
}
START = Start(epoch=11.0, metric="val/top1", value=57.45, says=same("x"))


OLD = run_of({"val/top1": [4.0, 30.0, 57.45]})


def read_back(plan, new, old=OLD):
    return reading_back.read_back(plan, new, old)


def edit(key, new):
    return Edit(key=key, new=new, why=same("x"), play="p")


def plan(*edits):
    return Plan(profile="minimal", start_from=START, edits=edits)


def new(curves=None, config=CONFIG, events=()):
    return msgspec.structs.replace(run_of(curves or {"train/lr": [0.005]}, config=config), events=tuple(events))


EDITS = (edit("lr", 0.005), edit("weight_decay", 5e-4), edit("clip", 20.0), edit("max_epochs", 50))


def test_a_plan_that_arrived_has_no_mismatch_and_says_what_was_checked():
    found = read_back(plan(*EDITS, edit("resume", False)), new({"train/lr": [0.00499], "val/top1": [55.0]}))
    assert found.mismatches == ()
    assert found.checked == ("lr", "weight_decay", "clip", "max_epochs", "rate", "validation")


@pytest.mark.parametrize(
    ("key", "value", "planned", "found"), [("clip", 10, "10", "20"), ("max_epochs", 100, "100", "50")]
)
def test_an_edit_that_did_not_arrive_is_shown_with_both_values(key, value, planned, found):
    (words,) = read_back(plan(edit(key, value)), new()).mismatches
    for language in ("en", "zh"):
        assert planned in words.said(language)
        assert found in words.said(language)
    assert "the running config has" in words.en
    assert "实际运行的配置" in words.zh


@pytest.mark.parametrize("rate", [0.008, 0.5, 0.0005])
def test_a_schedule_that_was_restored_in_secret_shows_in_the_first_rate(rate):
    (words,) = read_back(plan(*EDITS), new({"train/lr": [rate, rate]})).mismatches
    assert "the old schedule may have been restored" in words.en
    assert "可能恢复了旧的调度" in words.zh


def test_a_warm_up_begins_low_and_a_cosine_falls():
    config = {**CONFIG, "param_scheduler": [{"type": "LinearLR", "begin": 0, "end": 5}]}
    assert read_back(plan(*EDITS), new({"train/lr": [0.0005]}, config=config)).mismatches == ()
    assert read_back(plan(*EDITS), new({"train/lr": [0.0045]})).mismatches == ()


def test_without_a_config_or_a_rate_nothing_is_claimed_to_be_checked():
    found = read_back(plan(*EDITS), new({"train/loss": [1.0]}, config=None))
    assert found == ((), ())


def test_weights_that_were_not_loaded_show_in_the_first_validation():
    (words,) = read_back(plan(), new({"val/top1": [8.0]})).mismatches
    assert "8.00%" in words.en
    assert "57.45%" in words.en
    assert "权重没有加载成功" in words.zh
    assert read_back(plan(), new({"val/top1": [50.0]})).mismatches == ()


@pytest.mark.parametrize(
    ("kind", "en", "zh"),
    [("resumed", "though the plan starts it anew", "重新开始"), ("not-matched", "did not match", "不匹配")],
)
def test_the_console_tells_what_was_loaded(kind, en, zh):
    found = read_back(plan(), new(events=[Event(kind="loaded", text="a.pth"), Event(kind=kind, text="said so")]))
    (words,) = found.mismatches
    assert en in words.en
    assert "said so" in words.en
    assert zh in words.zh
    assert "start" in found.checked


def stepped(power, *, action="set"):
    """A plan whose edit is no setting by itself, beside a run that holds `power`."""
    site = Site(path="param_scheduler.0.power", old=25.0, new=1.0)
    edits = [Edit(key="schedule_power", new=1.0, why=same("x"), play="p", sites=(site,))]
    if action != "set":
        gone = Site(path="train_pipeline.2", old={}, action=action)
        edits.append(Edit(key="color_jitter", why=same("x"), play="p", sites=(gone,)))
    config = {**CONFIG, "param_scheduler": [{"type": "PolyLR", "power": power}]}
    return read_back(plan(*edits), new(config=config))


def test_what_is_no_setting_is_read_back_where_it_was_written():
    assert stepped(1.0).mismatches == ()
    assert "schedule_power" in stepped(1.0).checked
    (words,) = stepped(25.0).mismatches
    assert "param_scheduler.0.power: planned 1, the running config has 25" in words.en


def test_places_in_lists_that_may_have_moved_are_not_compared():
    assert stepped(25.0, action="delete").mismatches == ()


def test_a_shaky_first_epoch_is_no_mismatch_and_a_fresh_network_is():
    assert read_back(plan(), new({"val/top1": [35.0]})).mismatches == ()
    (words,) = read_back(plan(), new({"val/top1": [25.0]})).mismatches
    assert "the weights were not loaded" in words.en
    (words,) = read_back(plan(), new({"val/top1": [35.0]}), run_of({"train/loss": [1.0]})).mismatches
    assert "权重没有加载成功" in words.zh


@pytest.mark.parametrize(("score", "fits"), [(57.45, True), (50.0, True), (45.0, False), (4.0, False)])
def test_what_the_start_scored_before_the_first_step_is_held_to_its_own_score(score, fits):
    event = Event(
        kind="first-evaluation", at=Point(epoch=0.0), record=0, text=f"val/top1 {score:.2f} before the first step"
    )
    found = read_back(plan(), new({"train/lr": [0.005]}, events=[event]))
    assert (found.mismatches == ()) == fits
    assert "validation" in found.checked


def test_what_another_metric_scored_before_the_first_step_says_nothing():
    event = Event(kind="first-evaluation", at=Point(epoch=0.0), record=0, text="val/loss 4.00 before the first step")
    assert "validation" not in read_back(plan(), new(events=[event])).checked
