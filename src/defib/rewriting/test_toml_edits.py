"""TOML with edits: exactly the sites change, as tomllib reads them, and every other line stays."""

from __future__ import annotations

import tomllib

import pytest

from defib.configs import parse
from defib.configs.dialects import places
from defib.errors import ConfigSyntax, ConfigTooLarge, SiteNotEditable
from defib.records import Edit, Site
from defib.rewriting import rewrite
from defib.words import same

# By hand, after the form of kohya's and torchtitan's job files.
TEXT = """# a job
title = 'one'   # quoted so

[optimizer]
lr = 8e-4  # peak
betas = [0.9, 0.95]

[training]
steps = 1_000
# the last comment
[[data]]
name = "a"
"""


def edited(tmp_path, text, *sites):
    config = parse(tmp_path / "c.toml", text)
    new = rewrite(config, text, [Edit(key="k", why=same(""), play="test", sites=sites)])
    head, _, rest = new.partition("\n")
    assert head.startswith("# Written by defib from c.toml")
    return rest


CASES = [
    (Site(path="optimizer.lr", new=5e-05), TEXT.replace("8e-4", "5e-05")),
    (Site(path="training.steps", new=500.0), TEXT.replace("1_000", "500")),
    (Site(path="optimizer.betas.1", new=0.99), TEXT.replace("0.95", "0.99")),
    (Site(path="data.0.name", new="b"), TEXT.replace('"a"', '"b"')),
    (Site(path="optimizer.lr", action="delete"), TEXT.replace("lr = 8e-4  # peak\n", "")),
]


@pytest.mark.parametrize(("site", "wanted"), CASES, ids=range(len(CASES)))
def test_changes_the_site_and_no_other_byte(site, wanted, tmp_path):
    assert edited(tmp_path, TEXT, site) == wanted
    assert edited(tmp_path, TEXT.replace("\n", "\r\n"), site).replace("\r\n", "\n") == wanted


@pytest.mark.parametrize("path", ["seed", "training.max_norm", "compile.on"])
def test_puts_a_new_key_where_it_belongs_and_keeps_every_line(path, tmp_path):
    new = edited(tmp_path, TEXT, Site(path=path, new=1, action="insert"))
    above, _, step = path.rpartition(".")
    found = tomllib.loads(new)
    assert (found[above] if above else found)[step] == 1
    left = iter(new.splitlines())
    assert all(line in left for line in TEXT.splitlines())


UNFIT = [
    (Site(path="optimizer.gone", new=1), 4),
    (Site(path="optimizer.lr", new=1, action="insert"), 5),
    (Site(path="optimizer.betas.7", new=1), 6),
    (Site(path="data.0.name.x", new=1), 12),
    (Site(path="data.1", action="delete"), 11),
    (Site(path="seed", action="delete"), 1),
]


@pytest.mark.parametrize(("site", "line"), UNFIT, ids=range(len(UNFIT)))
def test_refuses_what_does_not_fit_and_names_the_line(site, line, tmp_path):
    with pytest.raises(SiteNotEditable) as caught:
        edited(tmp_path, TEXT, site)
    assert caught.value.values["line"] == line


BROKEN = [("a = 1\nb = \n", 2), ("a = [1,\n 2\n", 2), ('a = 1\n\nb = """\nx', 4), ("[a]\n[a]\n", 2), ("a = 1\n]", 2)]


@pytest.mark.parametrize(("text", "line"), BROKEN, ids=range(len(BROKEN)))
def test_an_error_names_its_line(text, line, tmp_path):
    with pytest.raises(ConfigSyntax) as caught:
        parse(tmp_path / "c.toml", text)
    assert caught.value.values["line"] == line


def test_tells_the_line_of_each_setting(tmp_path):
    path = tmp_path / "c.toml"
    text = TEXT + 'when = 2026-01-01\nnote = """\n[no]\n# \\"""\n"""\n\n[[data]]\n[data."a b"]\nx = 1\n'
    path.write_text(text, encoding="utf-8")
    found = places(path, ["title", "optimizer.betas.1", "data.0.name", "data.0.when", "data.1.a b.x"])
    assert {key: line for key, (_, line) in found.items()} == {
        "title": 2,
        "optimizer.betas.1": 6,
        "data.0.name": 12,
        "data.0.when": 13,
        "data.1.a b.x": 21,
    }


def test_refuses_what_is_no_toml(tmp_path):
    with pytest.raises(ConfigSyntax) as caught:
        parse(tmp_path / "c.toml", "a = 1\na = 2\n")
    assert caught.value.values["line"] == 2
    with pytest.raises((ConfigTooLarge, ConfigSyntax)):
        parse(tmp_path / "c.toml", "a = " + "[" * 100_000 + "]" * 100_000)
    with pytest.raises(ConfigSyntax):
        parse(tmp_path / "c.toml", "a = " + "9" * 100_000)
    for text in ("a." * 100_000 + "b = 1", "x = {" + "a." * 100_000 + "b = 1}", "[" + "a." * 100_000 + "b]"):
        with pytest.raises(ConfigTooLarge):
            parse(tmp_path / "c.toml", text)
