"""The real clients are the judges: what PyYAML and json read is what `parse` has to find. The files are made by hand."""

from __future__ import annotations

import json
import time

import pytest
import yaml

from defib.configs import parse, places
from defib.errors import ConfigSyntax, ConfigTooLarge

ULTRALYTICS = """# Ultralytics args.yaml, by hand after its format
task: detect
model: yolo11n.pt
epochs: 100
device: null
pretrained: true
optimizer: auto
lr0: 0.01
lrf: 0.01
degrees: 0.0
auto_augment: randaugment
copy_paste: 0.0
save_dir: /data/runs/detect/train
"""
LIGHTNING = """# lightning.pytorch==2.4.0
seed_everything: 42
trainer:
  max_epochs: 30
  callbacks:
  - class_path: lightning.pytorch.callbacks.ModelCheckpoint
    init_args:
      monitor: val/acc
      save_top_k: 2
  gradient_clip_val: null
model:
  class_path: net.Net
  init_args:
    lr: 0.001
    betas: [0.9, 0.999]
ckpt_path: null
"""
ANCHORED = "a: &a {x: 1, y: off}\nb:\n  <<: *a\n  x: 2\nc: [*a, 'on', \"two\"]\nd: 010\ne: 1.5e+3\nf: ~\ng: |\n  text\n\nh: 1\n"


@pytest.mark.parametrize(
    "text", [ULTRALYTICS, LIGHTNING, ANCHORED, ULTRALYTICS.replace("\n", "\r\n"), "\ufeff" + LIGHTNING]
)
def test_reads_yaml_as_pyyaml_does(text, tmp_path):
    assert parse(tmp_path / "args.yaml", text).tree == yaml.safe_load(text.removeprefix("\ufeff"))


def test_a_rate_that_pyyaml_takes_for_a_text_is_a_number_with_a_note(tmp_path):
    config = parse(tmp_path / "c.yaml", "# x\nlr: 1e-3\n")
    assert yaml.safe_load("lr: 1e-3") == {"lr": "1e-3"}
    assert config.tree == {"lr": 0.001}
    assert "line 2" in config.notes[0].en
    assert parse(tmp_path / "c.yaml", "lr: 1.0e-3\nname: '1e-3'\n").notes == ()


def test_interpolations_lead_to_what_they_name(tmp_path):
    config = parse(
        tmp_path / "c.yaml", "lr: 0.1\nopt:\n  lr: ${lr}\n  name: run-${lr}\nloop: ${loop}\nenv: ${oc.env:HOME}\n"
    )
    assert config.tree["opt"] == {"lr": 0.1, "name": {"$expression": "run-${lr}", "line": 4}}
    assert config.tree["loop"] == {"$expression": "${loop}", "line": 5}
    assert config.tree["env"] == {"$expression": "${oc.env:HOME}", "line": 6}
    assert config.links == {"opt.lr": "lr"}


def test_constructs_nothing(tmp_path):
    witness = tmp_path / "witness"
    config = parse(tmp_path / "c.yaml", f"a: !!python/object/apply:os.system ['touch {witness}']\nb: !!float 1\n")
    assert not witness.exists()
    assert config.tree["a"]["line"] == 1
    assert config.tree["b"]["$expression"] == "!!float 1"


def test_reads_json_as_json_does(tmp_path):
    text = (
        '{\n  "learning_rate": 5e-05,\n  "fp16": true, "x": [1, {"k": null}, []], "n": {}, "t": "\\u4f60 \\"q\\""\n}\n'
    )
    config = parse(tmp_path / "training_args.json", text)
    assert config.tree == json.loads(text)
    (tmp_path / "t.json").write_text(text, encoding="utf-8")
    assert places(tmp_path / "t.json", ["x.1.k", "learning_rate", "gone"]) == {
        "x.1.k": (None, 3),
        "learning_rate": (None, 2),
    }


REFUSED = [
    ("c.yaml", "a: 1\nb: 2\na: 3\n", 3),
    ("c.yaml", "a: 1\n---\nb: 2\n", 2),
    ("c.yaml", "a: [1\nb: 2\n", 2),
    ("c.yaml", "- a\n", 1),
    ("c.yaml", "a: 1\nb: \0\n", 2),
    ("c.json", '{"a": 1,\n"a": 2}', 2),
    ("c.json", '{"a": 1,\n// no\n"b": 2}', 2),
    ("c.json", '{"a": 1,\n}', 2),
    ("c.json", "[1]", 1),
    ("c.json", '{"a": 1', 1),
]


@pytest.mark.parametrize(("name", "text", "line"), REFUSED)
def test_refuses_with_the_line(name, text, line, tmp_path):
    with pytest.raises(ConfigSyntax) as caught:
        parse(tmp_path / name, text)
    assert caught.value.values["line"] == line


LAUGHS = "a0: &a0 [x, x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 60))
LARGE = [
    ("c.yaml", LAUGHS),
    ("c.yaml", "a: " + "[" * 100_000 + "]" * 100_000),
    ("c.yaml", "a: &a [*a]\n"),
    ("c.json", '{"a": ' + "[" * 100_000 + "]" * 100_000 + "}"),
    ("c.json", '{"a": "' + "x" * 50_000_000 + '"}'),
]


@pytest.mark.parametrize(("name", "text"), LARGE, ids=range(len(LARGE)))
def test_refuses_what_is_too_large_or_multiplies_itself(name, text, tmp_path):
    started = time.monotonic()
    with pytest.raises(ConfigTooLarge):
        parse(tmp_path / name, text)
    assert time.monotonic() - started < 120


def test_a_huge_whole_number_computes_nothing(tmp_path):
    assert isinstance(parse(tmp_path / "c.yaml", "a: " + "9" * 100_000 + "\n").tree["a"], str)
    with pytest.raises(ConfigSyntax):
        parse(tmp_path / "c.json", '{"a": ' + "9" * 100_000 + "}")


def test_refuses_bytes_that_are_no_text(tmp_path):
    path = tmp_path / "c.yaml"
    path.write_bytes(b"a: 1\nb: \xff\n")
    with pytest.raises(ConfigSyntax):
        parse(path)
