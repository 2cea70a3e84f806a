"""Training learns, is logged, and goes on after an interruption as if there had been none."""

import json
import signal

import msgspec
import pytest
import torch

from defib.action.data.config import MicroData
from defib.action.errors.training import (
    BadValue,
    CannotResume,
    DeviceFull,
    NoCheckpoint,
    NoDevice,
    NotFinite,
    WorkDirUnwritable,
)
from defib.action.model import LossConfig, ModelConfig, PrototypeConfig
from defib.action.model.test_rgbpose import SMALL, THREE
from defib.action.taxonomy import to_file
from defib.action.training import checkpoints
from defib.action.training.callbacks import Callback, Stop
from defib.action.training.loop import Trainer
from defib.action.training.recipe import EvaluateConfig, OptimConfig, Recipe, TrainConfig

ALL = ("rgb", "pose", "rgb_coarse", "pose_coarse")


class Blobs:
    """Three classes as brightness of a stripe; the noise depends on epoch and index alone."""

    def __init__(self, count=24, broken=()):
        self.count, self.broken, self.epoch = count, broken, 0

    def __len__(self):
        return self.count

    def set_epoch(self, epoch):
        self.epoch = epoch

    def __getitem__(self, index):
        generator = torch.Generator().manual_seed(1000 * self.epoch + index)
        label = index % 3
        rgb = torch.randn(3, 2, 32, 32, generator=generator)
        rgb[label] += 2
        pose = torch.rand(5, 8, 8, 8, generator=generator)
        pose[label] += 1
        if (self.epoch, index) in self.broken:
            rgb = rgb * float("nan")
        return {"rgb": rgb, "pose": pose, "label": label, "name": f"clip{index}"}


def recipe(folder, **changes):
    taxonomy = folder / "three.json"
    taxonomy.write_bytes(to_file(THREE))
    made = Recipe(
        device="cpu",  # a GPU adds up in an order of its own: two equal runs differ there, so that no resume can be bit by bit
        work_dir=str(folder / "run"),
        taxonomy=str(taxonomy),
        model=ModelConfig(coarse=True, prototypes=PrototypeConfig(fine_channels=8, coarse_channels=4), **SMALL),
        loss=LossConfig(components=ALL, weights=(1, 1, 0.5, 0.5), tree=1.0, calibration=0.2, diversity=0.1),
        data=MicroData(),
        optim=OptimConfig(lr=0.05),
        train=TrainConfig(max_epochs=2, batch=4, workers=0, log_every=2, sample_every=3, ema=0.9),
        evaluate=EvaluateConfig(batch=4),
    )
    for key, value in changes.items():
        part, _, name = key.partition("__")
        new = msgspec.structs.replace(getattr(made, part), **{name: value}) if name else value
        made = msgspec.structs.replace(made, **{part: new})
    return made


def train(folder, *callbacks, clips=None, **changes):
    trainer = Trainer(recipe(folder, **changes), clips or Blobs(), Blobs(9), callbacks)
    return trainer, trainer.run()


def lines(folder):
    return [json.loads(line) for line in (folder / "run" / "metrics.jsonl").read_text().splitlines()]


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    folder = tmp_path_factory.mktemp("trained")
    trainer, ending = train(folder, train__max_epochs=3)
    assert ending == "finished"
    return folder, trainer


def test_it_learns(trained):
    _, trainer = trained
    assert trainer.values["val/top1/fused"] > 60
    assert trainer.step == 18


def test_the_log_says_what_a_diagnosis_needs(trained):
    rows = lines(trained[0])
    assert rows[0]["kind"] == "start"
    assert rows[0]["format"] == 1
    values = [row["values"] for row in rows if row["kind"] == "train"]
    assert {
        *(
            "train/loss",
            "train/loss_above_floor",
            "train/loss/rgb",
            "train/loss/pose_coarse",
            "train/loss_part/tree_rgb",
        ),
        *(
            "train/loss_part/cal_pose_coarse",
            "train/weighted_loss/ce_pose",
            "train/lr",
            "train/lr/pose",
            "train/grad_norm",
        ),
        *(
            "train/grad_norm/rgb",
            "train/grad_norm_max",
            "train/clipped",
            "train/top1/rgb",
            "train/time",
            "train/data_time",
        ),
    } <= set(values[0])
    assert 100 < values[0]["train/memory"] < 1e6  # MiB, of a process with torch in it
    assert "train/update_ratio/pose" in {name for row in values for name in row}
    held = [row for row in rows if row["kind"] == "val"]
    assert [row["epoch"] for row in held] == [1, 2, 3]
    assert {"val/top1/fused", "val/top1/fused_2:1", "val/top1/fused_coarse", "val/mean_class/pose", "val/loss"} <= set(
        held[0]["values"]
    )
    events = [row["event"] for row in rows if row["kind"] == "event"]
    assert events[0] == "first-evaluation"
    assert {"saved", "best"} <= set(events)


def test_training_accuracy_is_that_of_the_epoch_not_of_one_batch(trained):
    rows = [row for row in lines(trained[0]) if row["kind"] == "train"]
    last = [row for row in rows if row["epoch"] == 3][-1]
    right = last["values"]["train/top1/rgb"] * 24 / 100
    assert right == pytest.approx(round(right), abs=1e-3)


def test_checkpoints_and_confusions_are_there(trained):
    run = trained[0] / "run"
    assert {"last", "best", "metrics.jsonl", "recipe.json", "confusion"} <= {path.name for path in run.iterdir()}
    assert (run / "confusion" / "epoch_3.npy").is_file()
    state = checkpoints.state_of(run / "last")
    assert (state["step"], state["epoch"]) == (18, 3)


def whole(trainer):
    """Everything that goes on: weights, averaged weights, momenta."""
    state = trainer.built.optimizer.state_dict()["state"]
    return [
        *trainer.built.recognizer.state_dict().values(),
        *trainer.built.evaluated.state_dict().values(),
        *(one["momentum_buffer"] for one in state.values()),
    ]


class StopAt(Callback):
    def __init__(self, step):
        self.step = step

    def after_step(self, trainer):
        if trainer.step == self.step:
            raise Stop


@pytest.mark.parametrize("step", [6, 8])
def test_an_interrupted_run_goes_on_bit_by_bit(step, trained, tmp_path):
    """At the end of an epoch and in the middle of one."""
    _, ending = train(tmp_path, StopAt(step), train__max_epochs=3)
    assert ending == "stopped"
    trainer, ending = train(tmp_path, train__max_epochs=3, resume=True)
    assert ending == "finished"
    assert all(torch.equal(one, other) for one, other in zip(whole(trainer), whole(trained[1]), strict=True))
    starts = [row for row in lines(tmp_path) if row["kind"] == "start"]
    assert starts[1]["resumed"]["step"] == step
    last = [row for row in lines(tmp_path) if row["kind"] == "train"][-1]["values"]
    known = [row for row in lines(trained[0]) if row["kind"] == "train"][-1]["values"]
    timed = ("train/time", "train/data_time", "train/memory")
    assert {k: v for k, v in last.items() if k not in timed} == {k: v for k, v in known.items() if k not in timed}


class Signal(Callback):
    def after_step(self, trainer):
        if trainer.step == 2:
            signal.raise_signal(signal.SIGTERM)


def test_sigterm_saves_and_leaves(tmp_path):
    before = signal.getsignal(signal.SIGTERM)
    trainer, ending = train(tmp_path, Signal())
    assert ending == "interrupted"
    assert checkpoints.state_of(tmp_path / "run" / "last")["step"] == trainer.step == 2
    assert signal.getsignal(signal.SIGTERM) == before


class Asked(Blobs):
    """Held-out clips; at the so-manieth that is read this process is asked to leave."""

    def __init__(self, at):
        super().__init__(9)
        self.left = at

    def __getitem__(self, index):
        self.left -= 1
        if self.left == 0:
            signal.raise_signal(signal.SIGINT)
        return super().__getitem__(index)


@pytest.mark.parametrize(("at", "position", "logged"), [(2, 0.0, []), (9 + 2, 1.0, []), (18 + 2, 2.0, [1])])
def test_an_evaluation_is_given_up_and_made_again(at, position, logged, trained, tmp_path):
    """Before the first step, at the end of an epoch, and of a later one."""
    trainer = Trainer(recipe(tmp_path, train__max_epochs=3), Blobs(), Asked(at))
    assert trainer.run() == "interrupted"
    assert trainer.position == position
    assert [row["epoch"] for row in lines(tmp_path) if row["kind"] == "val"] == logged
    trainer, ending = train(tmp_path, train__max_epochs=3, resume=True)
    assert ending == "finished"
    assert all(torch.equal(one, other) for one, other in zip(whole(trainer), whole(trained[1]), strict=True))
    held = [[row["values"] for row in lines(folder) if row["kind"] == "val"] for folder in (tmp_path, trained[0])]
    assert held[0] == held[1]


class Fills(Callback):
    """Asks for more memory than there is, as a step or an evaluation may."""

    def __init__(self, moment):
        self.moment = moment

    def after_backward(self, *_):
        if self.moment == "step":
            torch.empty(2**60, dtype=torch.uint8)


class Large(Blobs):
    def __getitem__(self, index):
        torch.empty(2**60, dtype=torch.uint8)


@pytest.mark.parametrize(
    ("batch", "way"), [(4, "train.batch=2 train.accumulate=2"), (3, "train.batch=1 train.accumulate=3"), (1, "frozen")]
)
def test_a_full_device_is_one_sentence_with_three_ways_out(batch, way, tmp_path):
    with pytest.raises(DeviceFull) as ended:
        train(tmp_path, Fills("step"), train__batch=batch)
    for said in (ended.value.words.en, ended.value.words.zh):
        assert f"{batch}" in said
        assert way in said
        assert "train.precision=bf16" in said
        assert "data.pipeline.size" in said


def test_a_device_that_an_evaluation_fills_is_told_of_that(tmp_path):
    with pytest.raises(DeviceFull) as ended:
        Trainer(recipe(tmp_path), Blobs(), Large(9)).run()
    for said in (ended.value.words.en, ended.value.words.zh):
        assert "evaluate.batch=2" in said
        assert "data.pipeline.test_size" in said
        assert "train.batch" not in said


def test_another_error_is_not_called_a_full_device(tmp_path):
    class Wrong(Callback):
        def after_step(self, *_):
            torch.ones(2) @ torch.ones(3)

    with pytest.raises(RuntimeError, match="inconsistent tensor size"):
        train(tmp_path, Wrong())


def test_a_gradient_that_is_no_number_is_skipped(tmp_path):
    trainer, ending = train(tmp_path, clips=Blobs(broken={(0, 5)}), train__max_epochs=1, model__norm="frozen")
    assert ending == "finished"
    assert all(torch.isfinite(one).all() for one in trainer.built.recognizer.parameters())
    (skipped,) = [row for row in lines(tmp_path) if row.get("event") == "skipped"]
    assert "not finite" in skipped["text"]


def test_too_many_of_them_end_it_and_the_last_good_checkpoint_stays(tmp_path):
    broken = {(1, index) for index in range(24)}
    with pytest.raises(NotFinite) as ended:
        train(tmp_path, clips=Blobs(broken=broken), model__norm="frozen", train__most_not_finite=3)
    assert "3 steps" in ended.value.words.en
    assert "run/last" in ended.value.words.zh
    assert checkpoints.state_of(tmp_path / "run" / "last")["epoch"] == 1


def test_weights_are_taken_alone_and_counted(trained, tmp_path):
    best = trained[0] / "run" / "best" / checkpoints.WEIGHTS
    trainer, _ = train(tmp_path, load_from=str(best), train__max_epochs=1, evaluate__expected=90.0)
    assert trainer.step == 6
    first, second = [row for row in lines(tmp_path) if row["kind"] == "event"][:2]
    assert first["event"] == "loaded"
    assert "0 missing" in first["text"]
    assert "expected 90.00" in second["text"]
    assert float(second["text"].split()[1]) > 60  # not at random


def test_the_weights_of_a_work_directory_are_the_averaged_of_its_best(trained, tmp_path):
    trainer, _ = train(tmp_path, load_from=str(trained[0] / "run"), train__max_epochs=1)
    first = next(row for row in lines(tmp_path) if row["kind"] == "event")
    assert first["text"].startswith(f"{trained[0]}/run/best/ema.safetensors: ")
    with pytest.raises(NoCheckpoint, match="neither best nor last"):
        train(tmp_path / "..", load_from=str(tmp_path / "run" / "confusion"), work_dir=str(tmp_path / "b"))
    assert trainer.step == 6


@pytest.mark.parametrize(
    ("changes", "key"), [({"seed": 1}, "seed was 0 and is 1"), ({"train__batch": 3}, "train.batch was 4")]
)
def test_within_an_epoch_its_order_cannot_change(changes, key, tmp_path):
    train(tmp_path, StopAt(8))
    with pytest.raises(CannotResume, match="saved within an epoch") as refused:
        train(tmp_path, resume=True, **changes)
    assert key in refused.value.words.en
    assert "load_from" in refused.value.words.zh
    with pytest.raises(CannotResume, match="clips was 24 and is 20"):
        train(tmp_path, clips=Blobs(20), resume=True)


def test_at_the_end_of_an_epoch_the_batch_may_change(tmp_path):
    train(tmp_path, train__max_epochs=1)
    trainer, ending = train(tmp_path, resume=True, train__batch=2, train__accumulate=2)
    assert (ending, trainer.epoch) == ("finished", 2)


def test_a_resumed_run_has_the_rates_that_its_recipe_asks_for_now(tmp_path):
    first, _ = train(tmp_path, train__max_epochs=1)
    asked = first.recipe.optim
    calmer = msgspec.structs.replace(asked, lr=asked.lr / 10, weight_decay=0.5)
    trainer, _ = train(tmp_path, resume=True, train__max_epochs=2, optim=calmer)
    groups = trainer.built.optimizer.param_groups
    assert {group["initial_lr"] for group in groups} == {asked.lr / 10}
    assert {group["weight_decay"] for group in groups} == {0.5}
    assert trainer.built.optimizer.state  # its momenta went on
    logged = [row["values"]["train/lr"] for row in lines(tmp_path) if row["kind"] == "train"]
    assert max(logged[-3:]) <= asked.lr / 10 < logged[0]


def test_the_state_of_another_optimizer_is_refused(tmp_path):
    first, _ = train(tmp_path, train__max_epochs=1)
    other = "adamw" if first.recipe.optim.type == "sgd" else "sgd"
    with pytest.raises(CannotResume, match="the state of another optimizer"):
        train(tmp_path, resume=True, train__max_epochs=2, optim=msgspec.structs.replace(first.recipe.optim, type=other))


def test_accumulation_is_a_larger_batch(tmp_path):
    """With norms frozen and no prototypes a step over two halves is the step over the whole."""
    plain = {"model": ModelConfig(norm="frozen", dropout=0, **SMALL), "loss": LossConfig(), "train__max_epochs": 1}
    plain |= {"optim": OptimConfig(lr=0.05), "evaluate__first": False}
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    one, _ = train(tmp_path / "one", **plain, train__batch=8)
    two, _ = train(tmp_path / "two", **plain, train__batch=4, train__accumulate=2)
    assert one.step == two.step == 3
    pairs = zip(one.built.recognizer.parameters(), two.built.recognizer.parameters(), strict=True)
    assert all(torch.allclose(a, b, atol=1e-5) for a, b in pairs)


def test_bf16_trains(tmp_path):
    trainer, _ = train(tmp_path, train__precision="bf16", train__max_epochs=1)
    assert all(torch.isfinite(one).all() for one in trainer.built.recognizer.parameters())


def test_kept_checkpoints_stay(tmp_path):
    train(tmp_path, keep__every=1)
    assert {"epoch_1", "epoch_2"} <= {path.name for path in (tmp_path / "run").iterdir()}


def test_callbacks_are_told_of_every_moment_in_order(tmp_path):
    told = []

    class Listens(Callback):
        def __getattribute__(self, name):
            if not name.startswith("_"):
                told.append(name)
            return super().__getattribute__(name)

    train(tmp_path, Listens(), train__max_epochs=1)
    step = ["before_step", "after_backward", "after_step"]
    saved = ["after_checkpoint", "after_checkpoint"]
    assert told == ["before_training", "after_evaluation", *step * 6, "after_evaluation", *saved, "after_training"]


@pytest.mark.parametrize(
    ("changes", "error", "said"),
    [
        ({"train__batch": 50}, BadValue, "do not fill one step"),
        ({"train__precision": "fp16", "device": "cpu"}, NoDevice, "fp16 needs a CUDA device"),
        ({"trackers": ("nothing",)}, BadValue, "no tracker nothing"),
        ({"evaluate__metric": "val/top1/fusde"}, BadValue, "no evaluation .* gives val/top1/fusde; .* val/top1/fused,"),
        ({"evaluate__metric": "val/top1/rgb_rectified"}, BadValue, "no evaluation"),
        ({"work_dir": "/proc/run"}, WorkDirUnwritable, "/proc/run: cannot write here"),
        ({"resume": "elsewhere"}, CannotResume, "no checkpoint"),
    ],
)
def test_what_cannot_be_trained_is_refused(changes, error, said, tmp_path):
    with pytest.raises(error, match=said):
        train(tmp_path, **changes)


def test_nothing_to_test_on_is_refused(tmp_path):
    with pytest.raises(BadValue, match="no clip is held out") as refused:
        Trainer(recipe(tmp_path), Blobs(), Blobs(0))
    assert "没有留作验证的片段" in refused.value.words.zh


def test_a_log_that_cannot_be_written_is_one_sentence(tmp_path):
    (tmp_path / "run" / "metrics.jsonl").mkdir(parents=True)
    with pytest.raises(WorkDirUnwritable, match=r"metrics\.jsonl: cannot write here"):
        train(tmp_path)


def test_the_best_by_its_loss_is_the_least(tmp_path):
    trainer, _ = train(tmp_path, evaluate__metric="val/loss", train__max_epochs=3)
    losses = [row["values"]["val/loss"] for row in lines(tmp_path) if row["kind"] == "val"]
    assert min(losses) < max(losses)
    assert trainer.best == pytest.approx(min(losses), rel=1e-5)
    assert checkpoints.state_of(tmp_path / "run" / "best")["best"] == trainer.best


def test_every_sampled_step_is_in_the_log_whichever_steps_are_logged(tmp_path):
    train(tmp_path, train__log_every=5, train__sample_every=2, train__max_epochs=2)  # no step is both but at an end
    rows = [row for row in lines(tmp_path) if row["kind"] == "train"]
    assert [row["step"] for row in rows] == [5, 6, 10, 12]
    for row in rows:
        assert ("train/update_ratio/rgb" in row["values"]) == (row["step"] != 6), row["step"]


def test_a_finished_run_is_not_resumed(trained, tmp_path):
    with pytest.raises(CannotResume, match="it is finished"):
        train(tmp_path, resume=str(trained[0] / "run" / "last"), train__max_epochs=3)
