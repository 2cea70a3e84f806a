"""The made-up logs: the same bytes for the same seed, labelled, readable, with an onset that can be found."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parent.parent))

from bench.delay import record_of
from bench.families import FAMILIES, drawn
from bench.families.laws import learning, measured, remembering, task

from defib import reading

LABELS = {"healthy", "spike", "collapse", "nan", "oscillating", "overfit", "plateau"}
NO_SCORES = {"heavy_tails", "physics_scale", "training_alone_collapses", "nan_from_the_start"}


def each(*, seeds):
    return pytest.mark.parametrize(
        ("family", "seed"),
        [(one, seed) for one in FAMILIES for seed in range(seeds)],
        ids=lambda it: getattr(it, "name", it),
    )


def formats():
    return pytest.mark.parametrize(
        ("family", "seed"),
        [(one, seed) for one in FAMILIES for seed in range(len(one.written))],
        ids=lambda it: getattr(it, "name", it),
    )


def test_there_are_as_many_sick_families_as_others():
    assert len(FAMILIES) >= 12
    assert sum(one.sick for one in FAMILIES) * 2 == len(FAMILIES)
    assert len({one.name for one in FAMILIES}) == len(FAMILIES)


def test_every_family_says_what_it_shows_and_has_a_label_of_the_labelled_logs():
    for one in FAMILIES:
        assert one.story.en.endswith("."), one.name
        assert one.story.zh.endswith("。"), one.name
        assert one.label in LABELS
        assert one.sick == (one.label not in {"healthy", "spike"})


@each(seeds=1)
def test_the_same_seed_gives_the_same_bytes_and_another_one_others(family, seed, tmp_path):
    first, again = drawn(family, seed, tmp_path / "a"), drawn(family, seed, tmp_path / "b")
    other = drawn(family, seed + len(family.written), tmp_path / "a")
    assert first.path.read_bytes() == again.path.read_bytes() != other.path.read_bytes()
    assert first._replace(path=again.path) == again


@formats()
def test_every_format_of_every_family_is_read_with_a_training_loss(family, seed, tmp_path):
    run = reading.read(drawn(family, seed, tmp_path).path)
    assert run.branches("train/loss")
    assert family.name in NO_SCORES or run.deciding is not None


@formats()
def test_an_onset_is_stated_for_what_is_wrong_and_found_in_the_run(family, seed, tmp_path):
    one = drawn(family, seed, tmp_path)
    assert bool(one.onset) == (one.label != "healthy")
    if one.onset:
        run = reading.read(one.path)
        record = record_of(run, one.path, one.unit, one.onset)
        assert record is not None
        assert 0 <= record < run.records


def test_a_nan_stands_at_the_very_step_of_its_onset(tmp_path):
    family = next(one for one in FAMILIES if one.name == "nan_from_a_moment")
    for seed in range(len(family.written)):
        one = drawn(family, seed, tmp_path)
        run = reading.read(one.path)
        first = min(loss.record[np.isnan(loss.value)][0] for loss in run.branches("train/loss"))
        onset = record_of(run, one.path, one.unit, one.onset)
        assert 0 <= first - onset <= 1, one.writer  # Lightning writes the rate of a step in a row before its loss


def test_a_repeated_epoch_is_read_once(tmp_path):
    family = next(one for one in FAMILIES if one.name == "resumed_with_overlap")
    for seed in range(len(family.written)):
        one = drawn(family, seed, tmp_path)
        run = reading.read(one.path)
        steps = run.branches("train/loss")[0]
        clock = steps.epoch if np.isnan(steps.step).all() else steps.step
        assert (np.diff(clock) >= 0).all() or len(run.segments) > 1, one.writer


def test_validation_noise_is_that_of_the_stated_size():
    rng = np.random.default_rng(1)
    scores = measured(rng, np.full(4000, 0.5), 150)
    assert scores.std() == pytest.approx(np.sqrt(0.25 / 150), rel=0.1)


def test_noise_remembers_and_has_its_size():
    noise = remembering(np.random.default_rng(2), 20000, 0.3, 0.5)
    assert noise.std() == pytest.approx(0.3, rel=0.05)
    assert np.corrcoef(noise[1:], noise[:-1])[0, 1] == pytest.approx(0.5, abs=0.05)


def test_skill_rises_from_nothing_towards_one():
    for seed in range(10):
        rng = np.random.default_rng(seed)
        skill = learning(rng, task(rng, epochs=60, pace=3.0))
        assert (np.diff(skill) > 0).all()
        assert 0 < skill[0] < 0.6
        assert 0.95 < skill[-1] <= 1
