"""YAML and JSON with edits: exactly the sites change, as the real clients read them, and all else stays byte for byte."""

from __future__ import annotations

import json

import hypothesis.strategies as st
import pytest
import yaml
from hypothesis import given, settings

from defib.configs import parse
from defib.configs.scalars import text_for_pyyaml
from defib.configs.test_dialects import LIGHTNING, ULTRALYTICS
from defib.errors import SiteNotEditable
from defib.records import Edit, Site
from defib.rewriting import rewrite
from defib.rewriting.proof import expected
from defib.words import same


def edited(tmp_path, text, *sites, name="c.yaml"):
    config = parse(tmp_path / name, text)
    new = rewrite(config, text, [Edit(key="k", why=same(""), play="test", sites=sites)])
    return "".join(line for line in new.splitlines(keepends=True) if not line.startswith("# Written by defib"))


def put(path, new):
    return Site(path=path, new=new)


def insert(path, new):
    return Site(path=path, new=new, action="insert")


def delete(path):
    return Site(path=path, action="delete")


def test_changes_one_value_of_a_real_looking_file(tmp_path):
    assert edited(tmp_path, ULTRALYTICS, put("lr0", 5e-05)) == ULTRALYTICS.replace("lr0: 0.01", "lr0: 5.0e-05")
    new = edited(tmp_path, LIGHTNING, put("trainer.gradient_clip_val", 1.0), put("model.init_args.betas", [0.9, 0.95]))
    assert new == LIGHTNING.replace("clip_val: null", "clip_val: 1.0").replace("0.999", "0.95")


def test_marks_the_new_file_and_keeps_line_ends_and_the_order_mark(tmp_path):
    text = "\ufeffa: 1 # one\r\nb: {c: 'x', d: 2}\r\n"
    config = parse(tmp_path / "c.yaml", text)
    new = rewrite(config, text, [Edit(key="k", why=same(""), play="test", sites=(put("b.c", "it"),))])
    assert new.startswith("\ufeff# Written by defib from c.yaml")
    assert new.endswith("a: 1 # one\r\nb: {c: 'it', d: 2}\r\n")


CASES = [
    ("a: 1\n# end\n", insert("b", True), "a: 1\nb: true\n# end\n"),
    ("a: 1", insert("b.c", "no"), 'a: 1\nb: {c: "no"}'),
    ("a:\n  b: 1  # x\n\nz: 1\n", insert("a.c", 2), "a:\n  b: 1  # x\n  c: 2\n\nz: 1\n"),
    ("a: {b: 1}\n", insert("a.c", 2), "a: {b: 1, c: 2}\n"),
    ("a: {}\n", insert("a.c", 2), "a: {c: 2}\n"),
    ("", insert("c", 2), "c: 2\n"),
    ("a:\n- x: 1\n  y: 2\n- z\n", delete("a.0.x"), "a:\n- y: 2\n- z\n"),
    ("a:\n- x: 1\n  y: 2\n# of z\n- z\n", delete("a.0"), "a:\n# of z\n- z\n"),
    ("a:\n  b: 1\nc: 2\n", delete("a.b"), "a:\n  {}\nc: 2\n"),
    ("a: [1, 2, 3]\n", delete("a.0"), "a: [2, 3]\n"),
    ("a: [1, 2, 3]\n", delete("a.2"), "a: [1, 2]\n"),
    ("a: 1 # keep\nb: |\n  text\n\nc: 3\n", delete("b"), "a: 1 # keep\n\nc: 3\n"),
    ("a:\nb: 1\n", put("a", 3), "a: 3\nb: 1\n"),
    ("a: &x 1\nb: *x\n", put("b", 3), "a: &x 1\nb: 3\n"),
    ("a: &x {k: 1}\nb:\n  <<: *x\n  m: 2\n", put("b.k", 3), "a: &x {k: 1}\nb:\n  <<: *x\n  m: 2\n  k: 3\n"),
    ("lr: 0.1\no: {lr: '${lr}'}\n", put("o.lr", 0.2), "lr: 0.1\no: {lr: 0.2}\n"),
    ("s:\n  - 1\n  - 2\n", put("s", [1, 2, 3]), "s:\n  [1, 2, 3]\n"),
    ("s:\n- 1\n- 2\n", insert("s.2", 5), "s:\n- 1\n- 2\n- 5\n"),
    ("n: 10\n", put("n", 20.0), "n: 20\n"),
]


@pytest.mark.parametrize(("text", "site", "wanted"), CASES, ids=range(len(CASES)))
def test_yaml(text, site, wanted, tmp_path):
    assert edited(tmp_path, text, site) == wanted


def test_a_shared_value_changes_where_it_stands_when_all_uses_change(tmp_path):
    text = "a: &x 1\nb: *x\n"
    assert edited(tmp_path, text, put("a", 3), put("b", 3)) == "a: &x 3\nb: *x\n"
    text = "lr: 0.1\no: {lr: '${lr}'}\n"
    assert edited(tmp_path, text, put("lr", 0.2), put("o.lr", 0.2)) == "lr: 0.2\no: {lr: '${lr}'}\n"


REFUSED = [
    ("a: &x 1\nb: *x\n", put("a", 3)),
    ("a: &x {k: 1}\nb: *x\n", put("b.k", 3)),
    ("lr: 0.1\no:\n  lr: ${lr}\n", put("lr", 0.2)),
    ("a: ${oc.env:LR}\n", put("a", 3)),
    ("a: !!float 1\n", put("a", 3)),
    ("a: 1\n", put("b", 3)),
    ("a: 1\n", insert("a", 3)),
    ("a: &x {k: 1}\nb: {<<: *x}\n", delete("b.k")),
    ("a: [1,  # one\n  2]\n", delete("a.0")),
]


@pytest.mark.parametrize(("text", "site"), REFUSED, ids=range(len(REFUSED)))
def test_refuses_what_would_change_something_else(text, site, tmp_path):
    with pytest.raises(SiteNotEditable):
        edited(tmp_path, text, site)


JSON = '{\n  "learning_rate": 5e-05,\n  "fp16": true,\n  "betas": [0.9, 0.999],\n  "deepspeed": null\n}\n'
JSONS = [
    (put("learning_rate", 1e-05), JSON.replace("5e-05", "1e-05")),
    (put("betas.1", 0.95), JSON.replace("0.999", "0.95")),
    (delete("fp16"), JSON.replace(',\n  "fp16": true', "")),
    (delete("learning_rate"), JSON.replace('"learning_rate": 5e-05,\n  ', "")),
    (insert("seed", 1), JSON.replace("null\n", 'null,\n  "seed": 1\n')),
]


@pytest.mark.parametrize(("site", "wanted"), JSONS, ids=range(len(JSONS)))
def test_json_stays_json_and_has_no_mark(site, wanted, tmp_path):
    assert edited(tmp_path, JSON, site, name="args.json") == wanted


scalars = st.none() | st.booleans() | st.integers(-(10**6), 10**6) | st.floats(allow_nan=False, allow_infinity=False)
words = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Zl", "Zp"], exclude_characters="$"), max_size=8)
words = words.filter(lambda word: not text_for_pyyaml(word))  # PyYAML writes those without quotes
written_words = st.sampled_from(["1e-3", "0E0", "y", "NO"])
scalars |= words | st.sampled_from(["on", "010", "~", "a: b", "# c", "- d", "y", "1:30", "2024-01-01"])
keys = st.text("abcdefgh", min_size=1, max_size=3).map(lambda text: f"k_{text}")
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3), max_leaves=8
)


def paths(value, path=""):
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, item in items:
        inner = f"{path}.{step}" if path else str(step)
        yield inner, item
        yield from paths(item, inner)


@settings(max_examples=150, deadline=None)
@given(tree=st.dictionaries(keys, values, min_size=1, max_size=4), data=st.data(), flow=st.sampled_from([None, False]))
def test_changes_the_sites_and_keeps_every_other_line(tmp_path_factory, tree, data, flow):
    folder = tmp_path_factory.mktemp("property")
    written = yaml.safe_dump(tree, sort_keys=False, allow_unicode=True, default_flow_style=flow, width=10_000)
    lines = []
    for number, line in enumerate(written.splitlines()):
        lines += [f"{line}  # beside {number}" if line.rstrip().endswith(":") else line]
    text = "\n".join(["# head", "", *lines, "", "# end", ""])
    assert yaml.safe_load(text) == tree
    config = parse(folder / "c.yaml", text)
    assert config.tree == tree
    chosen = data.draw(st.lists(st.sampled_from(list(paths(tree))), max_size=4, unique_by=lambda pair: pair[0]))
    sites = [put(path, data.draw(scalars | written_words)) for path, old in chosen if not isinstance(old, dict | list)]
    if data.draw(st.booleans()):
        sites.append(insert("zz", data.draw(values)))
    elif len(tree) > 1 and chosen and "." not in chosen[0][0]:
        sites = [one for one in sites if not f"{one.path}.".startswith(f"{chosen[0][0]}.")] + [delete(chosen[0][0])]
    new = edited(folder, text, *sites)
    wanted = expected(tree, [Edit(key="k", why=same(""), play="test", sites=tuple(sites))])
    assert yaml.safe_load(new) == wanted
    assert new.startswith("# head\n\n")
    assert new.endswith("\n\n# end\n")
    changed = {site.path.partition(".")[0] for site in sites}
    blocks: dict[str, str] = {}
    for line in lines if not lines[0].startswith("{") else []:
        key = line.partition(":")[0] if line.startswith("k_") else next(reversed(blocks))
        blocks[key] = f"{blocks.get(key, '')}{line}\n"
    assert all(block in new for key, block in blocks.items() if key not in changed)


@settings(max_examples=100, deadline=None)
@given(tree=st.dictionaries(keys, values, min_size=1, max_size=4), data=st.data(), indent=st.sampled_from([None, 2]))
def test_json_changes_the_sites_and_nothing_else(tmp_path_factory, tree, data, indent):
    folder = tmp_path_factory.mktemp("property")
    text = json.dumps(tree, indent=indent)
    assert parse(folder / "c.json", text).tree == tree
    path, _ = data.draw(st.sampled_from(list(paths(tree))))
    site = data.draw(st.sampled_from([delete(path), insert("zz", 1)]))
    new = edited(folder, text, site, name="c.json")
    wanted = expected(tree, [Edit(key="k", why=same(""), play="test", sites=(site,))])
    assert json.loads(new) == wanted
