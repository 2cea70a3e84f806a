"""What the heading of a table's column means, in English, Chinese and the habits of CSV loggers."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from defib import metrics
from defib.metrics import MEASURES, Meaning
from defib.understanding import OF_TRAINING, parts_of

if TYPE_CHECKING:
    from collections.abc import Sequence

_EPOCHS = frozenset(
    {
        "epoch",
        "epochs",
        "ep",
        "epoch number",
        "轮次",
        "轮",
        "轮数",
        "周期",
        "第几轮",
        "训练轮次",
        "训练轮数",
        "训练周期",
        "回合",
    }
)
_STEPS = frozenset(
    {
        "step",
        "steps",
        "global step",
        "iter",
        "iters",
        "iteration",
        "iterations",
        "步",
        "步数",
        "迭代",
        "迭代次数",
        "训练步数",
    }
)

LONGEST = 200  # characters of a heading that are looked at; the patterns are slow on long ones

_SPLITS = (
    ("val", ("validation", "valid", "val", "eval", "held out", "验证集", "验证")),
    ("test", ("test", "测试集", "测试")),
    ("train", ("training", "train", "训练集", "训练")),
)
_MEASURES = (
    ("mean_class", ("mean class accuracy", "mean class acc", "mean class", "mean1", "平均类准确率", "类平均准确率")),
    ("top5", ("top 5 accuracy", "top5 accuracy", "top 5 acc", "top5 acc", "top 5", "top5", "acc@5", "acc5")),
    ("top1", ("top 1 accuracy", "top1 accuracy", "top 1 acc", "top1 acc", "top 1", "top1", "acc@1", "acc1")),
    ("top1", ("accuracy", "acc", "准确率", "正确率", "精度")),
    ("lr", ("learning rate", "lr", "学习率")),
    ("grad_norm", ("gradient norm", "grad norm", "梯度范数")),
    ("loss", ("loss", "损失值", "损失")),
)
_UNIT = re.compile(r"[(\[（【]\s*(?:%|％|百分比|percent)\s*[)\]）】]")
_ASIDE = re.compile(r"[(\[（【][^)\]）】]*[)\]）】]")
_LETTER = r"[a-z0-9]"


_ALPHABETIC = re.compile(r"[^\W\d_]")


@lru_cache(maxsize=4096)  # a log has few names, and they are asked for on every line
def plain(heading: str) -> str:
    """A heading without Markdown, units and arrows, in small letters, its words apart by one space.

    >>> plain("**Val_Acc** (%) ↑"), plain("第几轮")
    ('val acc', '第几轮')
    """
    text = _ASIDE.sub(" ", heading[:LONGEST].lower())
    return " ".join(re.sub(r"[*`~_\-/|↑↓\"']+", " ", text).split())


def in_percent(heading: str) -> bool:
    """Whether a heading says that the numbers below it are in per cent."""
    return bool(_UNIT.search(heading[:LONGEST])) or heading.rstrip("* ").endswith(("%", "％"))


def _worded(heading: str) -> bool:
    """Whether there is a letter at all: most cells of a table are numbers."""
    return _ALPHABETIC.search(heading, 0, LONGEST) is not None


@lru_cache(maxsize=4096)
def is_epoch(heading: str) -> bool:
    """Whether a column counts epochs."""
    return _worded(heading) and plain(heading) in _EPOCHS


@lru_cache(maxsize=4096)
def is_step(heading: str) -> bool:
    """Whether a column counts optimiser steps."""
    return _worded(heading) and plain(heading) in _STEPS


def meanings(headings: Sequence[str]) -> list[Meaning | None]:
    """What each column holds; None for a clock, for text and for what is not understood.

    An accuracy of no named split is the training's where another column is the validation's of the same branch (as
    Keras writes it), and held-out accuracy otherwise.

    >>> [one and one.key for one in meanings(["Epoch", "RGBPose", "Pose", "状态", "训练损失"])]
    [None, 'val/top1/fused', 'val/top1/pose', None, 'train/loss']
    """
    return list(_meanings(tuple(headings)))


def in_split(heading: str, split: str) -> Meaning | None:
    """What a column holds in a row that says its split; a heading that says its own is believed."""
    part = _parts(heading)
    return None if part is None else _meaning((part[0] or split, *part[1:]), set())


@lru_cache(maxsize=64)  # asked again for every row of a table
def _meanings(headings: tuple[str, ...]) -> tuple[Meaning | None, ...]:
    parts = [None if is_epoch(one) or is_step(one) else _parts(one) for one in headings]
    held_out = {part[1:] for part in parts if part and part[0] in ("val", "test")}
    return tuple(None if part is None else _meaning(part, held_out) for part in parts)


def _parts(heading: str) -> tuple[str, str, str | None] | None:
    """(split or empty, measure, branch) of a heading."""
    written = heading.strip().strip("*`~ ")
    canonical = metrics.recognise(written)
    if canonical is not None and "/" in written:
        return canonical.metric.partition("/")[0], canonical.measure.name, canonical.branch
    found = _worded_parts(written) or parts_of(written)
    return None if found is None else (found[0], found[1] if isinstance(found[1], str) else found[1].name, found[2])


def _worded_parts(written: str) -> tuple[str, str, str | None] | None:
    """The parts of a heading that is written for people: a branch alone stands for its accuracy."""
    text = plain(written).rstrip("%％ ")
    if text and metrics.known_branch(text):
        return "val", "top1", metrics.branch_name(text)
    split, rest = _taken(text, _SPLITS)
    measure, rest = _taken(rest, _MEASURES)
    rest = " ".join(rest.split())
    if not rest:
        return None if not measure else (split, measure, None)
    if not metrics.known_branch(rest) or not (measure or split):
        return None
    return split, measure or "top1", metrics.branch_name(rest)


def _taken(text: str, words: tuple[tuple[str, tuple[str, ...]], ...]) -> tuple[str, str]:
    """The meaning of the first word that occurs, and the text without it."""
    for meaning, spellings in words:
        for word in spellings:
            # `acc` is no word in `accident`; Chinese has no spaces, so there the word alone decides.
            pattern = rf"(?<!{_LETTER}){re.escape(word)}(?!{_LETTER})" if word.isascii() else word
            found = re.search(pattern, text)
            if found is not None:
                return meaning, f"{text[: found.start()]} {text[found.end() :]}"
    return "", text


def _meaning(part: tuple[str, str, str | None], held_out: set[tuple[str, str | None]]) -> Meaning:
    split, measure, branch = part
    if not split:
        trains = measure in OF_TRAINING or (measure, branch) in held_out
        split = "train" if trains else "val"
    metric = f"{split}/{measure}"
    return Meaning(f"{metric}/{branch}" if branch else metric, metric, branch, MEASURES[measure])
