"""Every page of the manual is there in both languages, complete, and names only what exists."""

from __future__ import annotations

import copy
import importlib
import re
from pathlib import Path

import pytest

from defib import health, settings
from defib.cli import constants, error_pages, manual, setting_pages, setting_places
from defib.cli.pages import HEADINGS, split
from defib.configs import parse
from defib.errors import DefibError, NoSuchName
from defib.health.rules import lr_dead
from defib.records import Config
from defib.words import Words

NAMES = manual.names()
LEAST = 0.4  # of the letters in a Chinese page, identifiers left out
LEAST_NAMES = 0.3  # where a list of programs goes with it
CHINESE = re.compile(r"[\u4e00-\u9fff]")
ENTRY = pytest.mark.parametrize(("name", "kind"), NAMES, ids=[f"{kind} {name}" for name, kind in NAMES])


def prose(page: str) -> str:
    """A page without its title, code, placeholders, arXiv numbers and the lists of names that are generated."""
    text = re.sub(r"`[^`]*`|<\w+>", " ", page.partition("\n\n")[2])
    return re.sub(r"[\w./-]*[_./][\w./-]*", " ", text)


def english_run(text: str) -> int:
    """The most English words in a row; a name may have several, a sentence has more."""
    found = re.findall(r"(?:[A-Za-z][a-z']+[ ,]+)+[A-Za-z][a-z']+", text)
    return max((len(one.split()) for one in found), default=0)


@ENTRY
def test_a_page_is_there_in_both_languages(name: str, kind: str):
    for page in (manual.page, manual.markdown):
        english, chinese = page(name, "en"), page(name, "zh")
        assert manual.KINDS[kind].zh in chinese.partition("\n")[0]
        assert not CHINESE.search(english)
        assert english.count("\n\n") == chinese.count("\n\n"), "the same blocks"
        for text in (english, chinese):
            assert "TODO" not in text
            assert not re.search(r"\{\w*\}", text), "a placeholder that nothing fills"


@ENTRY
def test_a_chinese_page_holds_no_english_sentence(name: str, kind: str):
    text = prose(manual.page(name, "zh"))
    if kind == "reference":  # the recipe's own words: its source, types and checkpoints
        text = text.partition("来源")[0]
    letters = len(re.findall(r"[A-Za-z]", text))
    share = len(CHINESE.findall(text)) / max(letters + len(CHINESE.findall(text)), 1)
    assert english_run(re.sub(r"(?<=：)[a-z, ]+(?=\n|$)", "", text)) <= 3
    assert share >= (LEAST if kind != "setting" else LEAST_NAMES)


def test_the_check_for_english_sentences_finds_one():
    assert english_run("损失 went back to where it began") > 3
    assert english_run("在 NTU 上，Google 的调参手册") <= 3


@ENTRY
def test_the_names_in_a_page_exist(name: str, kind: str):
    known = {one for one, _ in NAMES}
    for words in (manual.EXPLAINED_BY, manual.EXPLAINS, manual.TREATED_BY, manual.TREATS, manual.CHANGED_BY):
        heading = words.en.partition(":")[0]
        for found in re.findall(rf"^{heading}: (.+?) *$", manual.markdown(name, "en"), flags=re.MULTILINE):
            assert {one.strip() for one in found.split(",")} <= known, kind


def test_markdown_makes_sections_bold_and_lets_no_tag_through():
    text = manual.markdown("val_collapse", "zh")
    assert text.startswith("# `val_collapse` (规则)\n")
    assert "**为何重要**：" in text
    assert "<" not in text


def test_a_rule_shows_the_numbers_that_its_file_has_now():
    for language in ("en", "zh"):
        page = manual.page("lr_dead", language)
        assert f"`LEFT = {lr_dead.LEFT}`" in page
        assert "TYPE_CHECKING" not in page


PARTS = ("Why it matters", "How it looks", "Stays quiet on", "Size", "What to do")
ORIGINS = [manual.NUMBERS[basis] for basis in manual.NUMBERS if basis]


@pytest.mark.parametrize("rule", sorted(health.all_rules()))
@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_page_of_a_rule_has_every_part(rule: str, language: str):
    page = manual.markdown(rule, language)
    for part in PARTS:
        assert re.search(rf"^\*\*{HEADINGS[part].said(language)}\*\*(: |：)\S", page, flags=re.MULTILINE), part
    told = [words.said(language).partition("{")[0] for words in ORIGINS]
    assert manual.NO_NUMBER.said(language) in page or any(one in page for one in told)
    assert manual.NUMBERS[""].said(language).partition("{")[0] not in page, (
        "a comment has to say where a number comes from"
    )


@pytest.mark.parametrize("rule", sorted(health.all_rules()))
def test_every_number_of_a_rules_file_stands_on_its_page(rule: str):
    page = manual.page(rule, "en")
    for one in constants.of_module(importlib.import_module(f"defib.health.rules.{rule}")):
        assert f"`{one.name} = " in page.replace("\n", " ")
        assert one.basis, f"{rule}: {one.name}"


def test_a_published_number_names_who_published_it():
    assert "Numbers that others published: `MOST = 50` (Google's tuning playbook)" in manual.page("clipping", "en")
    assert "取自他人发表的数值" in manual.page("clipping", "zh")


def test_a_cause_that_nothing_treats_is_left_to_a_person():
    assert manual.UNTREATED.zh in manual.page("two_taxonomies", "zh")
    assert manual.UNTREATED.en not in manual.page("lr_too_high", "en")


def test_a_rule_says_what_has_to_be_logged():
    assert "必须记录：`train/lr`" in manual.page("lr_jump", "zh")
    assert "Has to be logged: the metric that decides" in manual.page("oscillation", "en")
    assert "Has to be logged" not in manual.page("crashed", "en")


def test_an_unknown_name_is_answered_with_the_nearest():
    with pytest.raises(NoSuchName):
        manual.markdown("val_colapse", "en")


def test_every_heading_has_its_own_chinese():
    assert len({one.zh for one in HEADINGS.values()}) == len(HEADINGS)


def test_the_page_of_an_entry_names_the_file_when_chinese_is_missing():
    with pytest.raises(ValueError, match="lr_jump"):
        split("It jumped.\n", "lr_jump")


def test_settings_and_errors_have_a_text_each():
    assert set(setting_pages.TEXTS) == set(settings.NAMES)
    assert set(settings.NAMES) - set(setting_pages.WHERE) == {"clip_value", "total_batch"}
    assert set(error_pages.TEXTS) == {one.slug() for one in manual.all_errors(DefibError)}
    assert all(isinstance(one, Words) for one in error_pages.TEXTS.values())


LISTS = {
    "warmup": [{"type": "LinearLR", "begin": 0}],
    "schedule": [{"type": "MultiStepLR", "gamma": 0.1}],
    "schedule_factor": [{"type": "MultiStepLR", "gamma": 0.1}],
    "loss_weight": [1.0, 1.0],
    "crop_area": [{"type": "RandomResizedCrop", "area_range": [0.56, 1.0]}],
    "color_jitter": [{"type": "ColorJitter"}],
    "test_clips": [{"type": "SampleFrames", "num_clips": 10}],
    "val_clips": [{"type": "SampleFrames", "num_clips": 1}],
}


PLAUSIBLE = {
    **dict.fromkeys(
        ("load_from", "resume", "work_dir", "model", "optimizer", "schedule", "save_best", "pretrained"), "a"
    ),
    "color_jitter": {"brightness": 0.4},
    "crop_area": [0.56, 1.0],
}
CONTEXTS: dict[str, dict[str, object]] = {
    "mmcv": {"optimizer": {"type": "SGD"}, "lr_config": {"policy": "step"}, "optimizer_config": {}},
    "Hugging Face": {"lr_scheduler_type": "cosine", "output_dir": "a"},
    "Lightning CLI": {"seed_everything": 1, "trainer": {"accelerator": "gpu"}},
    "Ultralytics": {"task": "detect", "mode": "train", "optimizer": "SGD", "lr0": 0.1, "model": "a.pt", "data": "a.yaml", "epochs": 9},
    "detectron2": {"SOLVER": {"BASE_LR": 0.1, "MAX_ITER": 9, "CLIP_GRADIENTS": {"ENABLED": True, "CLIP_TYPE": "full_model"}}},
    "detectron2 LazyConfig": {"optimizer": {"_target_": "SGD", "lr": 0.1}, "train": {"max_iter": 9, "clip_grad": {"enabled": True}}},
    "PySlowFast": {"SOLVER": {"MAX_EPOCH": 9, "BASE_LR": 0.1}},
    "timm": {"opt": "sgd", "sched": "cosine", "lr": 0.1, "epochs": 9, "model": "resnet50", "batch_size": 8, "experiment": "a",
             "decay_rate": 0.1, "clip_mode": "norm"},
    "defib train": {"optim": {"lr": 0.1}, "train": {"max_epochs": 9, "batch": 8}, "data": {"kind": "micro"}, "work_dir": "a"},
}  # fmt: skip
PLACES = [(program, key, path) for program, table in setting_places.TABLES.items() for key, path in table]


BESIDE: dict[tuple[str, str], dict[str, object]] = {
    ("mmcv", "schedule_factor"): {"lr_config.step": [3, 6]},
    ("Lightning CLI", "schedule_factor"): {"lr_scheduler.init_args.milestones": [3, 6]},
    ("Lightning CLI", "clip_value"): {"trainer.gradient_clip_algorithm": "value"},
    ("detectron2", "clip_value"): {"SOLVER.CLIP_GRADIENTS.CLIP_TYPE": "value"},
    ("timm", "clip_value"): {"clip_mode": "value"},
    ("defib train", "schedule_factor"): {"schedule.type": "steps", "schedule.milestones": [3, 6]},
}
"""What has to stand beside a setting for the program to mean it."""
VALUES: dict[tuple[str, str], object] = {
    ("mmcv", "save_best"): "top1_acc",
    ("mmcv", "warmup"): "linear",
    ("defib train", "loss_weight"): [1.0, 1.0],
}


def put(tree: dict[str, object], path: str, value: object) -> None:
    *parents, last = path.split(".")
    for parent in parents:
        tree = tree.setdefault(parent, {})  # type: ignore[assignment]
    tree[last] = value


@pytest.mark.parametrize(("program", "key", "path"), PLACES)
def test_a_setting_is_read_from_where_its_page_says_in_every_program(program: str, key: str, path: str):
    tree = copy.deepcopy(CONTEXTS[program])
    for where, value in BESIDE.get((program, key), {}).items():
        put(tree, where, value)
    put(tree, path, VALUES.get((program, key), PLAUSIBLE.get(key, 7)))
    dialect = "mmengine" if program == "mmcv" else "lazy" if "Lazy" in program else "yaml"
    config = Config(path="made_up.py", sha256="", dialect=dialect, tree=tree)
    layout, found = settings.layout_of(config), settings.read(config)
    if key == "schedule_factor":  # a factor belongs to a step of the schedule; no setting of the run has that name
        assert layout is not None
        assert layout.stepped is not None
        assert path in {one.path for one in layout.stepped(tree)}
    else:
        paths = {one for name, setting in found.items() if name.partition(".")[0] == key for one in setting.paths}
        assert any(one == path or one.startswith(f"{path}.") for one in paths)


SAMPLES = Path(__file__).parent / "runs" / "frameworks"
PROGRAMS = {
    "detectron2.yaml": "detectron2",
    "huggingface.json": "Hugging Face",
    "huggingface.sh": "Hugging Face",
    "lazy.py": "detectron2 LazyConfig",
    "lightning.yaml": "Lightning CLI",
    "mmcv.py": "mmcv",
    "pyslowfast.yaml": "PySlowFast",
    "recipe.yaml": "defib train",
    "timm.yaml": "timm",
    "ultralytics.yaml": "Ultralytics",
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_what_is_read_from_a_config_has_a_page_that_names_its_place(name: str):
    config = parse(SAMPLES / name)
    told = {key for key, _ in setting_places.TABLES[PROGRAMS[name]]}
    assert {key.partition(".")[0] for key in settings.read(config)} <= told


@pytest.mark.parametrize(("key", "path"), setting_pages.WHERE.items())
def test_a_setting_is_read_from_where_its_page_says(key: str, path: str):
    tree: dict[str, object] = {}
    value: object = LISTS.get(key, 7)
    for part in reversed(path.split(".")):
        value = tree = {part: value}
    found = settings.read(Config(path="made_up.py", sha256="", dialect="mmengine", tree=tree))
    assert key in {one.partition(".")[0] for one in found}
