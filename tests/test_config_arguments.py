"""Command lines in scripts: read without the shell, and rewritten where the value stands. Written by hand."""

from __future__ import annotations

import argparse
import shlex
import time

import pytest

from defib.configs import parse
from defib.errors import ConfigSyntax, ConfigTooLarge, SiteNotEditable
from defib.records import Edit, Site
from defib.rewriting import rewrite
from defib.words import same

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


def edited(tmp_path, text, *sites):
    config = parse(tmp_path / "train.sh", text)
    return rewrite(config, text, [Edit(key="k", why=same(""), play="test", sites=sites)])


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


def test_changes_the_variable_that_only_this_option_uses(tmp_path):
    new = edited(tmp_path, TEXT, Site(path="learning_rate", new=1e-05), Site(path="betas.1", new=0.99))
    head, rest = new.split("\n", 2)[0], new.split("\n", 2)[2]
    assert head == "#!/bin/bash"
    assert rest == TEXT.replace("5e-5", "1e-05").replace("0.95", "0.99").partition("\n")[2]


def test_leaves_a_variable_alone_that_is_used_elsewhere(tmp_path):
    text = TEXT.replace("echo done", "echo run_$LR")
    assert "LR=5e-5" in edited(tmp_path, text, Site(path="learning_rate", new=1e-05))
    assert "--learning_rate 1e-05 \\" in edited(tmp_path, text, Site(path="learning_rate", new=1e-05))


def test_puts_a_new_option_at_the_end_of_the_command(tmp_path):
    new = edited(tmp_path, TEXT, Site(path="seed", new=1, action="insert"))
    assert "--trainer.max_epochs 3 --seed 1\necho" in new


@pytest.mark.parametrize("word", ["${LR:-1}", "$(cat lr)", "`cat lr`", "$UNKNOWN"])
def test_what_the_shell_would_have_to_compute_is_unknown(word, tmp_path):
    text = f"python a.py --lr {word}\n"
    try:
        assert parse(tmp_path / "t.sh", text).tree["lr"]["line"] == 1
    except ConfigSyntax:
        assert word.startswith("$(")
    else:
        with pytest.raises(SiteNotEditable):
            edited(tmp_path, text, Site(path="lr", new=1))


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
    assert time.monotonic() - started < 5


def test_refuses_a_name_of_endless_steps(tmp_path):
    with pytest.raises(ConfigTooLarge):
        parse(tmp_path / "t.sh", "python a.py --a" + ".a" * 100_000 + " 1\n")
