"""Configs that want to be run, or want to be large. Nothing of the kind may happen."""

from __future__ import annotations

import resource
import time

import pytest

from defib.configs.mmengine import parse
from defib.errors import ConfigSyntax, ConfigTooLarge

RUNS = [
    "import os\nos.system('touch {witness}')\n",
    "a = __import__('os').system('touch {witness}')\n",
    "a = [open(r'{witness}', 'w') for _ in (1,)]\n",
    "a = (lambda: open(r'{witness}', 'w'))()\n",
    "class A:\n    open(r'{witness}', 'w')\n",
    "def f(x=open(r'{witness}', 'w')):\n    pass\n",
    "a = f\"{{open(r'{witness}', 'w')}}\"\n",
    "_base_ = open(r'{witness}', 'w').name\n",
    "if open(r'{witness}', 'w'):\n    pass\n",
    "a = dict(**open(r'{witness}', 'w').__dict__)\n",
    "dict = exec\na = dict(\"open(r'{witness}', 'w')\")\n",
]


@pytest.mark.parametrize("text", RUNS)
def test_runs_nothing(text, tmp_path):
    witness = tmp_path / "witness"
    path = tmp_path / "c.py"
    path.write_text(text.format(witness=witness))
    parse(path)
    assert not witness.exists()


BOMBS = [
    "a = 10 ** 10 ** 10\n",
    "a = 2 ** 64 ** 64 ** 64\n",
    "a = 'a' * 10 ** 9\n",
    "a = [0] * 10 ** 9\n",
    "a = 9 ** 60\n" + "".join(f"a = a * a  # {n}\n" for n in range(40)),
    "a = 'xxxxxxxxxxxxxxxxxxxx'\n" + "a = a + a\n" * 60,
    "a = 0.5 ** -1e300\nb = (-8) ** 0.5\nc = 0 ** -1\n",
    "a = 10 % 0\nb = 1 << 10 ** 9\n",
]


@pytest.mark.parametrize("text", BOMBS)
def test_does_not_compute_what_would_fill_the_memory(text, tmp_path):
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.monotonic()
    parse(tmp_path / "c.py", text)
    assert time.monotonic() - started < 60
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200_000  # kB


DEEP = [
    "a = " + "[" * 150 + "]" * 150 + "\n",
    "a = " + "[" * 5000 + "]" * 5000 + "\n",
    "a = " + "dict(a=" * 120 + "1" + ")" * 120 + "\n",
    "a = " + "-" * 100_000 + "1\n",
    "a = " + "+".join(["1"] * 100_000) + "\n",
    "a = x" + ".b" * 100_000 + "\n",
    "a = 1\n" + "a = [a]\n" * 150,
    "a = [1, 1]\n" + "a = [a, a]\n" * 60,
    "a = [1, 1]\n" + "a = a + a\n" * 60,
    "a = [1, 1]\n" + "a = [*a, *a]\n" * 60,
    "a = dict(b=1)\n" + "a = dict(b=a, c=a)\n" * 60,
    "a0 = {}\n" + "".join(f"a{n + 1} = {{}}\na{n + 1}['x'] = a{n}\na{n + 1}['y'] = a{n}\n" for n in range(60)),
    "a0 = {}\n" + "".join(f"a{n + 1} = {{}}\na{n + 1}['x'] = a{n}\n" for n in range(3000)),
]


@pytest.mark.parametrize("text", DEEP, ids=range(len(DEEP)))
def test_refuses_what_is_nested_too_deep_or_multiplies_itself(text, tmp_path):
    started = time.monotonic()
    with pytest.raises(ConfigTooLarge):
        parse(tmp_path / "c.py", text)
    assert time.monotonic() - started < 120


def test_reads_a_config_that_is_nested_as_deep_as_real_ones(tmp_path):
    parse(tmp_path / "c.py", "a = " + "dict(a=" * 60 + "1" + ")" * 60 + "\n")


def test_refuses_blocks_that_are_nested_too_deep(tmp_path):
    text = "".join(" " * n + "if 1:\n" for n in range(150)) + " " * 150 + "a = 1\n"
    with pytest.raises((ConfigSyntax, ConfigTooLarge)):
        parse(tmp_path / "c.py", text)
