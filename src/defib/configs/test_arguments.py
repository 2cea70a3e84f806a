"""Command lines in scripts: read without the shell. Written by hand."""

from __future__ import annotations

import argparse
import shlex
import time

import pytest

from defib.configs import parse
from defib.errors import ConfigSyntax, ConfigTooLarge

TEXT = """#!/bin/bash
#SBATCH --gres=gpu:1
LR=5e-5  # the rate
torchrun --nproc_per_node 2 run_clm.py \\
    --learning_rate $LR \\
    --per-device-train-batch-size=8 \\
    --output_dir "out dir" --betas 0.9 0.95 \\
    --fp16 --trainer.max_epochs 3
echo done
"""


def test_reads_the_options_as_argparse_does(tmp_path):
    tree = parse(tmp_path / "train.sh", TEXT).tree
    parser = argparse.ArgumentParser()
    parser.add_argument("--learning_rate", type=float)
    parser.add_argument("--per-device-train-batch-size", type=int)
    parser.add_argument("--output_dir")
    parser.add_argument("--betas", type=float, nargs="*")
    parser.add_argument("--fp16", action="store_true")
    line = TEXT.partition("run_clm.py")[2].partition("--trainer")[0].replace("\\\n", " ").replace("$LR", "5e-5")
    wanted = vars(parser.parse_args(shlex.split(line)))
    assert tree == wanted | {"trainer": {"max_epochs": 3}}


@pytest.mark.parametrize("word", ["${LR:-1}", "$(cat lr)", "`cat lr`", "$UNKNOWN"])
def test_what_the_shell_would_have_to_compute_is_unknown(word, tmp_path):
    text = f"python a.py --lr {word}\n"
    try:
        assert parse(tmp_path / "t.sh", text).tree["lr"]["line"] == 1
    except ConfigSyntax:
        assert word.startswith("$(")


REFUSED = [
    ("for lr in 1 2; do\n  python a.py --lr $lr\ndone\n", 2),
    ("if true; then python a.py --lr 1; fi\n", 1),
    ("python a.py --lr 1\npython b.py --lr 2\n", 2),
    ("python a.py --lr 1 --lr 2\n", 1),
    ("echo no\n", 1),
    ("echo 1\npython a.py --lr 'open\n", 2),
]


@pytest.mark.parametrize(("text", "line"), REFUSED)
def test_refuses_with_the_line(text, line, tmp_path):
    with pytest.raises(ConfigSyntax) as caught:
        parse(tmp_path / "t.sh", text)
    assert caught.value.values["line"] == line


def test_a_long_script_costs_little(tmp_path):
    started = time.monotonic()
    parse(tmp_path / "t.sh", "python a.py --lr 1 " + "--x " + "'" + "a" * 200_000 + "'\n")
    assert time.monotonic() - started < 60


def test_refuses_a_name_of_endless_steps(tmp_path):
    with pytest.raises(ConfigTooLarge):
        parse(tmp_path / "t.sh", "python a.py --a" + ".a" * 100_000 + " 1\n")


@pytest.mark.parametrize(
    "start",
    [
        "python -m pkg.train",
        "python3.11 -u -m pkg.train",
        "torchrun --nproc_per_node 2 -m pkg.train",
        "python -m torch.distributed.run --nproc_per_node=2 -m pkg.train",
        "python -m torch.distributed.launch --nproc_per_node=2 tools/train.py",
    ],
)
def test_a_module_is_a_program_too(start, tmp_path):
    assert parse(tmp_path / "t.sh", f"{start} --lr 0.1\n").tree == {"lr": 0.1}


def test_a_message_of_another_program_is_no_module(tmp_path):
    with pytest.raises(ConfigSyntax) as refused:
        parse(tmp_path / "t.sh", "git commit -m msg --amend\n")
    assert "starts a Python program with options" in refused.value.words.en
    assert "启动 Python 程序" in refused.value.words.zh
