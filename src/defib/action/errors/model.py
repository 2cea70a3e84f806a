"""Sizes, checkpoints and taxonomies that the trainer refuses.

ActionRefused
`-- ModelRefused                exit code 3
    |-- TaxonomyRefused         classes and groups that do not fit together
    |-- ClassesDiffer           a label outside of the classes
    |-- ModelMisfit             sizes that do not make a network
    |-- WeightsUnreadable       a checkpoint that cannot be read safely
    |-- WeightsMisfit           a checkpoint that fills less than half of the network
    `-- CannotMerge             two checkpoints that are not one stream each
"""

from __future__ import annotations

from defib.action.errors import ModelRefused
from defib.words import Words


class TaxonomyRefused(ModelRefused):
    """A group without classes, or a class without a group, would be trained without being noticed."""

    says = Words(en="taxonomy {name}: {problem}", zh="分类体系 {name}：{problem}")


class ClassesDiffer(ModelRefused):
    """A label that is no class fails on a GPU with an error that names nothing."""

    says = Words(
        en="{what}: label {found} is outside of 0 to {last} ({name}). Labels count from 0: is the list shifted by one?",
        zh="{what}：标签 {found} 不在 0 到 {last} 之间（{name}）。标签从 0 开始：列表是不是错位了一个？",
    )


class ModelMisfit(ModelRefused):
    """Sizes that cannot make a network, or an input that does not fit it."""

    says = Words(en="{key}: expected {expected}, found {found}", zh="{key}：应为 {expected}，实际为 {found}")


class WeightsUnreadable(ModelRefused):
    """A checkpoint is read as data only; what would have to be executed is refused."""

    says = Words(
        en="{path}: no weights could be read ({reason}). Expected a .pth of tensors or a .safetensors file; nothing was executed",
        zh="{path}：无法读取权重（{reason}）。应为只含张量的 .pth 或 .safetensors 文件；没有执行其中任何内容",
    )


class WeightsMisfit(ModelRefused):
    """Most of the network would start from random values, and only the first validation would show it."""

    says = Words(
        en="{path}: {loaded} of {wanted} tensors of the network are in it ({share}); less than half would leave most of it random. "
        "Missing, e.g., {missing}; not used, e.g., {unexpected}. Name the right checkpoint, or allow it with {option}",
        zh="{path}：网络的 {wanted} 个张量中只有 {loaded} 个在其中（{share}）；不足一半意味着网络大部分是随机的。"
        "缺少的例如 {missing}；未用上的例如 {unexpected}。请换成正确的检查点，或用 {option} 放行",
    )


class CannotMerge(ModelRefused):
    """Merging takes one checkpoint of each stream."""

    says = Words(en="{path}: {problem}", zh="{path}：{problem}")
