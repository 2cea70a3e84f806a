"""`key=value` words of Hydra and mmengine in scripts: read by their grammar, without running anything. Written by hand."""

from __future__ import annotations

import pytest

from defib.configs import parse
from defib.configs.dialects import places
from defib.errors import ConfigSyntax

TEXT = """#!/bin/bash
WD=1e-2
python train.py --config-name base \\
    optim.lr=0.1  'optim.betas=[0.9, 0.95]' \\
    ++optim.wd=$WD "name=a b" +data.note=null amp=true \\
    model/backbone=resnet
"""


def tree(tmp_path, line):
    return parse(tmp_path / "t.sh", line).tree


def test_reads_overrides_as_settings(tmp_path):
    assert tree(tmp_path, TEXT) == {
        "config_name": "base",
        "optim": {"lr": 0.1, "betas": [0.9, 0.95], "wd": 0.01},
        "name": "a b",
        "data": {"note": None},
        "amp": True,
        "model/backbone": "resnet",
    }


def test_what_its_grammar_computes_is_unknown(tmp_path):
    for word in ("lr=0.1,0.2", "'lr=choice(1,2)'", "'lr=${a}'", '"lr=$LR"', "'lr={a:1}'", "lr=$(cat)"):
        try:
            found = tree(tmp_path, f"python a.py x=1 {word}\n")
        except ConfigSyntax:
            assert "$(" in word
        else:
            assert found["lr"]["line"] == 1, word


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("python a.py --exp lr=1 b=2", {"exp": "lr=1", "b": 2}),
        ("python a.py --cfg-options lr=1 b=2", {"cfg_options": True, "lr": 1, "b": 2}),
        ("python a.py --amp optim.lr=1", {"amp": True, "optim": {"lr": 1}}),
        ("python a.py -m lr=1", {"lr": 1}),
        ("python a.py lr=", {"lr": ""}),
    ],
)
def test_the_first_word_behind_an_option_is_its_value_unless_it_cannot_be(line, wanted, tmp_path):
    assert tree(tmp_path, f"{line}\n") == wanted


def test_refuses_what_is_set_twice_and_names_the_line(tmp_path):
    for text in ("python a.py lr=1 \\\n lr=2\n", "python a.py --lr 1 \\\n +lr=2\n"):
        with pytest.raises(ConfigSyntax) as caught:
            parse(tmp_path / "t.sh", text)
        assert caught.value.values["line"] == 2


def test_tells_the_line_of_an_override_and_of_a_switch(tmp_path):
    path = tmp_path / "t.sh"
    path.write_text("python a.py --amp \\\n  optim.lr=1\n", encoding="utf-8")
    assert places(path, ["amp", "optim.lr"]) == {"amp": (None, 1), "optim.lr": (None, 2)}
