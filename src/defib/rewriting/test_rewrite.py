"""A config in mmaction2's form, with variables, comments and shared pipelines, under the edits that rescues make."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from mmengine.config import Config

import defib
from defib import settings
from defib.configs.mmengine import parse
from defib.records import Edit, Site
from defib.rewriting.proof import differences, expected, prove
from defib.rewriting.rewrite import rewrite
from defib.words import same

DEMO = Path(defib.__file__).parent / "demo" / "runs" / "mmaction2-lr-jump" / "lrjump_full.py"

WRITTEN = '''\
# Copyright (c) OpenMMLab. All rights reserved.
"""RGBPoseConv3D on NTU RGB+D 60."""

# ---- the basics ----
base_lr = 0.008  # for 4 GPUs
max_epochs = 100
dataset_type = 'PoseDataset'
left_kp = [1, 3, 5, 7]

head_cfg = dict(
    type='RGBPoseHead',
    # rgb, pose
    loss_components=['rgb', 'pose'],
    loss_weights=[1.0, 1.5],  # as in the paper
)
model = dict(type='MMRecognizer3D', cls_head=head_cfg)

train_pipeline = [
    dict(type='MMUniformSampleFrames', num_clips=1),
    dict(type='MMDecode'),

    # crops as small as 40 %
    dict(type='RandomResizedCrop', area_range=(0.40, 1.0)),  # area
    dict(type='Flip', flip_ratio=0.5, left_kp=left_kp),
    # strong colours
    dict(
        type='ColorJitter',
        brightness=0.4,  # very strong
        hue=0.1),  # jitter
    dict(type='PackActionInputs', collect_keys=('imgs', 'heatmap_imgs')),
]
test_pipeline = [dict(type='MMUniformSampleFrames', num_clips=10), dict(type='MMDecode')]  # slow
train_dataloader = dict(
    batch_size=12,
    dataset=dict(
        type='RepeatDataset',
        times=1,  # one pass an epoch
        dataset=dict(type=dataset_type, pipeline=train_pipeline)))
val_dataloader = dict(batch_size=1, dataset=dict(type=dataset_type, pipeline=test_pipeline))
test_dataloader = val_dataloader

param_scheduler = [
    # warm-up first
    dict(type='LinearLR', start_factor=0.1, by_epoch=True, begin=0, end=5),
    dict(
        type='CosineAnnealingLR',
        T_max=95,  # max_epochs - 5
        eta_min=0,
        by_epoch=True,
        begin=5,
        end=100),
]
optim_wrapper = dict(
    optimizer=dict(type='SGD', lr=base_lr, momentum=0.9, weight_decay=0.0001),
    clip_grad=dict(max_norm=40, norm_type=2))

train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=max_epochs, val_begin=1)
load_from = None
resume = True  # carry on
'''

PIPELINES = ("train_dataloader.dataset.dataset.pipeline", "train_pipeline")
LR = ("optim_wrapper.optimizer.lr", "base_lr")


def edit(key, *sites):
    return Edit(key=key, why=same(""), play="test", sites=sites)


def put(new, *paths):
    return [Site(path=path, new=new) for path in paths]


def gone(*paths):
    return [Site(path=path, action="delete") for path in paths]


def added(new, *paths):
    return [Site(path=path, new=new, action="insert") for path in paths]


def rewritten(tmp_path, text, *edits, name="c.py", folder=None):
    """The new text, after mmengine has read it and found what was planned."""
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode())
    config = parse(path)
    new = rewrite(config, text, edits, folder=folder)
    assert path.read_bytes() == text.encode()
    there = (folder or path.parent) / "new_config.py"
    there.write_bytes(new.encode())
    assert differences(expected(config.tree, edits), Config.fromfile(there).to_dict()) == []
    prove(config, parse(there), edits)
    return new


def diff(old, new):
    """(lines that went, lines that came), the header left out."""
    before, after = old.splitlines(), new.splitlines()[1:]
    return [line for line in before if line not in after], [line for line in after if line not in before]


def test_makes_a_whole_rescue_and_touches_no_other_line(tmp_path):
    edits = [
        edit("lr", *put(0.005, *LR)),
        edit("crop_area", *put([0.6, 1.0], *(f"{path}.2.area_range" for path in PIPELINES))),
        edit("color_jitter", *gone(*(f"{path}.4" for path in PIPELINES))),
        edit(
            "warmup",
            *gone("param_scheduler.0"),
            *put(0, "param_scheduler.1.begin"),
            *put(100.0, "param_scheduler.1.T_max"),
        ),
        edit("test_clips", *put(3, *(f"{name}.0.num_clips" for name in ("test_pipeline", "test_dataloader.dataset.pipeline", "val_dataloader.dataset.pipeline")))),
        edit("loss_weight.pose", *put(1, "model.cls_head.loss_weights.1", "head_cfg.loss_weights.1")),
        edit("load_from", *put("work/best.pth", "load_from")),
        edit("resume", *put(False, "resume")),
    ]  # fmt: skip
    new = rewritten(tmp_path, WRITTEN, *edits)
    went, came = diff(WRITTEN, new)
    assert new.startswith("# Written by defib from c.py; the original is unchanged (sum ")
    assert new.splitlines()[1].startswith("# Copyright")
    assert came == [
        "base_lr = 0.005  # for 4 GPUs  # defib: 0.008 -> 0.005 (lr)",
        "    loss_weights=[1.0, 1.0],  # as in the paper  # defib: 1.5 -> 1 (loss_weight.pose)",
        "    dict(type='RandomResizedCrop', area_range=(0.6, 1.0)),  # area  # defib: (0.4, 1) -> (0.6, 1) (crop_area)",
        "    # defib: removed ColorJitter (color_jitter)",
        "# defib: 10 -> 3 (test_clips)",
        "test_pipeline = [dict(type='MMUniformSampleFrames', num_clips=3), dict(type='MMDecode')]  # slow",
        "    # defib: removed LinearLR (warmup)",
        "        T_max=100,  # max_epochs - 5  # defib: 95 -> 100 (warmup)",
        "        begin=0,  # defib: 5 -> 0 (warmup)",
        "load_from = 'work/best.pth'  # defib: None -> work/best.pth (load_from)",
        "resume = False  # carry on  # defib: True -> False (resume)",
    ]
    assert len(went) == 13
    jitter = WRITTEN[WRITTEN.index("    # strong") : WRITTEN.index("    dict(type='PackAction")]
    kept = [line for line in WRITTEN.replace(jitter, "").splitlines() if line not in went]
    assert [line for line in new.splitlines()[1:] if line not in came] == kept
    assert new.isascii()


def test_sets_one_number_in_a_dumped_config(tmp_path):
    text = DEMO.read_text()
    new = rewritten(tmp_path, text, edit("schedule_factor", *put(1.0, "param_scheduler.0.gamma")))
    assert diff(text, new) == (["        gamma=25.0,"], ["        gamma=1.0,  # defib: 25 -> 1 (schedule_factor)"])


def test_finds_its_own_settings_in_a_dumped_config(tmp_path):
    text = DEMO.read_text()
    found = settings.read(parse(DEMO))
    new = rewritten(tmp_path, text, edit("crop_area", *put((0.6, 1.0), *found["crop_area"].paths)))
    assert diff(text, new)[1] == ["        0.6,  # defib: (0.4, 1) -> (0.6, 1) (crop_area)"] * 0 + [
        line for line in new.splitlines() if "crop_area" in line
    ]
    assert new.count("crop_area") == len(found["crop_area"].paths) == 2


def test_replaces_the_use_of_a_variable_that_must_keep_its_value(tmp_path):
    text = "lr = 0.1\na = dict(lr=lr)  # one\nb = dict(lr=lr)\n"
    new = rewritten(tmp_path, text, edit("lr", *put(0.05, "a.lr")))
    assert diff(text, new) == (["a = dict(lr=lr)  # one"], ["a = dict(lr=0.05)  # one  # defib: 0.1 -> 0.05 (lr)"])


def test_does_not_change_a_variable_from_which_something_else_is_computed(tmp_path):
    text = "lr = 0.1\na = dict(lr=lr)\nb = lr * 0.5\nc = -lr\n"
    new = rewritten(tmp_path, text, edit("lr", *put(0.05, "a.lr", "lr")))
    assert diff(text, new)[1] == [
        "a = dict(lr=0.05)  # defib: 0.1 -> 0.05 (lr)",
        "lr = 0.05  # defib: 0.1 -> 0.05 (lr)",
    ]


def test_replaces_a_computed_value_as_a_whole(tmp_path):
    text = "a = dict(\n    lr=0.01 * 4 / 8,  # scaled\n    b=1)\n"
    new = rewritten(tmp_path, text, edit("lr", *put(0.001, "a.lr")))
    assert diff(text, new)[1] == ["    lr=0.001,  # scaled  # defib: 0.005 -> 0.001 (lr)"]


@pytest.mark.parametrize(
    ("text", "sites", "result"),
    [
        ("v = []\nw = [*v, 5]\n", put("new", "v"), "v = []\nw = [*v, 5]\nv = 'new'"),
        ("v = [1, 2]\nw = v + v\n", gone("w.0"), "v = [1, 2]\nw = [2, 1, 2]"),
        ("v = dict(a=1, b=2)\nw = dict(**v, c=3)\n", put(9, "w.a"), "w = dict(a=9, b=2, c=3)"),
        ("v = dict(a=1, b=2)\nw = dict(**v, c=3)\n", put(9, "w.a", "v.a"), "v = dict(a=9, b=2)"),
        ("v = dict(a=1)\nw = {**v, 'a': 7}\n", gone("w.a"), "v = dict(a=1)\nw = dict()"),
        ("v = [1, 2]\nw = v[1]\n", gone("v.0"), "v = [1, 2]\nw = v[1]\nv = [2]"),
        (
            "v = dict(a=1)\nw = [v, dict(a=v)]\n",
            [*put(0, "v"), *added(4, "w.1.a.n")],
            "w = [v, dict(a=dict(a=1, n=4))]",
        ),
    ],
)
def test_does_not_disturb_what_was_made_from_a_list_or_dict(text, sites, result, tmp_path):
    assert result in rewritten(tmp_path, text, edit("x", *sites))


def test_replaces_an_expression_that_it_cannot_evaluate(tmp_path):
    text = "a = dict(lr=max(1, 2), b=1)\n"
    assert "dict(lr=0.5, b=1)" in rewritten(tmp_path, text, edit("lr", *put(0.5, "a.lr")))


def test_writes_out_a_shared_list_where_only_one_use_may_change(tmp_path):
    text = "p = [dict(x=(1, 2)), dict(y=1)]\na = dict(p=p)\nb = dict(p=p)\n"
    new = rewritten(tmp_path, text, edit("y", *gone("a.p.1")))
    assert "a = dict(p=[dict(x=(1, 2))])  # defib: removed" in new
    assert "p = [dict(x=(1, 2)), dict(y=1)]\n" in new


def test_adds_and_removes_in_one_dict(tmp_path):
    new = rewritten(tmp_path, "a = dict(\n    b=1,\n    c=2)\n", edit("x", *gone("a.c"), *added(3, "a.d")))
    assert "    d=3,  # defib: added (x)\n" in new


def test_keeps_line_breaks_tabs_and_wide_characters(tmp_path):
    text = "# 学习率\r\na = dict(名='值', lr=0.1)\t# 注释\r\n\r\nb = '''x\r\n'''\r\n"
    new = rewritten(tmp_path, text, edit("lr", *put(0.2, "a.lr")), edit("c", *added(1, "c")))
    assert "lr=0.2)\t# 注释  # defib: 0.1 -> 0.2 (lr)\r\n\r\nb = '''x\r\n'''\r\nc = 1" in new
    assert not re.search(r"(?<!\r)\n", new)


def test_writes_no_comment_into_a_text_or_behind_a_continued_line(tmp_path):
    text = "a = dict(x=1, y='''one\ntwo''')\nb = 1 \\\n    + 1\nc = '''\nx'''; d = 3\n"
    new = rewritten(tmp_path, text, edit("x", *put(2, "a.x", "d")), edit("b", *put(3, "b")))
    assert "a = dict(x=2, y='''one\ntwo''')\nb = 3" in new


def test_writes_its_header_once_and_below_the_coding_line(tmp_path):
    text = "#!/usr/bin/env python\n# -*- coding: utf-8 -*-\na = 1\n"
    once = rewritten(tmp_path, text, edit("a", *put(2, "a")))
    twice = rewritten(tmp_path, once, edit("a", *put(3, "a")), name="d.py")
    assert twice.splitlines()[:2] == text.splitlines()[:2]
    assert twice.splitlines()[2].startswith("# Written by defib from d.py; the original is unchanged (sum ")
    assert twice.count("Written by defib") == 1


def test_changes_nothing_but_the_header_when_the_value_is_already_there(tmp_path):
    assert rewritten(tmp_path, "a = 1.0  # x\n", edit("a", *put(1, "a"))).splitlines()[1:] == ["a = 1.0  # x"]
