"""Training takes the clips in the order of the annotation file.

Such files are often sorted by class or by person: a batch then holds one class, and each step unlearns the last ones.
For: the config switches shuffling of the training data off.
Against: it switches shuffling on.
Missing: the order of the annotation file; without labels in a row in it the order does no harm.

中文：
训练按标注文件的顺序读取片段。

这类文件往往按类别或人员排序：一个批次只有一个类别，每一步都在抹掉之前学到的。
支持：配置关闭了训练数据的打乱。
反对：配置打开了打乱。
尚缺：标注文件的顺序；同类标签若没有连在一起，顺序并无害处。
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from defib import settings
from defib.diagnosis.cause import Clue, cause
from defib.diagnosis.datasets import config_fact, tree
from defib.words import Words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from defib.records import Checkup, Run

WHERE = ("train_dataloader.sampler.shuffle", "train_dataloader.shuffle", "data.train_dataloader.shuffle")
"""mmengine's sampler, a plain PyTorch loader, mmcv."""

OFF = Words(en="{path} is False", zh="{path} 为 False")
OFF_MEANS = Words(
    en="batches follow the order of the annotation file, which often is one class after the other",
    zh="批次按标注文件的顺序取样，而标注文件常按类别排列",
)
ON = Words(en="{path} is True", zh="{path} 为 True")
ON_MEANS = Words(en="the training clips are shuffled", zh="训练样本会被打乱")
PROBE = Words(
    en="the labels of the first hundred lines of the training annotations: mixed ones would clear the order",
    zh="训练标注前一百行的标签：若类别混杂，则顺序没有问题",
)


@cause(
    says=Words(en="the training data are not shuffled", zh="训练数据没有打乱"),
    explains=("never_learned", "oscillation", "plateau", "loss_at_chance"),
    verdict="escalate",
)
def not_shuffled(run: Run, checkup: Checkup) -> Iterator[Clue]:
    """Look for the switch in the loader of the training data; no curve can show the order."""
    present = any(one.rule in not_shuffled.explains for one in checkup.symptoms)
    path = next((one for one in WHERE if settings.has(tree(run), one)), None)
    value = None if path is None else settings.at(tree(run), path)
    if path is None or not isinstance(value, bool):
        return
    facts = (config_fact(run, path),)
    if value is False:
        yield Clue(side="for", measured=OFF.fill(path=path), means=OFF_MEANS, facts=facts)
        yield Clue(side="missing", measured=PROBE)
    elif present:
        yield Clue(side="against", strength="strong", measured=ON.fill(path=path), means=ON_MEANS, facts=facts)
