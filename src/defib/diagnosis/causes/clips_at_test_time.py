"""Several clips a video at test time disturb the training.

They cannot: clips at test time are drawn after training. This page exists because
the suspicion is common; the answer is worth a line.
For: nothing; a clip that is drawn for a score never reaches the weights.
Against: the number stands in the test pipeline, which training does not use.
Missing: nothing; the config settles it.

中文：
测试时每个视频取多个片段，干扰了训练。

这不可能：测试时的片段是在训练之后抽取的。之所以有这一页，是因为这种猜测很常见，值得回答一句。
支持：没有；为评分抽取的片段不会影响权重。
反对：这个数写在测试流水线里，训练不使用它。
尚缺：没有；看配置即可确定。
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from defib.diagnosis.cause import Clue, cause
from defib.words import Words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from defib.records import Checkup, Run

UNUSED = Words(
    en="num_clips = {clips} stands in the test pipeline; training does not use it",
    zh="num_clips = {clips} 出现在测试流程中；训练不使用它",
)
UNUSED_MEANS = Words(en="it costs time at the end and cannot disturb training", zh="它只增加测试耗时，不可能影响训练")


@cause(
    says=Words(en="the number of clips at test time", zh="测试时的片段数（TTA）"),
    explains=("val_collapse", "oscillation", "loss_and_score_disagree"),
)
def clips_at_test_time(run: Run, checkup: Checkup) -> Iterator[Clue]:
    """Rule the test-time clips out wherever there are several and something is wrong."""
    clips = run.setting("test_clips")
    if not isinstance(clips, int) or clips <= 1 or not checkup.symptoms:
        return
    yield Clue(
        side="against",
        strength="strong",
        measured=UNUSED.fill(clips=clips),
        means=UNUSED_MEANS,
        facts=(run.setting_fact("test_clips"),),
    )
