"""The lazy style, judged by mmengine: what it reads is what `parse` has to find without importing anything."""

from __future__ import annotations

import os
import time

import pytest

from defib.configs.mmengine import parse
from defib.configs.test_mmengine import theirs as as_they_write
from defib.configs.test_mmengine import written

BASE = """\
from torch.optim import SGD
from mmengine.optim import MultiStepLR, OptimWrapper

shared = dict(y=1)
a = dict(x=shared)
b = dict(x=shared, l=[shared])
optim_wrapper = dict(type=OptimWrapper, optimizer=dict(type=SGD, lr=0.1))
param_scheduler = [dict(type=MultiStepLR, gamma=0.1, milestones=(1, 2))]
model = dict(cls_head=dict(num_classes=3, k=0))
"""
HEAD = "from mmengine.config import read_base\n\nwith read_base():\n    from .bases.base import *\n"


def plain_names(value):
    """mmengine writes `torch.optim.SGD` where we have the plain name."""
    if isinstance(value, dict):
        return {key: item.rpartition(".")[2] if key == "type" else plain_names(item) for key, item in value.items()}
    return [plain_names(item) for item in value] if isinstance(value, list) else value


def theirs(path, lazy=None):
    return plain_names(as_they_write(path, lazy))


def child(folder, text, head=HEAD):
    written(folder, BASE, "bases/base.py")
    return written(folder, f"{head}{text}")


SAME = {
    "nothing": "",
    "attributes": "optim_wrapper.optimizer.lr = 0.2\nparam_scheduler[0].gamma = 0.5\n",
    "subscripts": "model['cls_head']['num_classes'] = 5\nparam_scheduler[0]['gamma'] = -1\n",
    "update by keywords": "optim_wrapper.update(clip_grad=dict(max_norm=40))\n",
    "update merges what was inherited": "model.update(dict(cls_head=dict(num_classes=5)))\n",
    "update in a local dict does not merge": "m = dict(h=dict(a=1, b=2))\nm.update(h=dict(a=3))\n",
    "what a base shares is apart in the child": "a.x.y = 5\n",
    "what this file shares is one": "p = dict(q=1)\nr = dict(p=p)\np['q'] = 2\nr['p']['z'] = 3\n",
    "what is put into an inherited dict is copied": "p = dict(q=1)\nmodel.p = p\np['q'] = 2\nmodel.p.q = 3\n",
    "what is put into a local dict is not": "p = dict(q=1)\nm = dict()\nm['p'] = p\np['q'] = 2\n",
    "one inherited dict in another": "model.b = b\nb.x.y = 7\n",
    "deleted": "del optim_wrapper['optimizer']\ndel param_scheduler[0]\n",
    "an inherited name is set anew": "model = dict(x=1)\nmodel['y'] = model['x']\n",
    "types": "from torch.optim import Adam as A\nimport torch.optim\no = dict(type=A)\nq = dict(type=torch.optim.AdamW)\n",
    "read": "lr = optim_wrapper.optimizer.lr * 2\nc = dict(**model)\nd = dict(type=SGD)\n",
}


@pytest.mark.parametrize("name", sorted(SAME))
def test_reads_what_mmengine_reads(name, tmp_path):
    path = child(tmp_path, SAME[name])
    config = parse(path)
    assert config.tree == theirs(path) == theirs(path, lazy=True)
    assert config.notes == ()
    assert config.bases == (str(tmp_path / "bases" / "base.py"),)


@pytest.mark.parametrize(
    "names", ["model", "model, optim_wrapper as o", "(\n        model as m,\n        model,\n    )"]
)
def test_takes_the_names_that_are_imported(names, tmp_path):
    head = f"from mmengine.config import read_base\nwith read_base():\n    from .bases.base import {names}\n"
    path = child(tmp_path, "model.cls_head.k = 4\n", head)
    assert parse(path).tree == theirs(path)


def test_goes_up_as_many_folders_as_there_are_dots(tmp_path):
    written(tmp_path, "from torch.optim import SGD\nd = dict(e=1)\n", "deep.py")
    written(tmp_path, "with read_base():\n    from ..deep import *\nd.f = 2\n", "bases/base.py")
    path = written(tmp_path, "with read_base():\n    from ...bases.base import *\nd.g = 3\n", "mine/far/c.py")
    config = parse(path)
    assert config.tree == theirs(path) == {"d": {"e": 1, "f": 2, "g": 3}}
    assert len(config.bases) == 2


@pytest.mark.parametrize("module", ["nowhere_to_be_found.configs.x", ".gone", "alone"])
def test_says_which_base_is_not_there_and_reads_the_rest(module, tmp_path):
    config = parse(written(tmp_path, f"with read_base():\n    from {module} import *\nb = 1\n"))
    assert config.tree == {"b": 1}
    assert module in config.notes[0].en
    assert module in config.notes[0].zh


def test_says_which_name_a_base_does_not_have(tmp_path):
    written(tmp_path, "x = 1\n", "other.py")
    config = parse(written(tmp_path, "with read_base():\n    from .other import y\nb = 1\n"))
    assert config.tree == {"b": 1}
    assert " y " in config.notes[0].en


def test_stops_at_a_circle(tmp_path):
    written(tmp_path, "with read_base():\n    from .config import *\nx = 1\n", "other.py")
    config = parse(written(tmp_path, "with read_base():\n    from .other import *\ny = 2\n"))
    assert config.tree == {"x": 1, "y": 2}
    assert len(config.notes) == 1


def test_imports_nothing(tmp_path, monkeypatch):
    witness = tmp_path / "witness"
    evil = f"open({str(witness)!r}, 'w')\nx = 1\n"
    written(tmp_path, evil, "evil/__init__.py")
    written(tmp_path, evil, "evil/sub.py")
    monkeypatch.syspath_prepend(str(tmp_path))
    text = "from evil import A\nimport evil.sub\nwith read_base():\n    from evil.sub import *\na = dict(type=A)\n"
    config = parse(written(tmp_path, text))
    assert config.tree == {"x": 1, "a": {"type": "A"}}
    assert not witness.exists()


@pytest.mark.parametrize("text", ["a = dict(b=1)\na['c'] = a\n", "a = [1]\na[0] = dict(b=a)\n"])
def test_does_not_follow_a_circle_of_dicts(text, tmp_path):
    assert parse(written(tmp_path, text)).notes


@pytest.mark.parametrize("kind", ["pipe", "loop", "folder"])
def test_does_not_open_what_is_no_file(kind, tmp_path):
    place = tmp_path / "base.py"
    match kind:
        case "pipe":
            os.mkfifo(place)
        case "loop":
            place.symlink_to(place)
        case _:
            place.mkdir()
    config = parse(written(tmp_path, "with read_base():\n    from .base import *\nb = 1\n"))
    assert config.tree == {"b": 1}
    assert len(config.notes) == 1


def test_many_changes_of_a_long_list_are_bounded(tmp_path):
    text = f"a = [{'0, ' * 50_000}]\n" + "a[0] = 1\n" * 5_000
    started = time.monotonic()
    assert parse(written(tmp_path, text)).notes
    assert time.monotonic() - started < 120


DETECTRON2 = """\
import torch
from detectron2.config import LazyCall as L
from ..common.optim import SGD as optimizer
from ..common.train import train

lr_multiplier = L(torch.optim.Schedule)(scheduler=L(Steps)(milestones=[6, 8]), warmup_length=1 / 9)
optimizer.lr = 0.2
train["max_iter"] = 5
"""


def test_calls_of_detectron2_are_dicts_with_their_target_and_relative_imports_are_bases(tmp_path):
    optim = (
        "import torch\nfrom detectron2.config import LazyCall as L\nSGD = L(torch.optim.SGD)(lr=0.1, momentum=0.9)\n"
    )
    written(tmp_path, optim, "common/optim.py")
    written(tmp_path, "train = dict(max_iter=9, output_dir='o')\n", "common/train.py")
    config = parse(written(tmp_path, DETECTRON2, "projects/a.py"))
    assert config.tree == {
        "optimizer": {"_target_": "SGD", "lr": 0.2, "momentum": 0.9},
        "train": {"max_iter": 5, "output_dir": "o"},
        "lr_multiplier": {
            "_target_": "Schedule",
            "scheduler": {"_target_": {"$expression": "Steps", "line": 6}, "milestones": [6, 8]},
            "warmup_length": 1 / 9,
        },
    }
    assert config.notes == ()
    assert [path.rpartition("/")[2] for path in config.bases] == ["optim.py", "train.py"]


def test_what_detectron2_would_have_to_run_or_find_is_said(tmp_path):
    config = parse(written(tmp_path, f"{DETECTRON2}more = L(a, b)(x=1)\nother = L(a)(1)\n", "projects/a.py"))
    assert set(config.tree) == {"lr_multiplier", "more", "other"}
    assert "$expression" in config.tree["more"]
    assert "$expression" in config.tree["other"]
    assert ["line 3" in note.en or "line 4" in note.en for note in config.notes[:2]] == [True, True]
    assert len(config.notes) == 4  # two bases, and two statements that change what they bring


def test_a_call_of_another_maker_is_not_taken_for_a_lazy_one(tmp_path):
    text = "from a.b import make as L\nx = L(dict)(lr=0.1)\n"
    assert "$expression" in parse(written(tmp_path, text)).tree["x"]


def test_a_class_from_a_file_beside_stays_a_class(tmp_path):
    written(tmp_path, "class Mine:\n    pass\n", "mine.py")
    text = "from torch.optim import SGD\nfrom .mine import Mine\nmodel = dict(type=Mine)\no = dict(type=SGD)\n"
    assert parse(written(tmp_path, text)).tree == {"model": {"type": "Mine"}, "o": {"type": "SGD"}}
