import pytest

from defib.playbook.plays.clip_to_usual import clip_to_usual
from defib.records import Cause, Evidence, Fact
from defib.samples import run_of
from defib.words import same


def edits(config, dialect="mmengine", usual=4.23):
    facts = (Fact(metric="train/grad_norm", value=900.0), Fact(metric="usual_grad_norm", value=usual))
    seen = Evidence(strength="strong", measured=same("a spike"), means=same("loose"), facts=facts)
    cause = Cause(cause="clip_too_loose", standing="likely", says=same("loose"), for_=(seen,))
    return clip_to_usual(run_of({"val/top1": [1.0]}, config=config, dialect=dialect), cause)


def mmengine(**more):
    return {"optim_wrapper": {"optimizer": {"type": "SGD", "lr": 0.1}, **more}}


RECIPE = {"optim": {"lr": 0.1, "clip": None}, "train": {"max_epochs": 3}, "data": {"kind": "micro"}}
LIGHTNING = {"model": {"class_path": "Net"}, "trainer": {"max_epochs": 8}}


def test_a_loose_limit_comes_down_to_the_usual_norm():
    (edit,) = edits(mmengine(clip_grad={"max_norm": 40}))
    assert (edit.old, edit.new) == (40, 4.2)
    assert [site.path for site in edit.sites] == ["optim_wrapper.clip_grad.max_norm"]


@pytest.mark.parametrize(
    ("config", "dialect", "path", "written", "action"),
    [
        (mmengine(), "mmengine", "optim_wrapper.clip_grad", {"max_norm": 4.2}, "insert"),
        (mmengine(clip_grad=None), "mmengine", "optim_wrapper.clip_grad", {"max_norm": 4.2}, "set"),
        (RECIPE, "yaml", "optim.clip", 4.2, "set"),
        (LIGHTNING, "yaml", "trainer.gradient_clip_val", 4.2, "insert"),
    ],
)
def test_where_there_is_no_limit_one_is_written(config, dialect, path, written, action):
    (edit,) = edits(config, dialect)
    (site,) = edit.sites
    assert (site.path, site.new, site.action) == (path, written, action)
    assert "4.23" in edit.why.zh


@pytest.mark.parametrize(
    ("config", "dialect"),
    [
        (mmengine(clip_grad={"max_norm": 4.0}), "mmengine"),  # as low already
        (mmengine(clip_grad={"$expression": "made()", "line": 3}), "mmengine"),
        ({"optim_wrapper": {"$expression": "made()", "line": 3}}, "mmengine"),
        ({**RECIPE, "optim": {"lr": 0.1}}, "yaml"),  # the trainer clips where nothing is said
        ({"model": {"depth": 3}}, "yaml"),  # no key is known
    ],
)
def test_gives_up_where_there_is_one_or_no_place_for_one(config, dialect):
    assert edits(config, dialect) == ()


def test_gives_up_without_a_usual_norm():
    run = run_of({"val/top1": [1.0]}, config=mmengine())
    assert clip_to_usual(run, None) == ()
