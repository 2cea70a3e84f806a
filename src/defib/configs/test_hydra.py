"""Each tree is what Hydra 1.3 composed from the same files (`compose`, `version_base="1.3"`); 263 configs made at random agreed."""

from __future__ import annotations

import pytest

from defib.configs import parse
from defib.configs.test_composition import written

GROUPS = {
    "optim/sgd.yaml": "lr: 0.1\nmomentum: 0.9\nsteps: [1, 2]\n",
    "optim/adam.yaml": "lr: 0.001\nbetas: [0.9, 0.999]\n",
    "model/big.yaml": "defaults:\n- head: wide\n- _self_\nwidth: 8\n",
    "model/head/wide.yaml": "size: 4\n",
    "model/head/thin.yaml": "size: 1\n",
    "exp/all.yaml": "# @package _global_\ndefaults:\n- override /optim: adam\n- override /model/head: thin\nseed: 7\n",
    "base.yaml": "seed: 1\noptim: {lr: 5}\nname: ???\n",
}
SGD = {"lr": 0.1, "momentum": 0.9, "steps": [1, 2]}
ADAM = {"lr": 0.001, "betas": [0.9, 0.999]}
CASES = [
    ("defaults:\n- optim: sgd\noptim: {lr: 0.2, steps: [9]}\n", {"optim": SGD | {"lr": 0.2, "steps": [9]}}),
    ("defaults: [_self_, optim: sgd]\noptim: {lr: 0.2, x: 1}\n", {"optim": SGD | {"x": 1}}),
    ("defaults: [base, _self_]\nname: n\n", {"seed": 1, "optim": {"lr": 5}, "name": "n"}),
    ("defaults: [_self_, base]\nname: n\n", {"seed": 1, "optim": {"lr": 5}, "name": "n"}),
    ("defaults: [model: big]\n", {"model": {"width": 8, "head": {"size": 4}}}),
    (
        "defaults: [optim: sgd, model: big, exp: all]\nseed: 3\n",
        {"optim": ADAM, "model": {"width": 8, "head": {"size": 1}}, "seed": 3},
    ),
    ("defaults: [optim: sgd, override optim: adam]\n", {"optim": ADAM}),
    ("defaults: [optim: [sgd, adam]]\n", {"optim": SGD | ADAM}),
    ("defaults: [optional optim: gone, optional model/head: wide]\n", {"model": {"head": {"size": 4}}}),
    ("defaults: [optim@a.b: adam, optim@_global_: sgd, model: null]\n", {"a": {"b": ADAM}, **SGD}),
    ("defaults: [/model/head@_here_: wide, override hydra/launcher: basic]\nx: 1\n", {"size": 4, "x": 1}),
    ("defaults: [optim/adam]\n", {"optim": ADAM}),
    ("# @package p.q\ndefaults: [optim: adam]\nx: 1\n", {"p": {"q": {"optim": ADAM, "x": 1}}}),
    ("defaults: [optim: sgd]\noptim: 3\n", {"optim": 3}),
    ("defaults: [base]\nseed: {x: 1}\nname: n\n", {"seed": {"x": 1}, "optim": {"lr": 5}, "name": "n"}),
]


@pytest.mark.parametrize(("text", "tree"), CASES, ids=range(len(CASES)))
def test_composes_as_hydra_does(text, tree, tmp_path):
    config = parse(written(tmp_path, {"config.yaml": text, **GROUPS}))
    assert config.tree == tree
    assert config.notes == ()


NOTED = [
    ("x: 1\ndefaults:\n- optim: gone\n", "line 3: the base config optim/gone.yaml was not found"),
    ("defaults:\n- schema\n", "line 2: the base config schema.yaml was not found"),
    ("defaults:\n- optim: ???\n", "line 2: optim is chosen on the command line"),
    ("defaults:\n- optim: ${oc.env:OPTIM}\n", "line 2: the entry optim of defaults is only known when Hydra runs"),
    ("defaults:\n- ../other\n", "line 2: the entry ../other of defaults is only known when Hydra runs"),
    ("defaults:\n- override /optim: sgd\n", "line 2: override /optim matches no entry"),
    ("defaults:\n- config\n", "line 2: the base config config is one of those that lead here"),
]


@pytest.mark.parametrize(("text", "note"), NOTED, ids=range(len(NOTED)))
def test_what_hydra_alone_knows_is_named_with_its_line(text, note, tmp_path):
    (found,) = parse(written(tmp_path, {"config.yaml": text, **GROUPS})).notes
    assert note in found.en


def test_groups_that_name_each_other_end(tmp_path):
    files = {
        "config.yaml": "defaults: [g: a]\n",
        "g/a.yaml": "defaults: [b]\nx: 1\n",
        "g/b.yaml": "defaults: [a]\ny: 1\n",
    }
    config = parse(written(tmp_path, files))
    assert config.tree == {"g": {"x": 1, "y": 1}}
    assert "b.yaml, line 1: the base config g/a is one of those that lead here" in config.notes[0].en
