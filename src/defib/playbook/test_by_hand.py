import pytest

from defib.playbook.by_hand import by_hand
from defib.playbook.plays.lr_one_notch_down import lr_one_notch_down
from defib.playbook.start import start_edits
from defib.records import Start
from defib.samples import run_of
from defib.words import same

START = Start(epoch=4.0, metric="val/top1", value=60.0, path="best.ckpt", state="ready", says=same("x"))
RATES = {"val/top1": [1.0, 2.0, 3.0], "train/lr": [0.05, 0.1, 0.02]}


def found(framework, curves=RATES, **fields):
    run = run_of(curves, framework=framework, **fields)
    edits = lr_one_notch_down(run, None) + start_edits(run, "runs/best.ckpt", None)
    return {one.key: one for one in by_hand(run, START, "runs/best.ckpt", edits)}


@pytest.mark.parametrize(
    ("framework", "place"),
    [("keras", "compile"), ("huggingface", "TrainingArguments"), ("lightning", "configure_optimizers")],
)
def test_a_rate_in_code_is_lowered_from_its_logged_peak_where_the_framework_keeps_it(framework, place):
    rate = found(framework)["lr"]
    assert (rate.old, rate.new) == (0.1, 0.08)
    assert place in rate.where.en


def test_the_start_is_loaded_by_hand_where_no_key_names_it():
    assert found("keras")["load_from"].new == "runs/best.ckpt"
    tree = {"trainer": {"max_epochs": 9}, "model": {"class_path": "m.M", "init_args": {"lr": 0.1}}}
    lightning = found("lightning", config=tree, dialect="yaml")
    assert list(lightning) == ["load_from"]
    assert "state_dict" in lightning["load_from"].where.zh


def test_nothing_is_left_to_a_person_that_the_config_takes():
    tree = {"model": "a.pt", "lr0": 0.3, "epochs": 100, "optimizer": "SGD"}
    assert found("ultralytics", config=tree, dialect="yaml") == {}
    assert "load_from" not in found("mmengine")


def test_a_rate_that_was_not_logged_is_not_made_up():
    assert "lr" not in found("keras", {"val/top1": [1.0]})


def test_an_automatic_optimizer_of_ultralytics_leaves_the_rate_to_a_person():
    tree = {"model": "a.pt", "lr0": 0.3, "epochs": 100, "optimizer": "auto"}
    rate = found("ultralytics", config=tree, dialect="yaml")["lr"]
    assert rate.old == 0.1
    assert "optimizer" in rate.where.en


def test_a_checkpoint_that_nobody_saw_has_no_name():
    run = run_of(RATES, framework="keras")
    start = Start(metric="val/top1", state="unseen", says=same("x"))
    (edit,) = by_hand(run, start, None, ())
    assert edit.new is None
    assert by_hand(run, Start(metric="val/top1", state="none", says=same("x")), None, ()) == ()


def test_a_start_without_a_name_is_filled_in_where_the_config_takes_it():
    tree = {"model": "a.pt", "lr0": 0.3, "epochs": 100, "optimizer": "SGD"}
    run = run_of(RATES, framework="ultralytics", config=tree, dialect="yaml")
    (edit,) = by_hand(run, Start(metric="val/top1", state="unseen", says=same("x")), None, ())
    assert edit.where.en == "model in the new config"
