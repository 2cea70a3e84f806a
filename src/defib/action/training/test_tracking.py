"""A tracker is refused before the training, and let go of within it."""

import json

import pytest
from accelerate.tracking import GeneralTracker

from defib.action.errors.training import BadValue
from defib.action.training import tracking
from defib.action.training.callbacks import Callback
from defib.action.training.loop import Trainer
from defib.action.training.test_loop import Blobs, recipe


class Tracker(GeneralTracker):
    """Remembers; its server may go away."""

    requires_logging_directory = False

    def __init__(self, name, *, fails_at=None, fails_to_finish=False):
        super().__init__(_blank=True)
        self.name, self.fails_at, self.fails_to_finish = name, fails_at, fails_to_finish
        self.told, self.finished = [], False

    def log(self, values, step=None):
        if self.fails_at is not None and step >= self.fails_at:
            message = "the server\nis gone"
            raise ConnectionError(message)
        self.told.append((step, values))

    def finish(self):
        self.finished = True
        if self.fails_to_finish:
            message = "the server is gone"
            raise ConnectionError(message)


class Watched(Callback):
    def __init__(self, *trackers):
        self.trackers = trackers

    def before_training(self, trainer):
        trainer.built.accelerator.trackers = list(self.trackers)


def events(folder):
    lines = [json.loads(line) for line in (folder / "metrics.jsonl").read_text(encoding="utf-8").splitlines()]
    return [
        (line["step"], line["text"]) for line in lines if line["kind"] == "event" and line["event"] == "tracker-lost"
    ]


def test_a_tracker_whose_server_goes_away_does_not_end_the_training(tmp_path):
    gone, there = Tracker("gone", fails_at=4), Tracker("there", fails_to_finish=True)
    trainer = Trainer(recipe(tmp_path), Blobs(), Blobs(6), [Watched(gone, there)])
    assert trainer.run() == "finished"
    assert (trainer.step, gone.finished, there.finished) == (12, False, True)
    assert [step for step, _ in gone.told] == [2]
    assert [step for step, _ in there.told] == [2, 4, 6, 6, 8, 10, 12, 12]  # every other step, and each evaluation
    assert events(tmp_path / "run") == [(4, "gone: the server is gone"), (12, "there: the server is gone")]


def test_what_a_tracker_says_when_it_does_not_start_is_told_in_one_line(tmp_path):
    class Keyless:
        def init_trackers(self, project, config):
            assert project == "defib"
            assert config["seed"] == "0"
            message = "No API key configured.\nUse `login`."
            raise RuntimeError(message)

    with pytest.raises(BadValue) as refused:
        tracking.start(Keyless(), recipe(tmp_path, trackers=("wandb", "swanlab")))
    said = (
        "wandb, swanlab did not start (No API key configured. Use `login`.): set it up, run it offline, or take it out"
    )
    assert said in refused.value.words.en
    assert "无法启动（No API key configured. Use `login`.）" in refused.value.words.zh
