"""What must not be edited is refused, and the original stays as it is."""

from __future__ import annotations

import pytest

from defib.configs.mmengine import parse
from defib.errors import SiteNotEditable
from defib.rewriting.rewrite import rewrite
from defib.rewriting.test_rewrite import added, edit, gone, put

REFUSED = {
    "a setting that is not there": ("a = 1\n", put(2, "b")),
    "a position that is not there": ("a = [1]\n", gone("a.1")),
    "a key that is there already": ("a = dict(b=1)\n", added(2, "a.b")),
    "a key below a number": ("a = 1\n", added(2, "a.b")),
    "a name that is a statement": ("a = 1\n", added(2, "b = print(1)\nc")),
    "a name that is a keyword": ("a = 1\n", added(2, "import")),
    "no name at all": ("a = 1\n", put(2, "")),
    "a position in the middle of a list": ("a = [1, 2]\n", added(2, "a.1")),
    "a list that a later line changes": ("a = [1, 2]\na.append(3)\n", put(5, "a.0")),
    "a dict that a later line changes": ("a = dict(b=1)\na.setdefault('b', 2)\n", put(5, "a.b")),
    "a list that a call is given": ("a = dict(b=1)\nc = change(a)\n", put(5, "a.b")),
    "a list that a loop walks": ("a = [dict(b=1)]\nfor x in a:\n    x['b'] = 2\n", put(5, "a.0.b")),
    "a name that is used elsewhere": ("a = 1\nb = dict(c=a)\n", gone("a")),
    "a name in a chain": ("a = b = 1\n", gone("a")),
    "a name that a forgotten line uses": ("a = 1\nb = [a]\nb = 2\n", gone("a")),
    "a name that is bound twice": ("a = 1\na = 2\n", gone("a")),
    "a large dict of which something is computed": (
        f"a = dict(x=1, y=[{', '.join('1' * 60)}])\nb = len(a)\n",
        put(5, "a.x"),
    ),
}


@pytest.mark.parametrize("name", sorted(REFUSED))
def test_refuses(name, tmp_path):
    text, sites = REFUSED[name]
    path = tmp_path / "c.py"
    path.write_text(text)
    with pytest.raises(SiteNotEditable) as caught:
        rewrite(parse(path), text, [edit("x", *sites)])
    assert caught.value.values["site"] == sites[0].path
    assert path.read_text() == text
