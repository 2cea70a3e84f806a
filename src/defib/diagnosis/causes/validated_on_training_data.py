"""The validation data are the training data.

The score then says what was learned by heart, nothing about new clips, and no checkpoint can be chosen by it.
For: both loaders read the same annotation file and the same part of it, and differ in nothing that selects samples.
Against: nothing; data that differ are no reason for a suspicion.
Missing: the two lists of samples, where the loaders differ in a setting whose meaning is not known here.

中文：
验证数据就是训练数据。

此时的成绩只说明背下了多少，对新片段毫无意义，也无法据此挑选检查点。
支持：两个数据加载器读取同一标注文件的同一部分，且任何挑选样本的设置都相同。
反对：没有；数据不同本来就没有可疑之处。
尚缺：两边的设置不同、而 defib 不了解其含义时，需要两份样本列表。
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from defib.diagnosis.cause import Clue, cause
from defib.diagnosis.datasets import config_fact, leaves
from defib.words import Words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from defib.records import Checkup, Run

SELECTS_NOTHING = frozenset(
    {
        "pipeline",
        "test_mode",
        "type",
        "metainfo",
        "filter_cfg",
        "lazy_init",
        "serialize_data",
        "backend_args",
        "max_refetch",
        "num_classes",
        "multi_class",
        "modality",
        "start_index",
        "return_classes",
    }
)
"""Settings of a data set that do not decide which samples it holds."""

ALIKE = Words(en="{train} and {val} both read {file}{part}", zh="{train} 与 {val} 读取的都是 {file}{part}")
PART = Words(en=", part {split}", zh="（{split} 部分）")
ALIKE_MEANS = Words(en="the score is that of clips which were trained on", zh="得到的分数来自训练过的样本")
DIFFER = Words(en="they differ in {names} alone", zh="二者仅在 {names} 上不同")
PROBE = Words(
    en="the two lists of samples: whether {names} keeps them apart", zh="两份样本列表：需确认 {names} 是否把它们区分开"
)


@cause(
    says=Words(en="the validation data are the training data", zh="验证数据就是训练数据"),
    verdict="escalate",
)
def validated_on_training_data(run: Run, checkup: Checkup) -> Iterator[Clue]:
    """Compare what the two loaders read; whether anything else is wrong with the run does not matter."""
    del checkup
    for path, one in leaves(run, "train"):
        for other_path, other in leaves(run, "val"):
            if not _readable(one, other):
                continue
            names = sorted(key for key in {*one, *other} - SELECTS_NOTHING if one.get(key) != other.get(key))
            part = "" if one.get("split") is None else PART.fill(split=one["split"])
            said = ALIKE.fill(train=path, val=other_path, file=one["ann_file"], part=part)
            facts = (config_fact(run, f"{path}.ann_file"), config_fact(run, f"{other_path}.ann_file"))
            if not names:
                yield Clue(side="for", strength="strong", measured=said, means=ALIKE_MEANS, facts=facts)
                return
            if {"split", "data_prefix", "data_root", "indices", "subset_name"}.isdisjoint(names):
                listed = ", ".join(names)
                yield Clue(side="for", measured=said, means=DIFFER.fill(names=listed), facts=facts)
                yield Clue(side="missing", measured=PROBE.fill(names=listed))
                return


def _readable(one: dict[str, Any], other: dict[str, Any]) -> bool:
    return isinstance(one.get("ann_file"), str) and bool(one["ann_file"]) and one["ann_file"] == other.get("ann_file")
