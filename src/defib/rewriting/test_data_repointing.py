"""YAML and JSON that inherit, written to another folder: their bases are the same files as before, or it is refused."""

from __future__ import annotations

import json

import pytest
from mmengine.config import Config

from defib.configs import parse
from defib.errors import SiteNotEditable
from defib.records import Edit, Site
from defib.rewriting import rewrite
from defib.words import same


@pytest.fixture
def folders(tmp_path):
    (tmp_path / "configs" / "base").mkdir(parents=True)
    (tmp_path / "runs" / "out").mkdir(parents=True)
    (tmp_path / "configs" / "base" / "b.yaml").write_text("SOLVER: {LR: 0.1}\nB: 1\n", encoding="utf-8")
    (tmp_path / "configs" / "c.yaml").write_text("C: 1\n", encoding="utf-8")
    return tmp_path


def moved(folders, name, text, *sites):
    path = folders / "configs" / name
    path.write_text(text, encoding="utf-8")
    there = folders / "runs" / "out" / f"new_{name}"
    edits = [Edit(key="k", why=same(""), play="test", sites=sites or (Site(path="D", new=3),))]
    there.write_text(rewrite(parse(path), text, edits, folder=there.parent), encoding="utf-8")
    assert path.read_text(encoding="utf-8") == text
    return there, parse(path), parse(there)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("_BASE_: base/b.yaml  # the base\nD: 2\n", '_BASE_: "../../configs/base/b.yaml"  # the base\nD: 3\n'),
        ("_BASE_: './base/b.yaml'\nD: 2\n", "_BASE_: '../../configs/base/b.yaml'\nD: 3\n"),
        (
            "_base_: [base/b.yaml, c.yaml]\nD: 2\n",
            '_base_: ["../../configs/base/b.yaml", "../../configs/c.yaml"]\nD: 3\n',
        ),
    ],
)
def test_a_relative_base_is_pointed_anew(text, written, folders):
    there, old, new = moved(folders, "run.yaml", text)
    assert there.read_text(encoding="utf-8").partition("\n")[2] == written
    assert new.bases == old.bases
    assert new.tree == old.tree | {"D": 3}
    if "_base_" in text:
        assert Config.fromfile(there).to_dict() == new.tree


def test_a_base_in_json_as_well(folders):
    (folders / "configs" / "b.json").write_text('{"B": 1}', encoding="utf-8")
    there, old, new = moved(folders, "run.json", '{"_base_": "b.json", "D": 2}')
    assert json.loads(there.read_text(encoding="utf-8"))["_base_"] == "../../configs/b.json"
    assert new.bases == old.bases


def test_an_absolute_base_stays(folders):
    base = folders / "configs" / "c.yaml"
    there, _, new = moved(folders, "run.yaml", f"_BASE_: {base}\nD: 2\n")
    assert f"_BASE_: {base}\n" in there.read_text(encoding="utf-8")
    assert new.tree == {"C": 1, "D": 3}


REFUSED = [
    ("D: 2\ndefaults:\n  - c\n  - _self_\n", 2, "Hydra"),
    ("D: 2\nx: &b base/b.yaml\n_BASE_: *b\n", 3, "does more"),
    ("D: 2\n_BASE_: ${x}/b.yaml\n", 2, "does more"),
]


@pytest.mark.parametrize(("text", "line", "reason"), REFUSED, ids=range(len(REFUSED)))
def test_refuses_with_the_line_what_cannot_be_pointed_anew(text, line, reason, folders):
    with pytest.raises(SiteNotEditable) as caught:
        moved(folders, "run.yaml", text)
    assert caught.value.values["line"] == line
    assert reason in str(caught.value)


def test_the_same_folder_and_a_list_of_defaults_without_files_need_nothing(folders):
    _, _, new = moved(folders, "run.yaml", "defaults: [_self_]\nD: 2\n")
    assert new.tree["D"] == 3
    path = folders / "configs" / "same.yaml"
    path.write_text("_BASE_: c.yaml\nD: 2\n", encoding="utf-8")
    edits = [Edit(key="k", why=same(""), play="t", sites=(Site(path="D", new=3),))]
    assert "_BASE_: c.yaml\n" in rewrite(parse(path), path.read_text(encoding="utf-8"), edits, folder=path.parent)
