"""Values that stand in a base config and have to be overridden, as mmengine merges."""

from __future__ import annotations

import pytest
from mmengine.config import Config

from defib.configs.mmengine import parse
from defib.errors import SiteNotEditable
from defib.rewriting.proof import differences, expected
from defib.rewriting.rewrite import rewrite
from defib.rewriting.test_rewrite import added, edit, gone, put, rewritten

BASE = """\
optim_wrapper = dict(optimizer=dict(type='SGD', lr=0.1, momentum=0.9), clip_grad=dict(max_norm=40))
param_scheduler = [dict(type='LinearLR', end=5), dict(type='CosineAnnealingLR', T_max=95)]
model = dict(head=dict(weights=(1.0, 2.0), deep=dict(p=[dict(a=1), dict(b=2)])))
resume = True
"""


def made(tmp_path, child, *edits):
    (tmp_path / "base.py").write_text(BASE)
    return rewritten(tmp_path, f"_base_ = 'base.py'\n{child}", *edits)


def test_overrides_a_value_of_the_base_at_the_end(tmp_path):
    new = made(tmp_path, "", edit("lr", *put(0.005, "optim_wrapper.optimizer.lr")))
    assert "optim_wrapper = dict(optimizer=dict(lr=0.005))  # defib: 0.1 -> 0.005 (lr)\n" in new


def test_extends_the_dict_that_the_child_has(tmp_path):
    new = made(
        tmp_path, "optim_wrapper = dict(\n    type='A',\n)\n", edit("lr", *put(0.005, "optim_wrapper.optimizer.lr"))
    )
    assert "optim_wrapper = dict(\n    type='A',\n    optimizer=dict(lr=0.005),  # defib: 0.1 -> 0.005 (lr)\n)" in new


def test_extends_the_innermost_dict_that_the_child_has(tmp_path):
    child = "optim_wrapper = dict(optimizer=dict(momentum=0.5))\n"
    new = made(tmp_path, child, edit("lr", *put(0.005, "optim_wrapper.optimizer.lr")))
    assert "optim_wrapper = dict(optimizer=dict(momentum=0.5, lr=0.005))" in new


def test_sets_what_the_child_itself_wrote_in_place(tmp_path):
    child = "optim_wrapper = dict(optimizer=dict(lr=0.2))\n"
    new = made(tmp_path, child, edit("lr", *put(0.005, "optim_wrapper.optimizer.lr")))
    assert "optim_wrapper = dict(optimizer=dict(lr=0.005))" in new


def test_joins_overrides_in_one_dict(tmp_path):
    new = made(
        tmp_path,
        "",
        edit("lr", *put(0.005, "optim_wrapper.optimizer.lr")),
        edit("clip", *put(5, "optim_wrapper.clip_grad.max_norm"), *added(2, "optim_wrapper.clip_grad.norm_type")),
    )
    assert "\n    optimizer=dict(lr=0.005),\n    clip_grad=dict(max_norm=5, norm_type=2),\n)" in new
    assert new.count("optim_wrapper") == 1
    assert new.endswith(")  # defib: 0.1 -> 0.005 (lr); defib: 40 -> 5 (clip); defib: added (clip)\n")


def test_writes_out_a_list_of_the_base_of_which_one_element_changes(tmp_path):
    new = made(tmp_path, "", edit("warmup", *gone("param_scheduler.0"), *put(100, "param_scheduler.1.T_max")))
    assert "param_scheduler = [dict(type='CosineAnnealingLR', T_max=100)]" in new
    assert "LinearLR'" not in new


def test_writes_out_only_the_innermost_list(tmp_path):
    new = made(tmp_path, "", edit("x", *put(5, "model.head.deep.p.1.b"), *put(3.0, "model.head.weights.1")))
    assert "head=dict(deep=dict(p=[dict(a=1), dict(b=5)]), weights=(1.0, 3.0))" in new


def test_replaces_a_whole_dict_of_the_base_with_delete(tmp_path):
    new = made(tmp_path, "", edit("optimizer", *put({"type": "AdamW", "lr": 1}, "optim_wrapper.optimizer")))
    assert "optim_wrapper = dict(optimizer=dict(_delete_=True, type='AdamW', lr=1.0))" in new


def test_replaces_a_dict_that_child_and_base_share_with_delete(tmp_path):
    child = "optim_wrapper = dict(optimizer=dict(lr=3))\n"
    new = made(tmp_path, child, edit("optimizer", *put({"type": "AdamW", "lr": 1}, "optim_wrapper.optimizer")))
    assert "optim_wrapper = dict(optimizer=dict(_delete_=True, type='AdamW', lr=1))" in new


def test_replaces_a_reference_to_the_base(tmp_path):
    new = made(tmp_path, "mine = dict(lr=_base_.optim_wrapper.optimizer.lr)\n", edit("lr", *put(0.3, "mine.lr")))
    assert "mine = dict(lr=0.3)" in new


def test_adds_a_key_to_a_dict_of_the_base(tmp_path):
    assert "model = dict(head=dict(n=dict(m=1)))" in made(tmp_path, "", edit("x", *added(1, "model.head.n.m")))


def test_extends_a_list_of_the_base(tmp_path):
    assert "weights=(1.0, 2.0, 3.0)" in made(tmp_path, "", edit("x", *added(3.0, "model.head.weights.2")))


@pytest.mark.parametrize("path", ["resume", "param_scheduler", "model.head.weights"])
def test_marks_a_dict_that_replaces_something_else_as_mmengine_wants(path, tmp_path):
    assert "dict(_delete_=True, q=1)" in made(tmp_path, "", edit("x", *put({"q": 1}, path)))


def test_refuses_to_take_away_what_the_base_would_bring_back(tmp_path):
    with pytest.raises(SiteNotEditable, match="inherited"):
        made(tmp_path, "resume = False\n", edit("x", *gone("resume")))


@pytest.mark.parametrize("path", ["optim_wrapper.optimizer.lr", "resume", "optim_wrapper"])
def test_refuses_to_take_a_key_of_the_base_away(path, tmp_path):
    with pytest.raises(SiteNotEditable, match="inherited"):
        made(tmp_path, "", edit("x", *gone(path)))


def test_points_relative_bases_anew_when_the_folder_changes(tmp_path):
    (tmp_path / "configs").mkdir()
    (tmp_path / "work" / "run").mkdir(parents=True)
    (tmp_path / "configs" / "base.py").write_text(BASE)
    child = '_base_ = [\n    "base.py",  # all of it\n]\n'
    edits = [edit("resume", *put(False, "resume"))]
    new = rewritten(tmp_path, child, *edits, name="configs/c.py", folder=tmp_path / "work" / "run")
    assert '    "../../configs/base.py",  # all of it  # defib: the base is the same file' in new


def test_leaves_absolute_and_foreign_bases_as_they_are(tmp_path):
    (tmp_path / "base.py").write_text(BASE)
    (tmp_path / "new").mkdir()
    text = f"_base_ = ['{tmp_path / 'base.py'}']\na = 1\n"
    assert f"_base_ = ['{tmp_path / 'base.py'}']\n" in rewritten(
        tmp_path, text, edit("a", *put(2, "a")), folder=tmp_path / "new"
    )


def test_overrides_blindly_where_the_base_is_not_here(tmp_path):
    path = tmp_path / "c.py"
    text = "_base_ = 'gone.py'\n"
    path.write_text(text)
    edits = [edit("lr", *added(0.005, "optim_wrapper.optimizer.lr"))]
    new = rewrite(parse(path), text, edits)
    assert "optim_wrapper = dict(optimizer=dict(lr=0.005))" in new
    (tmp_path / "gone.py").write_text(BASE)
    (tmp_path / "new.py").write_text(new)
    config = parse(path)
    found = Config.fromfile(tmp_path / "new.py").to_dict()
    assert differences(expected(config.tree, [edit("lr", *put(0.005, "optim_wrapper.optimizer.lr"))]), found) == []
