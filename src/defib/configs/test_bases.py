"""Inheritance, judged by mmengine."""

from __future__ import annotations

import os

import pytest

from defib.configs.mmengine import parse
from defib.configs.test_mmengine import theirs, written
from defib.errors import ConfigSyntax

MERGES = {
    "child wins": ("a = dict(x=1, y=[1, 2])\nb = 1\n", "a = dict(x=2)\n"),
    "lists are replaced": ("a = dict(y=[1, 2, 3])\n", "a = dict(y=[4])\n"),
    "delete replaces": ("a = dict(x=1, y=2)\n", "a = dict(_delete_=True, z=3)\n"),
    "delete inside": ("a = dict(b=dict(x=1), c=1)\n", "a = dict(b=dict(_delete_=True, y=3))\n"),
    "delete of nothing stays": ("b = 1\n", "a = dict(_delete_=True, z=3)\n"),
    "a false delete merges": ("a = dict(x=1)\n", "a = dict(_delete_=False, z=3)\n"),
    "references": ("lr = 0.1\nm = dict(d=[1, dict(x=2)])\n", "a = _base_.lr\nb = dict(x=_base_.m.d)\nc = _base_.m\n"),
    "braces": ("m = dict(d=2)\n", "a = {{_base_.m.d}}\nb = dict(x={{ _base_.m }})\n"),
    "variables": ("o = dict(lr=1, w=2)\n", "lr = 5\nmine = dict(lr=lr)\no = mine\n"),
    "new keys": ("a = dict(x=dict(y=1))\n", "a = dict(x=dict(z=dict(q=1)), w=2)\n"),
    "private": ("_a = 1\n__b = 2\n", "c = 3\n"),
}


@pytest.mark.parametrize("name", sorted(MERGES))
def test_merges_as_mmengine_does(name, tmp_path):
    base, child = MERGES[name]
    written(tmp_path, base, "bases/base.py")
    path = written(tmp_path, f"_base_ = './bases/base.py'\n{child}", "mine/../config.py")
    config = parse(path)
    assert config.tree == theirs(path)
    assert config.notes == ()
    assert [os.path.basename(base) for base in config.bases] == ["base.py"]  # noqa: PTH119


def test_reads_bases_of_bases_in_the_order_of_mmengine(tmp_path):
    written(tmp_path, "a = dict(x=1)\n", "deep/one.py")
    written(tmp_path, "_base_ = ['../deep/one.py']\na = dict(y=2)\n", "mid/two.py")
    written(tmp_path, "c = dict(z=3)\n", "mid/three.py")
    path = written(tmp_path, "_base_ = ['mid/two.py', 'mid/three.py']\na = dict(x=5)\nc = 4\n")
    config = parse(written(tmp_path, "_base_ = ['mid/two.py', 'mid/three.py']\na = dict(x=5)\nd = 4\n"))
    assert config.tree == theirs(path)
    assert len(config.bases) == 3


def test_says_which_base_is_missing_and_reads_the_rest(tmp_path):
    written(tmp_path, "b = 2\n", "there.py")
    config = parse(written(tmp_path, "_base_ = ['gone.py', 'there.py']\na = 1\n"))
    assert config.tree == {"a": 1, "b": 2}
    assert "gone.py" in config.notes[0].en
    assert "gone.py" in config.notes[0].zh
    assert config.bases == (str((tmp_path / "there.py").resolve()),)


@pytest.mark.parametrize("entry", ["mmdet::x/y.py", "base.json", "/dev/zero", "."])
def test_does_not_open_what_is_no_python_file(entry, tmp_path):
    config = parse(written(tmp_path, f"_base_ = {entry!r}\na = 1\n"))
    assert config.tree == {"a": 1}
    assert len(config.notes) == 1


def test_does_not_wait_for_a_pipe(tmp_path):
    os.mkfifo(tmp_path / "pipe.py")
    assert parse(written(tmp_path, "_base_ = 'pipe.py'\na = 1\n")).notes


def test_does_not_believe_a_dict_over_something_else_which_mmengine_refuses(tmp_path):
    written(tmp_path, "a = [1]\n", "base.py")
    assert "$expression" in parse(written(tmp_path, "_base_ = 'base.py'\na = dict(b=1)\n")).tree["a"]


def test_stops_at_a_circle_and_says_so(tmp_path):
    written(tmp_path, "_base_ = 'config.py'\nb = 2\n", "other.py")
    config = parse(written(tmp_path, "_base_ = 'other.py'\na = 1\n"))
    assert config.tree == {"a": 1, "b": 2}
    assert "config.py" in config.notes[0].en


def test_refuses_a_base_that_is_no_python_and_names_it(tmp_path):
    written(tmp_path, "b = = 2\n", "broken.py")
    with pytest.raises(ConfigSyntax, match=r"broken\.py"):
        parse(written(tmp_path, "_base_ = 'broken.py'\n"))


def test_leaves_an_entry_alone_that_would_have_to_be_computed_and_says_so(tmp_path):
    written(tmp_path, "b = 1\n", "b.py")
    config = parse(written(tmp_path, "_base_ = ['b.py', print('x')]\na = 1\n"))
    assert config.tree == {"a": 1, "b": 1}
    assert "print('x')" in config.notes[0].en
