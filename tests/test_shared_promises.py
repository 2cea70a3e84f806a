"""What every entry of a catalogue promises. A new rule, cause, play, reference or format is tested here unasked.

The names of the tests are the promises; CONTRIBUTING.md lists them for authors.
"""

from __future__ import annotations

import copy
import re
import runpy
from functools import cache
from math import nan
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as effort
from hypothesis import strategies as some

import defib.diagnosis.causes
import defib.diagnosis.references
import defib.health.rules
import defib.playbook.plays
import defib.reading.formats
from defib import catalogue, health, settings
from defib.diagnosis.cause import Explanation
from defib.health.rule import Rule
from defib.playbook.play import Play
from defib.reading.format import Format
from defib.records import (
    Cause,
    Checkup,
    Edit,
    Event,
    Expectation,
    Launch,
    Point,
    Reference,
    Run,
    Segment,
    Series,
    Symptom,
    Tracked,
)
from defib.samples import config_of, healthy, run_of, wobble
from defib.words import Words, same

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

RULES = catalogue.entries(defib.health.rules, Rule)
CAUSES = catalogue.entries(defib.diagnosis.causes, Explanation)
REFERENCES = catalogue.entries(defib.diagnosis.references, Reference)
PLAYS = catalogue.entries(defib.playbook.plays, Play)
FORMATS = catalogue.entries(defib.reading.formats, Format)

RUNS = Path(defib.__file__).parent / "demo" / "runs"
CHANCE = 100 / 12
MANY = effort(max_examples=60, derandomize=True, deadline=None, database=None)
REPEATS = 30


def each(entries: dict[str, Any]) -> Any:
    return pytest.mark.parametrize("entry", entries.values(), ids=entries.keys())


# ------------------------------------------------------------------------------------------------ the patients


def spoilt(**changes: Callable[[int, float], float | None]) -> Run:
    """A healthy run of 24 epochs in which some curves were changed; `fused` stands for `val/top1/fused`."""
    curves = {series.key: series.value.tolist() for series in healthy(epochs=24).series}
    for name, change in changes.items():
        key = f"val/top1/{name}" if f"val/top1/{name}" in curves else f"train/{name}"
        before = curves.get(key, [0.0] * 24)
        curves[key] = [change(epoch, value) for epoch, value in enumerate(before, start=1)]
    return run_of(curves, classes=12)


def falls(onset: int, *, to: float = CHANCE, back: int = 1000) -> Callable[[int, float], float]:
    """A curve that lies near `to` from epoch `onset` until before `back`."""
    return lambda epoch, value: to + 0.3 * wobble(3, epoch) if onset <= epoch < back else value


SICK: dict[str, Run] = {
    "collapse": spoilt(fused=falls(13), rgb=falls(13), pose=falls(13)),
    "partial collapse": spoilt(fused=falls(12, to=27.0), pose=falls(12, to=10.0)),
    "dip that heals": spoilt(fused=falls(11, to=40.0, back=13)),
    "one branch collapses": spoilt(pose=falls(8)),
    "two falls": spoilt(fused=falls(6, to=20.0, back=9), pose=falls(15), rgb=falls(18, to=30.0)),
    "not finite": spoilt(
        loss=lambda epoch, value: nan if epoch >= 15 else value,
        fused=falls(15),
        rgb=falls(15),
        pose=falls(15),
    ),
    "one value not finite": spoilt(loss=lambda epoch, value: nan if epoch == 9 else value),
    "oscillation": spoilt(fused=lambda epoch, value: value - 18 * (epoch % 2) if epoch > 8 else value),
    "slow decline": spoilt(fused=lambda epoch, value: value - 1.5 * max(0, epoch - 10)),
    "rate jumps": spoilt(
        lr=lambda epoch, value: value * 25 if epoch >= 10 else value,
        loss=lambda epoch, value: 2.5 if epoch >= 10 else value,
        fused=falls(10),
        rgb=falls(10),
        pose=falls(10),
    ),
    "never learns": spoilt(fused=falls(1), rgb=falls(1), pose=falls(1), loss=lambda *_: 2.48),
    "far below its recipe": msgspec.structs.replace(
        spoilt(fused=falls(1), rgb=falls(1), pose=falls(1)),
        reference=Reference(
            name="made_up",
            says=same("made up"),
            source="made up",
            settings={},
            batch=48,
            expects=(Expectation(key="val/top1/fused", epoch=5, value=80.0, basis="assumed", says=same("made up")),),
        ),
    ),
    "learns by heart": spoilt(
        top1=lambda epoch, _: min(99.0, 10.0 + 7 * epoch),
        fused=lambda epoch, value: min(value, 62.0) - 0.2 * epoch,
    ),
    "gradients explode": spoilt(grad_norm=lambda epoch, value: value * 40 if epoch >= 14 else value),
    "loss spikes": spoilt(loss=lambda epoch, value: value * 9 if epoch in {7, 16} else value),
    "loss rises": spoilt(loss=lambda epoch, value: value + 0.1 * max(0, epoch - 9)),
    "rows are missing": spoilt(fused=lambda epoch, value: None if epoch % 3 else value, pose=falls(9)),
    "short": run_of({"val/top1": [10.0, 55.0, 8.0]}, classes=12),
    "the rate is zero": spoilt(lr=lambda *_: 0.0, loss=lambda *_: 2.48),
    "skips its steps and waits for data": run_of(
        {
            "train/loss": [2.0 + 0.1 * wobble(1, epoch) for epoch in range(60)],
            "train/grad_norm": [4.0 if epoch < 30 else nan for epoch in range(60)],
            "train/clipped": [80.0] * 60,
            "train/data_time": [0.8] * 60,
            "train/time": [1.0] * 60,
            "val/top1": [100 * round(18 + 20 * wobble(4, epoch)) / 96 for epoch in range(60)],
        },
        classes=12,
    ),
    "restarts without its state, and falls": msgspec.structs.replace(
        spoilt(
            fused=falls(22),
            loss=lambda epoch, value: value + 3.0 if epoch >= 22 else value,
            grad_norm=lambda epoch, value: value * 40 if epoch == 22 else value,
            lr=lambda epoch, _: 0.004 if epoch < 22 else 0.001 * (epoch - 21) ** 3,
        ),
        segments=(
            Segment(start=Point(epoch=1), record=0, file="made-up.jsonl"),
            Segment(start=Point(epoch=22), record=42, file="made-up.jsonl", resumed=True),
        ),
        events=(Event(kind="loaded", text="Load checkpoint from epoch_21.pth", at=Point(epoch=21), record=42),),
    ),
    "is never evaluated": run_of({"train/loss": [2.0 * 0.9**epoch for epoch in range(24)]}),
    "fails, goes on, and runs out of memory": msgspec.structs.replace(
        healthy(epochs=12),
        events=(
            Event(kind="traceback", text="OSError: cannot write the image", at=Point(epoch=4), record=8),
            Event(kind="out-of-memory", text="CUDA out of memory", at=Point(epoch=12), record=24),
        ),
    ),
}

SICK["starts again from weights alone"] = msgspec.structs.replace(
    spoilt(
        lr=lambda epoch, value: 0.0005 * (epoch - 12) ** 2 if 13 <= epoch < 18 else value,
        loss=lambda epoch, value: value * (6 if epoch in {13, 14} else 1),
        fused=falls(13),
        rgb=falls(13),
        pose=falls(13),
    ),
    segments=(
        Segment(start=Point(epoch=1.0, step=30), record=0, file="a.json"),
        Segment(start=Point(epoch=13.0, step=390), record=24, file="b.json", resumed=True),
    ),
    events=(
        Event(kind="loaded", text="Load checkpoint from epoch_12.pth", record=24, at=Point(epoch=12)),
        Event(kind="optimizer-lost", text="no optimizer in the checkpoint", record=24, at=Point(epoch=12)),
        Event(kind="not-matched", text="missing keys in source state_dict: conv1.weight", record=24),
    ),
)
SICK["changes its phase and overflows"] = msgspec.structs.replace(
    spoilt(
        grad_norm=lambda epoch, value: nan if epoch >= 14 else value,
        loss=lambda epoch, value: nan if epoch >= 16 else value,
        fused=falls(14),
        rgb=falls(14),
        pose=falls(14),
    ),
    events=(
        Event(kind="phase", text="unfreeze the backbone", record=26, at=Point(epoch=14)),
        *(
            Event(kind="overflow", text="Gradient overflow. Skipping step", record=at, at=Point(epoch=14))
            for at in range(26, 31)
        ),
    ),
)
SICK["one branch never learns"] = run_of(
    {
        "train/loss/rgb": [2.4 * 0.9**epoch for epoch in range(40)],
        "train/loss/pose": [2.48] * 40,
        "train/memory": [9000.0 + 100 * epoch for epoch in range(40)],
        "val/top1/fused": [80.0 * (1 - 0.9**epoch) for epoch in range(40)],
        "val/top1/rgb": [82.0 * (1 - 0.9**epoch) for epoch in range(40)],
        "val/top1/pose": [CHANCE + 0.2 * wobble(3, epoch) for epoch in range(40)],
    },
    classes=12,
)


@some.composite
def patients(draw: some.DrawFn) -> Run:
    """A healthy run to which up to four things happen."""
    changed = {}
    for name in draw(some.lists(some.sampled_from(["fused", "rgb", "pose", "loss", "lr", "grad_norm"]), max_size=4)):
        onset = draw(some.integers(1, 24))
        end = draw(some.integers(onset + 1, 30))
        value = draw(some.sampled_from([nan, 0.0, CHANCE, 30.0, 60.0, 99.0]))
        changed[name] = falls(onset, to=value, back=end)
    return spoilt(**changed)


def tall_tree() -> dict[str, Any]:
    """A made-up mmengine config that holds every setting we know."""
    crop = {"type": "RandomResizedCrop", "area_range": [0.3, 1.0]}
    pipeline = [{"type": "UniformSampleFrames", "num_clips": 1}, crop, {"type": "ColorJitter"}]
    sampling = [{"type": "UniformSampleFrames", "num_clips": 10}]
    return {
        "model": {
            "backbone": {"type": "RGBPoseConv3D", "pretrained": None},
            "cls_head": {"num_classes": 12, "loss_components": ["rgb", "pose"], "loss_weights": [1.0, 1.5]},
        },
        "optim_wrapper": {
            "optimizer": {"type": "SGD", "lr": 0.02, "momentum": 0.9, "weight_decay": 0.0001},
            "clip_grad": {"max_norm": 40, "norm_type": 2},
        },
        "param_scheduler": [
            {"type": "LinearLR", "start_factor": 0.1, "begin": 0, "end": 3, "by_epoch": True},
            {"type": "CosineAnnealingLR", "begin": 3, "end": 60, "T_max": 57, "by_epoch": True},
            {"type": "MultiStepLR", "milestones": [9], "gamma": 25.0, "by_epoch": True},
        ],
        "train_pipeline": copy.deepcopy(pipeline),
        "train_dataloader": {"batch_size": 6, "dataset": {"type": "PoseDataset", "pipeline": pipeline}},
        "val_dataloader": {"batch_size": 6, "dataset": {"type": "PoseDataset", "pipeline": copy.deepcopy(sampling)}},
        "test_dataloader": {"batch_size": 1, "dataset": {"type": "PoseDataset", "pipeline": sampling}},
        "train_cfg": {"type": "EpochBasedTrainLoop", "max_epochs": 60, "val_interval": 1},
        "default_hooks": {"checkpoint": {"type": "CheckpointHook", "save_best": "auto", "max_keep_ckpts": 2}},
        "auto_scale_lr": {"enable": False, "base_batch_size": 48},
        "custom_hooks": [{"type": "PipelineSwitchHook", "switch_epoch": 21, "switch_pipeline": []}],
        "load_from": None,
        "resume": False,
        "work_dir": "work_dirs/made-up",
    }


def dumped_tree() -> dict[str, Any]:
    """The config of the real run that ships with defib: our own file, so that it may be executed here."""
    path = next(RUNS.glob("*/lrjump_full.py"))
    values = {key: value for key, value in runpy.run_path(str(path)).items() if not key.startswith("__")}
    return msgspec.json.decode(msgspec.json.encode(values))


def careless_tree() -> dict[str, Any]:
    """The made-up config, with most of what can be wrong in one."""
    tree = tall_tree()
    flip = {"type": "Flip", "left_kp": [1, 3, 5], "right_kp": [2, 4, 4]}
    pose = {"type": "GeneratePoseTarget", "sigma": 0.6, "use_score": True}
    data = {"type": "PoseDataset", "ann_file": "ntu120.pkl", "split": "xsub_train"}
    train = [
        {"type": "UniformSampleFrames", "num_clips": 1},
        pose,
        flip,
        {"type": "Normalize", "mean": [0.0], "std": [1.0]},
    ]
    val = [
        {"type": "SampleFrames", "num_clips": 10},
        {**pose, "sigma": 2.0},
        {"type": "Normalize", "mean": [123.0], "std": [58.0]},
    ]
    tree["train_dataloader"] = {
        "batch_size": 2,
        "sampler": {"type": "DefaultSampler", "shuffle": False},
        "dataset": {"type": "RepeatDataset", "times": 10, "dataset": {**data, "pipeline": train}},
    }
    tree["val_dataloader"]["dataset"] = {**data, "pipeline": val}
    tree["model"]["cls_head"] |= {"num_coarse_classes": 20, "loss_weights": [1.0, 0]}
    tree["model"]["backbone"] |= {"pose_detach": True, "norm_cfg": {"type": "BN3d"}}
    tree["optim_wrapper"] |= {
        "type": "AmpOptimWrapper",
        "loss_scale": 512.0,
        "paramwise_cfg": {"custom_keys": {"backbone.pose_path": {"lr_mult": 10.0}}},
    }
    del tree["optim_wrapper"]["clip_grad"]
    return tree


TREES = {"made up": tall_tree, "careless": careless_tree, "dumped": dumped_tree}


@cache
def configured(name: str, tree: str) -> Run:
    """A patient with a config, a reference to compare it with, and all else that a real run leaves behind."""
    run = SICK[name]
    return with_tree(
        msgspec.structs.replace(
            run,
            reference=run.reference or REFERENCES["rgbpose_joint"],
            launch=Launch(gpus=1, distributed=False),
            tracked=Tracked(setting="auto", raw="acc/rgb_top1", key="val/top1/rgb", epoch=9, value=60.0),
        ),
        TREES[tree](),
    )


def with_tree(run: Run, tree: dict[str, Any]) -> Run:
    config = config_of(tree)
    return msgspec.structs.replace(run, config=config, settings=settings.read(config))


# ------------------------------------------------------------------------------------------------ rules


def alarms(rule: Rule, run: Run) -> tuple[Symptom, ...]:
    return () if rule.unseen(run) is not None else rule(run)


def told(symptoms: tuple[Symptom, ...]) -> set[tuple[Any, ...]]:
    """What may not change any more once it was said."""
    return {(one.rule, one.metric, one.branch, one.onset.step, one.onset.epoch, one.severity) for one in symptoms}


def judged(symptoms: tuple[Symptom, ...]) -> set[tuple[Any, ...]]:
    """The same, and the noise that it was judged by."""
    return {(*told((one,)), None if one.noise is None else round(one.noise, 9)) for one in symptoms}


@each(RULES)
@pytest.mark.parametrize("epochs", [2, 3, 5, 9, 20, 60])
@pytest.mark.parametrize("noise", [0.0, 0.2, 0.6, 1.5])
def test_every_rule_is_quiet_on_a_healthy_run(entry: Rule, noise: float, epochs: int):
    for seed in range(12):
        loud = [one for one in alarms(entry, healthy(epochs, noise=noise, seed=seed)) if one.severity != "note"]
        assert not loud, f"seed {seed}: {loud[0].says.en}"


@MANY
@given(seed=some.integers(0, 10**6), epochs=some.integers(1, 80), top=some.floats(45, 95), noise=some.floats(0, 1.2))
def test_all_rules_together_are_quiet_on_any_healthy_run(seed: int, epochs: int, top: float, noise: float):
    run = healthy(epochs, top=top, noise=noise, seed=seed)
    assert not [one.says.en for rule in RULES.values() for one in alarms(rule, run) if one.severity != "note"]


@each(RULES)
@pytest.mark.parametrize("name", SICK)
def test_no_rule_changes_its_mind_as_the_run_grows(entry: Rule, name: str):
    run = SICK[name]
    final = told(alarms(entry, run))
    for length in range(run.records):
        assert told(alarms(entry, run.prefix(length))) <= final, f"after {length} records"


@MANY
@given(run=patients(), share=some.floats(0, 1))
def test_no_rule_changes_its_mind_on_any_patient(run: Run, share: float):
    shorter = run.prefix(round(share * run.records))
    for rule in RULES.values():
        assert told(alarms(rule, shorter)) <= told(alarms(rule, run))


@each(RULES)
@pytest.mark.parametrize("name", SICK)
def test_no_rule_has_hindsight(entry: Rule, name: str):
    """What comes after an alarm changes neither its onset nor the noise that it was judged by."""
    run = SICK[name]
    for length in range(2, run.records, 3):
        before = judged(tuple(one for one in alarms(entry, run) if one.record < length))
        for other in (another_future(run, length, 0.2), another_future(run, length, 1.3)):
            after = judged(tuple(one for one in alarms(entry, other) if one.record < length))
            assert after == before, f"the future after {length} records was changed"


def another_future(run: Run, length: int, factor: float) -> Run:
    """The same run for `length` records, and something else after them."""

    def altered(series: Series) -> Series:
        value = np.where(series.record < length, series.value, series.value * factor)
        return msgspec.structs.replace(series, value=value)

    return msgspec.structs.replace(run, series=tuple(altered(series) for series in run.series))


@each(RULES)
@pytest.mark.parametrize("name", SICK)
def test_every_alarm_names_the_record_at_which_it_was_first_known(entry: Rule, name: str):
    run = SICK[name]
    for one in alarms(entry, run):
        assert told((one,)) <= told(alarms(entry, run.prefix(one.record + 1))), "not known yet at this record"
        assert not told((one,)) & told(alarms(entry, run.prefix(one.record))), "known before this record"


@each(RULES)
@pytest.mark.parametrize("name", SICK)
def test_every_symptom_is_complete(entry: Rule, name: str):
    for one in alarms(entry, SICK[name]):
        assert one.rule == entry.name
        assert one.facts, "a symptom without a measured value"
        assert_filled(one.says)


@each(RULES)
def test_every_rule_says_why_it_could_not_look(entry: Rule):
    elsewhere = run_of({"train/memory": [4000.0, 4000.0]})
    nothing = Run(framework="made up", path="made-up", series=())
    for run in (elsewhere, nothing):
        reason = entry.unseen(run)
        assert not entry.needs or reason is not None, "a rule that needs a series cannot have looked"
        assert reason is None or assert_filled(reason)
        assert not alarms(entry, run)


# ------------------------------------------------------------------------------------------------ causes


def opinions(tree: str) -> Iterator[tuple[Run, Cause]]:
    """Every opinion of every cause on every patient with this config."""
    for name in SICK:
        run = configured(name, tree)
        checkup = health.check(run)
        for explanation in CAUSES.values():
            cause = explanation(run, checkup)
            if cause is not None:
                yield run, cause


@each(CAUSES)
def test_no_cause_has_an_opinion_when_nothing_was_logged(entry: Explanation):
    assert entry(run_of({"val/top1": [10.0, 20.0, 30.0]}), Checkup()) is None


@each(CAUSES)
@pytest.mark.parametrize("tree", TREES)
@pytest.mark.parametrize("name", SICK)
def test_every_opinion_is_complete(entry: Explanation, name: str, tree: str):
    run = configured(name, tree)
    cause = entry(run, health.check(run))
    if cause is None:
        return
    assert cause.cause == entry.name
    assert set(cause.explains) <= set(entry.explains)
    assert cause.standing != "likely" or cause.for_, "likely, but on no evidence"
    assert cause.standing != "ruled-out" or cause.against, "ruled out by nothing"
    for words in (cause.says, *cause.missing):
        assert_filled(words)
    for evidence in (*cause.for_, *cause.against):
        assert_filled(evidence.measured)
        assert_filled(evidence.means)


@each(CAUSES)
@pytest.mark.parametrize("name", SICK)
def test_every_cause_can_do_without_the_config(entry: Explanation, name: str):
    cause = entry(SICK[name], health.check(SICK[name]))
    assert cause is None or cause.cause == entry.name


@each(CAUSES)
def test_every_cause_explains_known_symptoms(entry: Explanation):
    assert set(entry.explains) <= set(RULES)


# ------------------------------------------------------------------------------------------------ references


@each(REFERENCES)
def test_every_reference_speaks_of_known_settings(entry: Reference):
    assert REFERENCES[entry.name] is entry
    assert {key.partition(".")[0] for key in entry.settings} - {"stream"} <= set(settings.NAMES)
    assert entry.batch > 0
    assert entry.source
    for words in (entry.says, *(one.says for one in entry.expects)):
        assert_filled(words)


# ------------------------------------------------------------------------------------------------ plays


def proposed(play: Play, run: Run, cause: Cause | None) -> tuple[Edit, ...]:
    """What a play proposes after the plays that come before it have been decided."""
    return play(run, cause, earlier(play, run, cause))


def earlier(play: Play, run: Run, cause: Cause | None) -> tuple[Edit, ...]:
    return tuple(edit for name in play.after for edit in PLAYS[name](run, cause))


@cache
def proposals(name: str, tree: str) -> list[tuple[Run, Cause | None, tuple[Edit, ...]]]:
    """All that a play proposes for a config: for a bare cause, and for every one found in the patients."""
    play = PLAYS[name]
    asked = [(configured(patient, tree), bare_cause(play)) for patient in SICK]
    asked += [(run, cause) for run, cause in opinions(tree) if cause.cause == play.treats]
    return [(run, cause, edits) for run, cause in asked if (edits := proposed(play, run, cause))]


def bare_cause(play: Play) -> Cause | None:
    return None if play.treats is None else Cause(cause=play.treats, standing="likely", says=same("made up"))


@each(PLAYS)
@pytest.mark.parametrize("name", TREES)
def test_every_play_starts_from_the_value_that_the_config_holds(entry: Play, name: str):
    for run, _, edits in proposals(entry.name, name):
        for edit in edits:
            held = [run.setting(edit.key), *(site.old for site in edit.sites)]  # several steps may have a factor
            assert edit.old in held
            assert edit.sites, "an edit that is written nowhere"
            for site in edit.sites:
                if site.action != "insert":
                    assert settings.at(run.config.tree, site.path) == site.old


@each(PLAYS)
@pytest.mark.parametrize("name", TREES)
def test_every_play_touches_only_the_settings_that_it_declares(entry: Play, name: str):
    for _, _, edits in proposals(entry.name, name):
        for edit in edits:
            assert edit.key in entry.changes or edit.key.partition(".")[0] in entry.changes
            assert edit.play == entry.name
            assert edit.risk == entry.risk
            assert_filled(edit.why)


@each(PLAYS)
@pytest.mark.parametrize("name", TREES)
def test_every_play_runs_out_when_repeated(entry: Play, name: str):
    for run, cause, _ in proposals(entry.name, name):
        patient = run
        for _ in range(REPEATS):
            edits = proposed(entry, patient, cause)
            if not edits:
                break
            edits = (*earlier(entry, patient, cause), *edits)
            patient = with_tree(patient, applied(patient.config.tree, edits))
        else:
            pytest.fail(f"still proposes {edits[0].key} after {REPEATS} times")


@each(PLAYS)
def test_every_play_treats_a_known_cause_and_changes_known_settings(entry: Play):
    assert entry.treats is None or entry.treats in CAUSES
    assert {key.partition(".")[0] for key in entry.changes} <= set(settings.NAMES)
    assert entry.risk in {"safe", "ask", "advise"}
    assert set(entry.profiles) <= {"minimal", "conservative"}
    assert set(entry.after) <= set(PLAYS)


@each(PLAYS)
def test_no_play_edits_a_config_that_was_not_read(entry: Play):
    assert not [site for run in SICK.values() for edit in entry(run, bare_cause(entry)) for site in edit.sites]


def applied(tree: dict[str, Any], edits: tuple[Edit, ...]) -> dict[str, Any]:
    """The tree after the edits: values first, then insertions and deletions from the back of each list."""
    after = copy.deepcopy(tree)
    sites = [site for edit in edits for site in edit.sites]
    for site in sorted(sites, key=lambda site: (site.action == "set", position(site.path)), reverse=True):
        above, _, last = site.path.rpartition(".")
        holder = settings.at(after, above) if above else after
        where = int(last) if isinstance(holder, list) else last
        if site.action == "delete":
            del holder[where]
        elif site.action == "insert" and isinstance(holder, list):
            holder.insert(where, copy.deepcopy(site.new))
        else:
            holder[where] = copy.deepcopy(site.new)
    return after


def position(path: str) -> list[tuple[int, str]]:
    """Sorts `a.2` before `a.10`."""
    return [(int(step), "") if step.isdigit() else (-1, step) for step in path.split(".")]


# ------------------------------------------------------------------------------------------------ the tests themselves


def test_the_patients_bring_most_entries_to_speak():
    """Otherwise the promises above would be kept by silence. That an entry speaks at all is for its own test."""
    fired = {one.rule for run in SICK.values() for rule in RULES.values() for one in alarms(rule, run)}
    opined = {cause.cause for tree in TREES for _, cause in opinions(tree)}
    moved = {name for name in PLAYS for tree in TREES if proposals(name, tree)}
    for entries, spoke in ((RULES, fired), (CAUSES, opined), (PLAYS, moved)):
        assert len(spoke) > 0.7 * len(entries), f"silent: {sorted(set(entries) - spoke)}"


# ------------------------------------------------------------------------------------------------ pages

HEADINGS = {
    "rule": (RULES, ("Why it matters:", "How it looks:", "Stays quiet on:", "Size:", "What to do:")),
    "cause": (CAUSES, ("For:", "Against:", "Missing:")),
    "play": (PLAYS, ("Keeps:", "Gives up:")),
}
PAGES = [
    pytest.param(entry, headings, id=f"{kind} {name}")
    for kind, (entries, headings) in HEADINGS.items()
    for name, entry in entries.items()
]


@pytest.mark.parametrize(("entry", "headings"), PAGES)
def test_every_entry_has_a_page_with_the_headings_of_its_room(entry: Any, headings: tuple[str, ...]):
    first, _, rest = entry.doc.strip().partition("\n")
    assert first.endswith("."), "the first line is a sentence"
    for heading in headings:
        assert re.search(rf"^{heading} \S", rest, flags=re.MULTILINE), f"no {heading!r}"
    assert "TODO" not in entry.doc


def test_no_two_entries_share_a_name():
    names = [name for entries in (RULES, CAUSES, REFERENCES, PLAYS) for name in entries]
    assert len(names) == len(set(names))


def test_every_entry_has_its_test_beside_it():
    for folder in (defib.health.rules, defib.diagnosis.causes, defib.playbook.plays, defib.reading.formats):
        here = Path(folder.__file__).parent
        entries = {path.stem for path in here.glob("[a-z]*.py") if not path.stem.startswith("test_")}
        tested = {path.stem.removeprefix("test_") for path in here.glob("test_*.py")}
        assert entries <= tested, f"{here.name} without a test"


def assert_filled(words: Words) -> bool:
    """No placeholder was left empty, no sentence is missing."""
    for text in (words.en, words.zh):
        assert text.strip()
        assert not re.search(r"\{[a-z_]+\}", text), text
    return True
