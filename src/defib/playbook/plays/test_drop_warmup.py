import pytest

from defib.playbook.plays.drop_warmup import drop_warmup
from defib.records import Edit, Site
from defib.samples import run_of
from defib.words import same


def edits(*steps, optimizer="SGD", lr=0.008, new=0.005, before=()):
    config = {"optim_wrapper": {"optimizer": {"type": optimizer, "lr": lr}}, "param_scheduler": list(steps)}
    decided = (Edit(key="lr", old=lr, new=new, why=same("x"), play="x"), *before)
    return drop_warmup(run_of({"val/top1": [1.0]}, config=config), None, decided)


def warmup(end=5, **more):
    return {"type": "LinearLR", "start_factor": 0.1, "begin": 0, "end": end, **more}


def cosine(begin, end):
    return {"type": "CosineAnnealingLR", "T_max": end - begin, "begin": begin, "end": end}


@pytest.mark.parametrize(("end", "length"), [(5, 100), (10, 60), (1, 30)])
def test_the_cosine_behind_it_moves_to_the_front_and_takes_its_epochs(end, length):
    (edit,) = edits(warmup(end), cosine(end, length))
    moved = {site.path: (site.action, site.new) for site in edit.sites}
    assert moved == {
        "param_scheduler.0": ("delete", None),
        "param_scheduler.1.begin": ("set", 0),
        "param_scheduler.1.T_max": ("set", length),
    }


def test_a_shorter_run_decided_before_is_respected():
    sites = (Site(path="param_scheduler.1.end", old=100, new=50), Site(path="param_scheduler.1.T_max", old=95, new=45))
    halved = Edit(key="max_epochs", old=100, new=50, why=same("x"), play="x", sites=sites)
    (edit,) = edits(warmup(), cosine(5, 100), before=(halved,))
    last = edit.sites[-1]
    assert (last.path, last.old, last.new) == ("param_scheduler.1.T_max", 95, 50)


def test_a_warm_up_counted_in_steps_goes_alone():
    (edit,) = edits(warmup(500, by_epoch=False), cosine(0, 100))
    assert [site.path for site in edit.sites] == ["param_scheduler.0"]


@pytest.mark.parametrize("optimizer", ["Adam", "AdamW"])
def test_adaptive_optimizers_keep_their_warm_up(optimizer):
    assert edits(warmup(), cosine(5, 100), optimizer=optimizer) == ()


def test_a_higher_rate_keeps_its_warm_up():
    assert edits(warmup(), cosine(5, 100), lr=0.005, new=0.008) == ()


def test_gives_up_without_a_warm_up():
    assert edits(cosine(0, 100)) == ()


def test_a_cosine_counted_in_epochs_follows_a_warm_up_counted_in_steps():
    (edit,) = edits(warmup(6265, by_epoch=False), cosine(5, 50))
    moved = {site.path: site.new for site in edit.sites}
    assert moved == {"param_scheduler.0": None, "param_scheduler.1.begin": 0, "param_scheduler.1.T_max": 50}
