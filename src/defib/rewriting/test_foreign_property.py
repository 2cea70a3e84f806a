"""Any TOML document and any launch script, any sites: they change, and every comment and blank line stays."""

from __future__ import annotations

import json
import shlex
import tomllib

import hypothesis.strategies as st
from hypothesis import given, settings

from defib.configs import parse
from defib.records import Edit, Site
from defib.rewriting import rewrite
from defib.rewriting.proof import differences, expected, switched_off
from defib.rewriting.test_property import names, paths
from defib.words import same

numbers = st.integers(-1000, 1000) | st.floats(-1e6, 1e6).map(lambda value: round(value, 4))
texts = st.text("abc é#'/-", max_size=5)
scalars = st.booleans() | numbers | texts
inline = st.recursive(
    scalars, lambda below: st.lists(below, max_size=3) | st.dictionaries(names, below, max_size=3), max_leaves=6
)
documents = st.tuples(
    st.dictionaries(names, inline, max_size=3),
    st.dictionaries(names.map(lambda name: f"t{name}"), st.dictionaries(names, inline, max_size=3), max_size=2),
    st.lists(st.dictionaries(names, inline, min_size=1, max_size=2), max_size=2),
)


def toml(value):
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key} = {toml(below)}" for key, below in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(toml, value)) + "]"
    return json.dumps(value)


def statement(key, value, random):
    """A key with its value; a list may be spread over lines with comments of their own."""
    beside = f"  # beside {random.random()}" if random.random() < 0.5 else ""
    if isinstance(value, list) and value and random.random() < 0.5:
        remark = [f"  # inside {random.random()}"] if random.random() < 0.5 else []
        rows = [row for item in value for row in (*remark, f"  {toml(item)}, # on the row")]
        return [f"{key} = [", *rows, f"]{beside}"]
    return [f"{key} = {toml(value)}{beside}"]


def laid_out(document, random):
    """The lines of a document, each with the path that it goes with."""
    plain, tables, several = document
    lines = [("# the head", ""), ("", "")]

    def body(prefix, entries):
        for key, value in entries.items():
            lines.append((f"# about {random.random()}", ""))
            rows = statement(key, value, random)
            lines.extend((line, "" if line.lstrip().startswith("#") else f"{prefix}{key}") for line in rows)
            lines.append(("", ""))

    body("", plain)
    for name, entries in tables.items():
        lines.append((f"[{name}]  # a table", name))
        body(f"{name}.", entries)
    for index, entries in enumerate(several):
        lines.append(("[[many]]", "many"))
        body(f"many.{index}.", entries)
    return lines


def sites_of(data, tree, fresh):
    """Some values set to others of their kind, and some taken out, none below another."""
    leaves = [(path, old) for path, old in paths(tree) if not isinstance(old, dict | list)]
    chosen = data.draw(st.lists(st.sampled_from(leaves), max_size=4, unique_by=lambda one: one[0])) if leaves else []
    found = []
    for path, old in chosen:
        inside = path.rpartition(".")[2].isdecimal()
        if not inside and data.draw(st.booleans()):
            found.append(Site(path=path, old=old, action="delete"))
        else:
            found.append(Site(path=path, old=old, new=data.draw(fresh(old))))
    return found


@settings(max_examples=150, deadline=None)
@given(document=documents, data=st.data(), random=st.randoms(use_true_random=False))
def test_toml_changes_the_sites_and_nothing_else(tmp_path_factory, document, data, random):
    plain, tables, several = document
    tree = {**plain, **tables, **({"many": several} if several else {})}
    lines = laid_out(document, random)
    text = "".join(f"{line}\n" for line, _ in lines)
    path = tmp_path_factory.mktemp("toml") / "c.toml"
    path.write_text(text, encoding="utf-8")
    config = parse(path)
    assert config.tree == tree == tomllib.loads(text)
    edits = [Edit(key="k", why=same(""), play="test", sites=tuple(sites_of(data, tree, lambda _: scalars)))]
    new = rewrite(config, text, edits)
    assert differences(expected(tree, edits), tomllib.loads(new)) == []
    touched = [site.path for site in edits[0].sites]
    rest = iter(new.splitlines())
    for line, owner in lines:
        if not owner or not any(one == owner or one.startswith(f"{owner}.") for one in touched):
            assert line in rest, line
    assert new.count("# on the row") == text.count("# on the row")
    assert path.read_text(encoding="utf-8") == text


words = st.text("abc-_/.", min_size=1, max_size=5).filter(lambda word: word[0].isalpha())


@settings(max_examples=150, deadline=None)
@given(
    options=st.dictionaries(names, st.just(True) | numbers | words, min_size=1, max_size=4),
    overrides=st.dictionaries(names.map(lambda name: f"o{name}"), st.booleans() | numbers | words, max_size=3),
    data=st.data(),
    random=st.randoms(use_true_random=False),
)
def test_scripts_change_the_sites_and_nothing_else(tmp_path_factory, options, overrides, data, random):
    tree = {"first": 1, **({"x": overrides} if overrides else {}), **options}
    parts = ["python train.py --first 1"]
    parts += [f"{random.choice(['', '+', '++'])}x.{key}={str(value).lower()}" for key, value in overrides.items()]
    parts += [f"--{key}" + ("" if value is True else f"{random.choice(' =')}{value}") for key, value in options.items()]
    head = ["#!/bin/bash", "", f"# about {random.random()}", "export A=1  # beside", ""]
    tail = ["", "echo done  # the end", ""]
    text = "\n".join([*head, " \\\n  ".join(parts), *tail])
    path = tmp_path_factory.mktemp("script") / "t.sh"
    path.write_text(text, encoding="utf-8")
    config = parse(path)
    assert config.tree == tree

    def fresh(old):
        return st.just(False) if old is True else numbers | words

    sites = tuple(site for site in sites_of(data, tree, fresh) if site.path != "first")
    edits = [Edit(key="k", why=same(""), play="test", sites=sites)]
    new = rewrite(config, text, edits)
    found = parse(path, new).tree
    assert differences(switched_off(expected(tree, edits), found), found) == []
    rows = new.splitlines()
    assert [row for row in rows if not row.startswith("# Written")][: len(head)] == head
    assert new.endswith("\n".join(["", *tail]))
    command = shlex.split(new[new.index("python ") : new.index("\n\necho")].replace("\\\n", " "))
    touched = {site.path.rpartition(".")[2] for site in sites}
    for part in parts[1:]:
        if part.lstrip("-+").removeprefix("x.").partition("=")[0].partition(" ")[0] not in touched:
            assert all(word in command for word in shlex.split(part)), part
            assert part in new
    assert path.read_text(encoding="utf-8") == text
