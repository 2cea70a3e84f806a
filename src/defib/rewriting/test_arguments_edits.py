"""Command lines in scripts with edits: the value changes where it stands, and no other byte."""

from __future__ import annotations

import pytest

from defib.configs import parse
from defib.configs.test_arguments import TEXT
from defib.errors import RewriteNotProved, SiteNotEditable
from defib.records import Edit, Site
from defib.rewriting import rewrite
from defib.words import same


def edited(tmp_path, text, *sites):
    config = parse(tmp_path / "train.sh", text)
    return rewrite(config, text, [Edit(key="k", why=same(""), play="test", sites=sites)])


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


@pytest.mark.parametrize("word", ["${LR:-1}", "`cat lr`", "$UNKNOWN"])
def test_refuses_to_change_what_the_shell_computes(word, tmp_path):
    with pytest.raises(SiteNotEditable):
        edited(tmp_path, f"python a.py --lr {word}\n", Site(path="lr", new=1))


@pytest.mark.parametrize(
    ("text", "new"),
    [
        ("python a.py --lr 1 --resume b/c --seed 2\n", "python a.py --lr 1 --seed 2\n"),
        ("python a.py \\\n  --lr 1 \\\n  --resume b/c \\\n  --seed 2\n", "python a.py \\\n  --lr 1 \\\n  --seed 2\n"),
        ("python a.py --lr 1 \\\n  --resume=b/c\necho --resume\n", "python a.py --lr 1\necho --resume\n"),
        ("python a.py --resume b c --lr -1\n", "python a.py --lr -1\n"),
    ],
)
def test_takes_an_option_out_with_its_values(tmp_path, text, new):
    found = edited(tmp_path, text, Site(path="resume", action="delete"))
    assert found.partition("\n")[2] == new


def test_refuses_to_take_out_the_only_option_and_a_part_of_one(tmp_path):
    for text, path in (("python a.py --resume b\n", "resume"), ("python a.py --a.b 1 --a.c 2\n", "a")):
        with pytest.raises((SiteNotEditable, RewriteNotProved)):
            edited(tmp_path, text, Site(path=path, action="delete"))
