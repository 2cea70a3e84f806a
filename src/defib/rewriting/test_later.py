"""Edits to lazy configs; mmengine reads what was written."""

from __future__ import annotations

import pytest

from defib.configs.mmengine import parse
from defib.configs.test_lazy import child, theirs
from defib.errors import RewriteNotProved, SiteNotEditable
from defib.rewriting.proof import differences, expected
from defib.rewriting.rewrite import rewrite
from defib.rewriting.test_rewrite import added, edit, gone, put

LOCAL = "\n# mine\ntrain_cfg = dict(max_epochs=10)  # short\n\noptim_wrapper.optimizer.lr = 0.2  # tuned\n"


def made(folder, text, *edits, into=None, head=None):
    """The new text, after mmengine has read it as planned."""
    path = child(folder, text) if head is None else child(folder, text, head)
    old, config = path.read_text(), parse(path)
    new = rewrite(config, old, edits, folder=into)
    there = (into or folder) / "new.py"
    there.write_text(new)
    assert differences(expected(config.tree, edits), theirs(there)) == []
    assert path.read_text() == old
    return new


DONE = {
    "an inherited value": (put(0.05, "param_scheduler.0.gamma"), "param_scheduler[0]['gamma'] = 0.05"),
    "a value that a statement set": (put(0.05, "optim_wrapper.optimizer.lr"), "optim_wrapper.optimizer.lr = 0.05"),
    "a local value": (put(3, "train_cfg.max_epochs"), "train_cfg = dict(max_epochs=3)"),
    "a new key": (added(40, "optim_wrapper.clip"), "optim_wrapper['clip'] = 40"),
    "a new key of nothing": (added(40, "optim_wrapper.clip.max"), "optim_wrapper['clip'] = dict(max=40)"),
    "a new setting": (added(True, "resume"), "resume = True"),
    "a deleted key": (gone("model.cls_head.k"), "del model['cls_head']['k']"),
    "a deleted element": (gone("param_scheduler.0"), "del param_scheduler[0]"),
    "an element of a tuple": (put(7, "param_scheduler.0.milestones.1"), "param_scheduler[0]['milestones'] = (1, 7)"),
    "a type": (put("AdamW", "optim_wrapper.optimizer.type"), "optim_wrapper['optimizer']['type'] = 'AdamW'"),
    "a list with classes in it": (
        added({"type": "LinearLR"}, "param_scheduler.1"),
        "dict(type=MultiStepLR, gamma=0.1, milestones=(1, 2)),",
    ),
    "what the base shares": (put(9, "a.x.y"), "a['x']['y'] = 9"),
}


@pytest.mark.parametrize("name", sorted(DONE))
def test_changes_one_thing_and_keeps_every_line(name, tmp_path):
    sites, line = DONE[name]
    new = made(tmp_path, LOCAL, edit("x", *sites))
    assert line in new
    changed = [old for old in child(tmp_path, LOCAL).read_text().splitlines() if old not in new.splitlines()]
    assert len(changed) <= 1
    assert "\n# mine\n" in new
    assert new.count("# short") == new.count("# tuned") == 1


def test_values_come_before_the_deletions_that_move_them(tmp_path):
    local = "param_scheduler[0].end = 5\n"
    sites = (*gone("b.l.0"), *put(2, "param_scheduler.0.end"), *gone("param_scheduler.0.milestones"))
    new = made(tmp_path, local, edit("x", *sites))
    assert new.index("end = 2") < new.index("del ")


@pytest.mark.parametrize(("into", "module"), [("deep/er", "...bases.base"), ("bases", ".base")])
def test_points_the_bases_anew_from_another_folder(into, module, tmp_path):
    (tmp_path / into).mkdir(parents=True)
    new = made(tmp_path, LOCAL, edit("x", *put(0.05, "optim_wrapper.optimizer.lr")), into=tmp_path / into)
    assert f"    from {module} import *" in new


def test_refuses_a_folder_that_no_import_can_name(tmp_path):
    inside = tmp_path / "no-name"
    path = child(inside, LOCAL)
    with pytest.raises(SiteNotEditable, match="read_base"):
        rewrite(parse(path), path.read_text(), [edit("x", *put(1, "a.x.y"))], folder=tmp_path)


def test_refuses_to_write_a_class_that_has_no_name_in_the_file(tmp_path):
    head = "with read_base():\n    from .bases.base import param_scheduler\n"
    path = child(tmp_path, "", head)
    with pytest.raises((SiteNotEditable, RewriteNotProved)):
        rewrite(parse(path), path.read_text(), [edit("x", *added(1, "param_scheduler.1"))])


def test_names_of_one_dict_have_to_agree(tmp_path):
    head = "with read_base():\n    from .bases.base import model, model as m\n"
    both = made(tmp_path, "", edit("x", *put(9, "model.cls_head.k", "m.cls_head.k")), head=head)
    assert both.count("= 9") == 1
    one = made(tmp_path, "", edit("x", *put(9, "m.cls_head.k")), head=head)
    assert "m = dict(cls_head=dict(num_classes=3, k=9))" in one
