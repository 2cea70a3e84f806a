"""`key=value` words and switches in scripts with edits: the word changes where it stands, and no other byte."""

from __future__ import annotations

import pytest

from defib.configs.test_overrides import TEXT
from defib.errors import SiteNotEditable
from defib.records import Site
from defib.rewriting.test_arguments_edits import edited

SET = [
    (Site(path="optim.lr", new=0.01), "optim.lr=0.1", "optim.lr=0.01"),
    (Site(path="optim.betas.1", new=0.99), "0.95", "0.99"),
    (Site(path="optim.betas", new=[0.5]), "[0.9, 0.95]", "[0.5]"),
    (Site(path="optim.wd", new=0.05), "WD=1e-2", "WD=0.05"),
    (Site(path="name", new="c d"), '"name=a b"', '"name=c d"'),
    (Site(path="data.note", new=3), "note=null", "note=3"),
    (Site(path="amp", new=False), "amp=true", "amp=false"),
    (Site(path="amp", new=None), "amp=true", "amp=null"),
    (Site(path="optim.lr", action="delete"), " \\\n    optim.lr=0.1", ""),
    (Site(path="data.note", action="delete"), " +data.note=null", ""),
    (Site(path="model/backbone", action="delete"), " \\\n    model/backbone=resnet", ""),
    (Site(path="seed", new=1, action="insert"), "=resnet", "=resnet ++seed=1"),
]


def body(text):
    return text.partition("\n")[2]


@pytest.mark.parametrize(("site", "old", "new"), SET, ids=range(len(SET)))
def test_changes_the_word_and_no_other_byte(site, old, new, tmp_path):
    assert TEXT.count(old) == 1
    assert edited(tmp_path, TEXT, site).splitlines()[2:] == TEXT.replace(old, new).splitlines()[1:]


def test_an_option_that_takes_overrides_gets_one_more_without_a_mark(tmp_path):
    text = "python a.py --cfg-options lr=1 --seed 2\n"
    new = edited(tmp_path, text, Site(path="b.c", new="x", action="insert"))
    assert body(new) == "python a.py --cfg-options lr=1 b.c=x --seed 2\n"


@pytest.mark.parametrize(
    ("text", "path", "new"),
    [
        ("python a.py --amp --lr 1\n", "amp", "python a.py --lr 1\n"),
        ("python a.py --lr 1 \\\n  --no-amp\n", "no_amp", "python a.py --lr 1\n"),
        ("python a.py --lr 1 --train.amp\n", "train.amp", "python a.py --lr 1\n"),
    ],
)
def test_a_switch_that_is_turned_off_goes(text, path, new, tmp_path):
    assert body(edited(tmp_path, text, Site(path=path, old=True, new=False))) == new


def test_a_new_switch_has_no_value_where_others_have_none(tmp_path):
    new = edited(tmp_path, "python a.py --amp --lr 1\n", Site(path="ema", new=True, action="insert"))
    assert body(new) == "python a.py --amp --lr 1 --ema\n"
    new = edited(tmp_path, "python a.py --amp True --lr 1\n", Site(path="ema", new=False, action="insert"))
    assert body(new) == "python a.py --amp True --lr 1 --ema False\n"


REFUSED = [
    ("--lr 1 \\\n --amp", Site(path="amp", new=5), 2, "switch"),
    ("--lr 1 \\\n --no-amp", Site(path="amp", new=True, action="insert"), 2, "switch"),
    ("--lr 1 --amp", Site(path="ema", new=False, action="insert"), 1, "switch"),
    ("--cfg-options a.b=1 c.d=2", Site(path="cfg_options", new=False), 1, "for itself"),
    ("--seed 1 \\\n --cfg-options \\\n a.b=1", Site(path="a.b", action="delete"), 3, "for itself"),
    ("x=1 \\\n lr=1", Site(path="lr", new="a,b"), 2, "grammar"),
    ("x=1 \\\n lr=1,2", Site(path="lr", new=1), 2, "not evaluated"),
]


@pytest.mark.parametrize(("words", "site", "line", "reason"), REFUSED, ids=range(len(REFUSED)))
def test_refuses_with_the_line(words, site, line, reason, tmp_path):
    with pytest.raises(SiteNotEditable) as caught:
        edited(tmp_path, f"python a.py {words}\n", site)
    assert caught.value.values["line"] == line
    assert reason in str(caught.value)
