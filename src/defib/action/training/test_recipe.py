"""Recipes are typed, and a mistyped key is refused with the nearest."""

import itertools
import json
import re

import pytest

from defib.action.errors.model import ModelMisfit
from defib.action.errors.training import BadValue, NoSuchKey, RecipeUnreadable
from defib.action.training.recipe import FOLDER, known, read, to_builtins

TEXT = """\
# a comment
work_dir: runs/a
data:
  kind: micro
  train: 48   # clips
optim: {lr: 1e-2}
train:
  max_epochs: 3
  batch: 8
loss:
  components: [rgb, pose]
  weights: [1, 1.5]
"""


@pytest.fixture
def path(tmp_path):
    target = tmp_path / "a.yaml"
    target.write_text(TEXT)
    return str(target)


def test_a_recipe_is_read_with_its_defaults(path):
    found = read(path)
    assert (found.optim.lr, found.optim.momentum, found.train.max_epochs, found.data.train) == (0.01, 0.9, 3, 48)
    assert found.loss.weights == (1.0, 1.5)


def test_words_change_it_by_dotted_keys(path):
    words = ["train.max_epochs=2", "optim.lr=5e-3", "work_dir=runs/b", "loss.weights.1=1.2", "model.coarse=true"]
    found = read(path, words)
    assert (found.train.max_epochs, found.optim.lr, found.work_dir) == (2, 0.005, "runs/b")
    assert found.loss.weights == (1.0, 1.2)
    assert found.model.coarse


def test_a_value_may_hold_equals_signs_and_lists(path):
    found = read(path, ["load_from=a=b.pth", "loss.weights=[2, 3]", "optim.branch_lr.pose=0.5"])
    assert (found.load_from, found.loss.weights, found.optim.branch_lr) == ("a=b.pth", (2.0, 3.0), {"pose": 0.5})


@pytest.mark.parametrize(
    ("word", "key", "nearest"),
    [
        ("optim.lrr=1", "optim.lrr", "optim.lr"),
        ("max_epoch=1", "max_epoch", ""),
        ("train.max_epoch=1", "train.max_epoch", "train.max_epochs"),
        ("data.trian=1", "data.trian", "data.train"),
        ("model.prototypes.momentun=1", "model.prototypes.momentun", "model.prototypes.momentum"),
    ],
)
def test_an_unknown_key_is_refused_with_the_nearest(word, key, nearest, path):
    with pytest.raises(NoSuchKey) as refused:
        read(path, [word])
    assert f"no key {key}" in refused.value.words.en
    assert nearest in refused.value.words.zh


@pytest.mark.parametrize(
    ("word", "key"),
    [
        ("optim.lr=fast", "optim.lr"),
        ("train.batch=[1]", "train.batch"),
        ("train.precision=fp8", "train.precision"),
        ("data.kind=clips", "data"),
        ("loss.weights.7=1", "loss.weights.7=1"),
        ("nothing", "nothing"),
    ],
)
def test_a_value_that_its_key_cannot_take_is_refused(word, key, path):
    with pytest.raises(BadValue) as refused:
        read(path, [word])
    assert f": {key}" in refused.value.words.en
    assert key in refused.value.words.zh


@pytest.mark.parametrize(
    ("word", "en", "zh"),
    [
        ("train.log_every=0", "train.log_every: expected a number >= 1", "应为 >= 1 的数"),
        ("train.batch=0", "train.batch: expected a number >= 1", "应为 >= 1 的数"),
        ("train.accumulate=-2", "train.accumulate: expected a number >= 1", "应为 >= 1 的数"),
        ("train.workers=-1", "train.workers: expected a number >= 0", "应为 >= 0 的数"),
        ("train.ema=2", "train.ema: expected a number < 1", "应为 < 1 的数"),
        ("evaluate.every=0", "evaluate.every: expected a number >= 1", "应为 >= 1 的数"),
        ("optim.lr=-1", "optim.lr: expected a number > 0", "应为 > 0 的数"),
        ("optim.base_batch=0", "optim.base_batch: expected a number >= 1", "应为 >= 1 的数"),
        ("optim.betas=[0.9, 1]", "expected a number < 1", "应为 < 1 的数"),
        ("optim.branch_clip.rgb=0", "expected a number > 0", "应为 > 0 的数"),
        ("schedule.warmup_epochs=-1", "schedule.warmup_epochs: expected a number >= 0", "应为 >= 0 的数"),
        ("data.flip=3", "data.flip: expected a number <= 1", "应为 <= 1 的数"),
        ("optim.lr=fast", "optim.lr: expected float, found str", "应为 float，实际为 str"),
        ("optim.type=adam", "optim.type: expected one of sgd, adamw, found adam", "应为 sgd, adamw 之一，实际为 adam"),
        ("device=gpu", "device: expected one of auto, cpu, found gpu", "应为 auto, cpu 之一，实际为 gpu"),
        ("model.depth=34", "model.depth: expected one of 50, 101, found 34", "应为 50, 101 之一，实际为 34"),
        ("optim.nesterov=true optim.momentum=0", "optim.nesterov: it needs a momentum above 0", "需要大于 0 的动量"),
    ],
)
def test_a_number_that_makes_no_sense_is_refused_in_both_languages(word, en, zh, path):
    with pytest.raises(BadValue) as refused:
        read(path, word.split(" ") if "nesterov" in word else [word])
    assert en in refused.value.words.en
    assert zh in refused.value.words.zh


def test_weights_that_fit_nothing_are_refused_by_their_part(path):
    with pytest.raises((BadValue, ModelMisfit), match=r"loss\.weights"):
        read(path, ["loss.weights=[1]"])


@pytest.mark.parametrize("kind", [["kind: videos", "videos: v", "annotations: a.pkl"], ["kind: store", "store: s"]])
def test_a_list_of_clips_to_leave_out_survives_writing_and_reading(kind, tmp_path):
    path = tmp_path / "a.yaml"
    path.write_text(TEXT.replace("kind: micro\n  train: 48   # clips", "\n  ".join(kind)))
    assert read(str(path)).data.exclude is None
    found = read(str(path), ["data.exclude=lists/missing.txt"])
    (tmp_path / "recipe.json").write_text(json.dumps(to_builtins(found)))
    again = read(str(tmp_path / "recipe.json"))
    assert (again, again.data.exclude) == (found, "lists/missing.txt")


@pytest.mark.parametrize("text", ["- a\n", "a: [1\n", "", "\x00"])
def test_what_is_no_recipe_is_refused(text, tmp_path):
    path = tmp_path / "a.yaml"
    path.write_text(text)
    with pytest.raises(RecipeUnreadable, match="expected a recipe in YAML"):
        read(str(path))


def test_a_missing_file_names_the_recipes_that_there_are(tmp_path):
    with pytest.raises(RecipeUnreadable, match="no such file"):
        read(str(tmp_path / "a.yaml"))


def test_nothing_in_a_recipe_is_executed(tmp_path, capsys):
    path = tmp_path / "a.yaml"
    path.write_text("work_dir: !!python/object/apply:builtins.print [executed]\n")
    with pytest.raises((RecipeUnreadable, BadValue, NoSuchKey)):
        read(str(path))
    assert "executed" not in capsys.readouterr().out


@pytest.mark.parametrize("name", known())
def test_a_recipe_opens_with_what_it_needs_what_it_gives_and_whether_it_was_run(name):
    lines = (FOLDER / f"{name}.yaml").read_text(encoding="utf-8").splitlines()
    head = "\n".join(line.lstrip("# ") for line in itertools.takewhile(lambda line: line.startswith("#"), lines))
    assert re.search(rf"^(torchrun --nproc-per-node \d -m )?defib train {name}\b", head, re.MULTILINE)
    assert re.search(r"^Hardware: ", head, re.MULTILINE)
    assert re.search(r"Hours: |minutes?\b", head)
    assert re.search(r"^(Expected s|S)core: .*%", head, re.MULTILINE)
    assert re.search(r"Last run on 20\d\d-\d\d-\d\d\.|^Not run with defib: ", head, re.MULTILINE)


@pytest.mark.parametrize("name", known())
def test_the_recipes_that_come_with_the_package_are_whole(name):
    assert read(name).work_dir
