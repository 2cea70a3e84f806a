"""The trainer looks inside by default, and trains the same as without."""

import json

import pytest
import torch

from defib.action.data.sets import train_and_val
from defib.action.naming import taxonomy_of
from defib.action.training import recipe as recipes
from defib.action.training.loop import Trainer
from defib.cli.trainer.inside import Inside

SMALL = (
    "train.max_epochs=2",
    "data.train=24",
    "data.val=12",
    "train.batch=4",
    "train.sample_every=3",
    "train.log_every=2",
    "train.workers=0",
)


def trained(folder, callbacks):
    asked = recipes.read("synth_micro", [*SMALL, f"work_dir={folder}"])
    clips, held_out = train_and_val(
        asked.data, taxonomy_of(asked.taxonomy), seed=asked.seed, test_clips=asked.evaluate.clips
    )
    trainer = Trainer(asked, clips, held_out, callbacks)
    trainer.run()
    lines = [json.loads(line) for line in (folder / "metrics.jsonl").read_text().splitlines()]
    return trainer.built.recognizer.state_dict(), [line["values"] for line in lines if line["kind"] == "train"]


@pytest.fixture(scope="module")
def both(tmp_path_factory):
    return trained(tmp_path_factory.mktemp("with"), [Inside()]), trained(tmp_path_factory.mktemp("without"), [])


def test_training_is_bit_for_bit_the_same(both):
    (watched, _), (alone, _) = both
    assert all(torch.equal(value, alone[name]) for name, value in watched.items())


def test_each_stream_is_looked_at(both):
    (_, rows), (_, plain) = both
    looked = {name for row in rows for name in row} - {name for row in plain for name in row}
    wanted = ("feature_scale", "feature_rank", "entropy", "classes_named", "batchnorm_gap")
    assert looked == {f"train/{name}/{stream}" for name in wanted for stream in ("rgb", "pose")}
    first = next(row for row in rows if "train/entropy/pose" in row)
    assert 50 < first["train/entropy/pose"] <= 100
    assert first["train/feature_rank/rgb"] >= 1


def test_what_is_sampled_is_written_once(both):
    (_, rows), _ = both
    assert sum("train/entropy/rgb" in row for row in rows) == 4  # steps 0, 3, 6 and 9 of 12
