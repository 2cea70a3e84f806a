"""mmengine itself is the judge: what it reads from a config is what `parse` has to find without running it."""

from __future__ import annotations

import hashlib
from pathlib import Path

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings
from mmengine.config import Config

import defib
from defib.configs.mmengine import parse
from defib.errors import ConfigSyntax, ConfigTooLarge

DEMO = Path(defib.__file__).parent / "demo" / "runs" / "mmaction2-lr-jump" / "lrjump_full.py"


def normal(value):
    if isinstance(value, dict):
        return {str(key): normal(item) for key, item in value.items()}
    return [normal(item) for item in value] if isinstance(value, list | tuple) else value


def theirs(path, lazy=None):
    return normal(Config.fromfile(path, lazy_import=lazy).to_dict())


def written(folder, text, name="config.py"):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


SAME = {
    "literals": "a = 1\nb = -2.5\nc = 'x'\nd = None\ne = (1, 2)\nf = (1, )\ng = {'k': [True, False]}\nh = 1, 2\n",
    "names": "lr = 0.1\no = dict(lr=lr, steps=[lr, 2])\np = dict(o=o, again=[o])\n",
    "spreads": "a = dict(x=1, y=2)\nb = dict(y=3, **dict(z=a))\nc = {**a, 'y': 5}\nd = [*[1, 2], 3]\ne = dict(a, y=7)\n",
    "arithmetic": "a = 0.01 * 4 / 8\nb = 7 // 2\nc = -a\nd = 2 ** 10\ne = a - 1\n",
    "sums": "a = [1]\nb = a + [2]\nc = (1,) + (2,)\nd = 'x' + 'y'\n",
    "texts": "r = 'data'\nn = 3\na = f'{r}/{n}.pkl'\nb = 'one' 'two'\n",
    "chained": "a = b = dict(x=1)\nc = b\n",
    "again": "a = 1\nb = a\na = 2\nc = a\n",
    "self": "a = dict(x=1)\na = dict(a=a, y=2)\n",
    "unpacked": "a, b = 1, [2]\n(c, d) = (a, b)\n",
    "lookups": "a = dict(x=[1, dict(y=2)])\nb = a['x'][1]['y']\nc = a['x']\n",
    "augmented": "a = 1\na += 2\nb = 'x'\nb += 'y'\n",
    "annotated": "a: int = 3\nb: str\n",
    "private": "_a = 1\n__b = 2\nc = __b\n",
    "deleted": "a = 1\nb = a\ndel a\n",
    "modules": "import math\nimport os.path as osp\na = 1\n",
    "functions": "a = 1\ndef f():\n    return 1\n",
    "unicode": "a = '\u4f60\u597d'; b = dict(k='\u6587', c=2)\n",
    "empty": "",
    "docstring": '"""A config."""\na = 1\n',
}


@pytest.mark.parametrize("name", sorted(SAME))
def test_reads_what_mmengine_reads(name, tmp_path):
    path = written(tmp_path, SAME[name])
    assert parse(path).tree == theirs(path)


def test_reads_the_dumped_config_of_the_demo_as_mmengine_does():
    assert parse(DEMO).tree == theirs(DEMO)
    assert parse(DEMO).links == {}


names = st.text("abcdefgh", min_size=1, max_size=4).map(lambda text: f"k_{text}")
scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**60), 2**60),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="{}"), max_size=8),
)
values = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.lists(inner, max_size=4).map(tuple), st.dictionaries(names, inner, max_size=4)
    ),
    max_leaves=20,
)


def source(value, *, call):
    if isinstance(value, dict) and call:
        return f"dict({', '.join(f'{key}={source(item, call=not call)}' for key, item in value.items())})"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key!r}: {source(item, call=not call)}" for key, item in value.items()) + "}"
    if isinstance(value, tuple):
        return f"({', '.join(source(item, call=call) for item in value)}{',' if value else ''})"
    if isinstance(value, list):
        return f"[{', '.join(source(item, call=call) for item in value)}]"
    return repr(value)


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(names, values, max_size=5))
def test_reads_any_literal_config_as_mmengine_does(tmp_path_factory, tree):
    text = "".join(
        f"{key} = {source(value, call=bool(index % 2))}\n" for index, (key, value) in enumerate(tree.items())
    )
    path = written(tmp_path_factory.mktemp("config"), text)
    assert parse(path).tree == normal(tree) == theirs(path)


def test_records_which_paths_are_one_object(tmp_path):
    text = "lr = 0.1\nsteps = [dict(lr=lr)]\nloader = dict(data=dict(steps=steps))\nval = loader\nhead = {**loader}\n"
    assert parse(written(tmp_path, text)).links == {
        "steps.0.lr": "lr",
        "loader.data.steps": "steps",
        "val": "loader",
        "head.data": "loader.data",
    }


def test_does_not_link_to_a_name_that_was_bound_again(tmp_path):
    assert parse(written(tmp_path, "a = 1\nb = a\na = 2\n")).links == {}


def test_takes_the_hash_of_the_bytes_of_this_file(tmp_path):
    path = written(tmp_path, "a = 1\n")
    assert parse(path).sha256 == hashlib.sha256(b"a = 1\n").hexdigest()


EXPRESSIONS = [
    "open('/etc/passwd')",
    "[i for i in range(3)]",
    "1 if True else 2",
    "lambda: 1",
    "unknown",
    "{1, 2}",
    "b'x'",
    "1j",
    "1 < 2",
    "'a' * 10",
    "[0] * 3",
    "float('inf')",
    "1e999",
    "'%d' % 3",
    "{1: 'a', '1': 'b'}",
    "1 / 0",
    "'{{ fileBasename }}'",
    "'{{$HOME:x}}/y'",
]


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_leaves_what_would_have_to_be_run_as_it_is_written(expression, tmp_path):
    config = parse(written(tmp_path, f"a = 1\nb = dict(x={expression}, y=2)\n"))
    assert config.tree == {"a": 1, "b": {"x": {"$expression": expression, "line": 2}, "y": 2}}


@pytest.mark.parametrize(
    "statement",
    [
        "if True:\n    a = 2",
        "for a in range(3):\n    pass",
        "a = 1; a[0] = 2",
        "a = [1]; a.append(2)",
        "import os",
        "with open('x') as a:\n    pass",
    ],
)
def test_names_the_line_of_every_statement_that_it_leaves_out(statement, tmp_path):
    config = parse(written(tmp_path, f"b = 1\n{statement}\n"))
    assert config.tree["b"] == 1
    assert "line 2" in config.notes[0].en
    assert "第 2 行" in config.notes[0].zh


def test_does_not_believe_a_value_that_a_branch_may_have_replaced(tmp_path):
    tree = parse(written(tmp_path, "lr = 0.1\nif lr > 0:\n    lr = 0.2\no = dict(lr=lr)\n")).tree
    assert "$expression" in tree["lr"]
    assert "$expression" in tree["o"]["lr"]


@pytest.mark.parametrize(
    ("content", "line"),
    [(b"a = 1\nb = = 2\n", 2), (b"a = 1\n\xff\n", 2), (b"a = '\0'\n", 1), (b"a = 1" + b"0" * 5000, 1)],
)
def test_refuses_what_is_no_config_and_says_where(content, line, tmp_path):
    path = tmp_path / "c.py"
    path.write_bytes(content)
    with pytest.raises(ConfigSyntax) as caught:
        parse(path)
    assert caught.value.values["line"] == line


def test_refuses_a_file_that_is_too_large_before_it_reads_all_of_it(tmp_path):
    path = tmp_path / "c.py"
    path.write_bytes(b"#" * (2 * 1024 * 1024 + 1))
    with pytest.raises(ConfigTooLarge):
        parse(path)
