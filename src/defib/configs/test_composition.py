"""Configs that inherit: what fvcore, Hydra and mmengine make of the same files. mmengine is asked here and now; the trees of
the other two were printed by fvcore 0.1.5 and Hydra 1.3 and are kept as they were."""

from __future__ import annotations

import pytest
import yaml
from mmengine.config import Config as Judge

from defib.configs import parse, places
from defib.configs.bases import MOST_BASES
from defib.errors import ConfigSyntax, ConfigTooLarge


def written(folder, files):
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text if isinstance(text, str) else yaml.safe_dump(text, sort_keys=False), encoding="utf-8")
    return folder / next(iter(files))


DETECTRON2 = {
    "COCO/mask.yaml": '_BASE_: "../Base-RCNN.yaml"\nMODEL:\n  WEIGHTS: R-101.pkl\nSOLVER:\n  STEPS: [210000]\n',
    "Base-RCNN.yaml": "_BASE_: Base.yaml\nMODEL:\n  WEIGHTS: R-50.pkl\n  MASK_ON: false\nSOLVER:\n  BASE_LR: 0.02\n  STEPS: [60, 80]\n",
    "Base.yaml": "SOLVER:\n  MAX_ITER: 90\nVERSION: 2\n",
}


def test_reads_what_detectron2_inherits_and_where_it_stands(tmp_path):
    path = written(tmp_path, DETECTRON2)
    config = parse(path)
    assert config.tree == {
        "SOLVER": {"MAX_ITER": 90, "BASE_LR": 0.02, "STEPS": [210000]},
        "VERSION": 2,
        "MODEL": {"WEIGHTS": "R-101.pkl", "MASK_ON": False},
    }
    assert config.notes == ()
    assert config.bases == (str(tmp_path / "Base-RCNN.yaml"), str(tmp_path / "Base.yaml"))
    asked = ["SOLVER.BASE_LR", "SOLVER.STEPS.0", "SOLVER.MAX_ITER"]
    assert places(path, asked) == {
        "SOLVER.BASE_LR": (tmp_path / "Base-RCNN.yaml", 6),
        "SOLVER.STEPS.0": (None, 5),
        "SOLVER.MAX_ITER": (tmp_path / "Base.yaml", 2),
    }


def test_the_last_of_several_bases_wins_and_a_dict_over_a_number_stays_unknown(tmp_path):
    path = written(
        tmp_path,
        {
            "c.yaml": "_BASE_: [one.yaml, two.yaml]\nb: {x: 1}\n",
            "one.yaml": "a: {k: 1, m: 1}\nb: 3\n",
            "two.yaml": "a: {k: 2}\n",
        },
    )
    tree = parse(path).tree
    assert tree["a"] == {"k": 2, "m": 1}
    assert tree["b"]["line"] == 2


def test_a_change_of_a_base_makes_another_sum(tmp_path):
    path = written(tmp_path, DETECTRON2)
    before = parse(path).sha256
    (tmp_path / "Base.yaml").write_text("SOLVER:\n  MAX_ITER: 91\nVERSION: 2\n", encoding="utf-8")
    assert parse(path).sha256 != before


MMENGINE = [
    {"c.yaml": "_base_: [a.yaml, sub/b.yaml]\nm: {k: 2}\n", "a.yaml": "m: {k: 1, n: 1}\n", "sub/b.yaml": "s: [1, 2]\n"},
    {"c.yaml": "_base_: a.yaml\nm: {_delete_: true, k: 2}\ns: [3]\n", "a.yaml": "m: {k: 1, n: 1}\ns: [1, 2]\n"},
    {"c.json": '{"_base_": "./a.json", "m": {"k": null}}', "a.json": '{"m": {"k": 1, "n": [1]}, "x": 1}'},
    {"c.yaml": "_base_: a.yml\nx: 1\n", "a.yml": "_base_: b.json\ny: 2\n", "b.json": '{"y": 1, "z": {"k": 1}}'},
]


@pytest.mark.parametrize("files", MMENGINE, ids=range(len(MMENGINE)))
def test_reads_base_as_mmengine_does(files, tmp_path):
    path = written(tmp_path, files)
    config = parse(path)
    assert config.tree == Judge.fromfile(path).to_dict()
    assert config.notes == ()


def test_what_mmengine_would_fill_in_is_unknown(tmp_path):
    files = {"c.yaml": '_base_: a.yaml\nx: "{{_base_.lr}}"\n', "a.yaml": "lr: 0.1\n"}
    assert parse(written(tmp_path, files)).tree["x"] == {"$expression": "{{_base_.lr}}", "line": 2}
    assert parse(tmp_path / "plain.yaml", 'x: "{{ name }}"\n').tree == {"x": "{{ name }}"}


NOTED = [
    ({"c.yaml": "lr: 1\n_BASE_: gone.yaml\n"}, "line 2: the base config gone.yaml was not found"),
    ({"c.yaml": "_BASE_: https://example.org/a.yaml\n"}, "line 1: https://example.org/a.yaml is no YAML"),
    ({"c.yaml": "_base_:\n- a.py\n", "a.py": "x = 1\n"}, "line 2: a.py is no YAML"),
    ({"c.yaml": "_base_: mmdet::a.yaml\n"}, "mmdet::a.yaml is no YAML"),
    ({"c.yaml": "_BASE_: c.yaml\nlr: 1\n"}, "line 1: the base config c.yaml is one of those that lead here"),
    (
        {"c.yaml": "_BASE_: a.yaml\n", "a.yaml": "x: 1\n_BASE_: c.yaml\n"},
        "a.yaml, line 2: the base config c.yaml is one",
    ),
    ({"c.yaml": "_BASE_: !x a.yaml\n", "a.yaml": "x: 1\n"}, "line 1: !x a.yaml is no YAML"),
    ({"c.yaml": "_BASE_: a.yaml\n", "a.yaml": "x: 1\nlr: 1e-3\n"}, "a.yaml, line 2: bare PyYAML"),
]


@pytest.mark.parametrize(("files", "note"), NOTED, ids=range(len(NOTED)))
def test_what_cannot_be_had_is_named_with_its_line(files, note, tmp_path):
    (found,) = parse(written(tmp_path, files)).notes
    assert note in found.en


def test_a_list_called_defaults_that_is_not_hydras_is_a_setting(tmp_path):
    for text in ("defaults: {lr: 1}\n", "defaults: [1, 2]\n", "defaults:\n- {a: {b: 1}}\n"):
        config = parse(tmp_path / "c.yaml", text)
        assert config.tree == yaml.safe_load(text)
        assert config.notes == ()


def test_a_base_that_is_broken_is_refused_under_its_own_name(tmp_path):
    path = written(tmp_path, {"c.yaml": "_BASE_: a.yaml\n", "a.yaml": "x: 1\ny: [\n"})
    with pytest.raises(ConfigSyntax) as caught:
        parse(path)
    assert caught.value.values["path"] == tmp_path / "a.yaml"


def test_bases_that_multiply_stay_bounded(tmp_path):
    files = {"0.yaml": "_BASE_: [1.yaml, 1.yaml]\n"}
    files |= {f"{n}.yaml": f"_BASE_: [{n + 1}.yaml, {n + 1}.yaml]\nk{n}: 1\n" for n in range(1, 30)}
    config = parse(written(tmp_path, files))
    assert any(f"more than {MOST_BASES}" in note.en for note in config.notes)


def test_a_long_line_of_bases_ends_where_the_most_are_read(tmp_path):
    files = {f"{n}.yaml": f"_BASE_: {n + 1}.yaml\nk{n}: 1\n" for n in range(300)}
    config = parse(written(tmp_path, files))
    assert len(config.bases) == MOST_BASES
    assert f"{MOST_BASES}.yaml" in config.notes[-1].en


def test_bases_that_are_together_too_large_are_refused(tmp_path):
    files = {"c.json": '{"_base_": ["0.json", "1.json", "2.json", "3.json", "4.json"]}'}
    files |= {f"{n}.json": f'{{"k{n}": "{"x" * 250_000}"}}' for n in range(5)}
    with pytest.raises(ConfigTooLarge):
        parse(written(tmp_path, files))


def test_interpolations_lead_to_what_is_inherited_and_back(tmp_path):
    path = written(
        tmp_path,
        {
            "config.yaml": "defaults: [optim: sgd]\nlr: 0.1\nmodel: {width: '${optim.width}'}\n",
            "optim/sgd.yaml": "# head\nlr: ${lr}\nwidth: 3\nname: a-${lr}\n",
        },
    )
    config = parse(path)
    assert config.tree == {
        "lr": 0.1,
        "model": {"width": 3},
        "optim": {"lr": 0.1, "width": 3, "name": {"$expression": "a-${lr}", "line": 4}},
    }
    assert config.links == {"optim.lr": "lr", "model.width": "optim.width"}
    base = tmp_path / "optim" / "sgd.yaml"
    assert places(path, ["optim.lr", "model.width", "optim.name"]) == {
        "optim.lr": (None, 2),
        "model.width": (base, 3),
        "optim.name": (base, 4),
    }
