"""Ways of writing Python that configs contain now and then: right as mmengine reads it, or refused; never half done."""

from __future__ import annotations

import pytest

from defib.configs.mmengine import parse
from defib.configs.test_mmengine import theirs
from defib.errors import DefibError, RewriteNotProved, SiteNotEditable
from defib.rewriting.proof import expected
from defib.rewriting.rewrite import rewrite
from defib.rewriting.test_rewrite import edit, put
from defib.settings import EXPRESSION

HANDLED = {
    "arithmetic": "o = dict(lr=0.01 * 4 / 8)\n",
    "a negative number": "o = dict(lr=-1)\n",
    "a variable used twice": "v = 0.1\no = dict(lr=v)\np = dict(lr=v)\n",
    "poured by call": "b = dict(lr=1)\no = dict(**b)\n",
    "poured by stars": "b = dict(x=1)\no = {**b, 'lr': 1}\n",
    "a text over lines": "n = ('a'\n     'b')\no = dict(lr=1)\n",
    "a formatted text": "n = 3\ns = f'x{n}'\no = dict(lr=n)\n",
    "windows": "# c\r\no = dict(\r\n    lr=1,\r\n)\r\n",
    "tabs": "o = dict(\n\tlr=1,\t# x\n)\n",
    "no newline at the end": "o = dict(lr=1)",
    "a coding line": "# -*- coding: utf-8 -*-\no = dict(lr=1)\n",
    "wide characters before it": "n = dict(名='值🙂'); o = dict(k='学习率', lr=1)\n",
    "semicolons": "a = 1; o = dict(lr=1); b = 2\n",
    "a continued line": "o = \\\n    dict(lr=1)\nb = 1 + \\\n    1\n",
    "a ternary": "o = dict(lr=0.1 if True else 0.2, k=1)\n",
    "a comprehension": "o = dict(lr=1, s=[i for i in range(3)])\n",
    "a slice": "s = [1, 2, 3]\no = dict(lr=1, s=s[:2])\n",
    "a starred list": "s = [1, 2]\no = dict(lr=1, s=[*s, 3])\n",
    "a nested function": "def f():\n    def g():\n        return 2\n    return g\no = dict(lr=1)\n",
    "an augmented number": "v = 1\nv += 2\no = dict(lr=v)\n",
    "a deleted name": "v = 1\no = dict(lr=v)\ndel v\n",
    "a subscript": "o = dict(lr=1)\no['lr'] = 2\n",
    "an update": "o = dict(lr=1)\no.update(lr=2, k=3)\n",
    "a deleted key": "o = dict(lr=1, k=2)\ndel o['k']\n",
    "a subscript below a list": "s = [dict(a=1)]\ns[0]['a'] = 2\no = dict(lr=1, s=s)\n",
    "a condition about something else": "o = dict(lr=1)\nif True:\n    z = 1\n",
    "exponents": "o = dict(lr=1e-3)\n",
    "underscores": "o = dict(lr=1_000)\n",
    "no space": "o=dict(lr=1,k=2)\n",
    "a form feed": "a = 1\n\x0co = dict(lr=1)\n",
    "old mmcv": "optimizer = dict(type='SGD', lr=0.1)\ndata = dict(train=dict(type='X', p=1))\no = dict(lr=1)\n",
    "no dict": "o = {'lr': 1}\n",
    "type comments": "o = dict(lr=1)  # type: ignore\n",
}
REFUSED = {
    "a branch": "o = dict(lr=1)\nif True:\n    o = dict(lr=2)\n",
    "a branch that changes it": "o = dict(lr=1)\nif True:\n    o['lr'] = 2\n",
    "a loop": "o = dict(lr=1)\nfor k in ['lr']:\n    o[k] = 2\n",
    "exec": "o = dict(lr=1)\nexec('o[\"lr\"] = 2')\n",
    "locals": "o = dict(lr=1)\nlocals()['o'] = dict(lr=2)\n",
    "globals with update": "o = dict(lr=1)\nglobals().update(o=dict(lr=2))\n",
    "a function that changes it": "o = dict(lr=1)\ndef f():\n    o['lr'] = 2\nf()\n",
    "a function that declares it global": "o = dict(lr=1)\ndef f():\n    global o\n    o = dict(lr=2)\nf()\n",
    "exec of a number": "v = 1\no = dict(lr=v)\nexec('v = 3')\n",
    "eval in a value": "o = dict(lr=1)\nz = eval('o.pop(\"lr\")')\n",
    "setdefault": "o = dict(lr=1)\no.setdefault('x', 2)\n",
    "a walrus": "o = dict(lr=(v := 1), k=v)\no.pop('k')\n",
    "an alias in a list that a call changes": "o = dict(lr=1)\ns = [o]\ns[0].pop('lr')\no['lr'] = 3\n",
}


def agrees(mine, real):
    """Whether what is known is what mmengine reads."""
    if isinstance(mine, dict) and EXPRESSION in mine:
        return True
    if isinstance(mine, dict) and isinstance(real, dict):
        return mine.keys() == real.keys() and all(agrees(mine[key], real[key]) for key in mine)
    if isinstance(mine, list) and isinstance(real, list):
        return len(mine) == len(real) and all(map(agrees, mine, real))
    return mine == real


def file_with(folder, text):
    path = folder / "c.py"
    path.write_bytes(text.encode())
    return path


@pytest.mark.parametrize("name", sorted(HANDLED))
def test_is_read_and_changed_as_mmengine_reads_it(name, tmp_path):
    text = HANDLED[name]
    path = file_with(tmp_path, text)
    config = parse(path)
    assert agrees(
        {key: value for key, value in config.tree.items() if key != "z"},
        {key: value for key, value in theirs(path).items() if key != "z"},
    )
    edits = [edit("x", *put(7, "o.lr"))]
    new = rewrite(config, text, edits)
    there = tmp_path / "new.py"
    there.write_bytes(new.encode())
    assert theirs(there)["o"]["lr"] == 7
    assert agrees(expected(config.tree, edits)["o"], theirs(there)["o"])
    assert path.read_bytes() == text.encode()


@pytest.mark.parametrize("name", sorted(REFUSED))
def test_is_refused_or_right_and_never_half_done(name, tmp_path):
    text = REFUSED[name]
    path = file_with(tmp_path, text)
    config = parse(path)
    assert config.notes or "eval" in text  # a value that is not known says so itself
    try:
        new = rewrite(config, text, [edit("x", *put(7, "o.lr"))])
    except (SiteNotEditable, RewriteNotProved):
        pass
    else:
        there = tmp_path / "new.py"
        there.write_text(new)
        assert theirs(there)["o"]["lr"] == 7
        assert theirs(there).keys() - {"z"} == theirs(path).keys() - {"z"}
    assert path.read_text() == text


def test_a_byte_order_mark_is_refused_as_mmengine_does(tmp_path):
    path = tmp_path / "c.py"
    path.write_bytes(b"\xef\xbb\xbfo = dict(lr=1)\n")
    with pytest.raises(DefibError):
        parse(path)
    with pytest.raises(Exception, match="U\\+FEFF"):
        theirs(path)
