"""What the supervisor writes into the journal."""

from __future__ import annotations

from defib.words import Words

PLANNED = Words(en="{profile}: {edits}, from {start}", zh="{profile}：{edits}；起点：{start}")
NO_EDIT = Words(en="no setting is changed", zh="不改动任何设置")
AGAIN = Words(
    en="the attempt did not help; next: {what}. {start}",
    zh="这次尝试没有奏效；接下来：{what}。{start}",
)
SPENT = Words(
    en="stopped after {count} attempts{because}. Tried: {tried}. The best weights are still those of {start}; ask a person to look at data, labels and code",
    zh="尝试 {count} 次后停止{because}。试过：{tried}。最好的权重仍是 {start}；请人工检查数据、标签和代码",
)
BECAUSE = Words(en=" ({why})", zh="（{why}）")
NOTHING_NEW = Words(en="nothing is left that was not tried", zh="没有尚未尝试过的办法")
LEANER = Words(en="the same plan again: {why}", zh="同一方案再试一次：{why}")
TOO_LARGE = Words(
    en="memory ran out, and the batch can not be made smaller with the step as it is: use shorter clips, mixed precision or a larger card",
    zh="内存（显存）不足，而在保持每步样本数不变的前提下无法再减小批大小：请缩短片段、使用混合精度或换更大的显卡",
)
LOST = Words(
    en="the start {path} can not be read any more ({problem}); planned again without it",
    zh="起点 {path} 已无法读取（{problem}）；不用它重新制定方案",
)
GONE = Words(en="it is not there", zh="文件不存在")
NO_START = Words(en="no checkpoint from before the fall is left", zh="下跌之前的检查点已全部不可用")
DIED = Words(
    en="it ended {count} times without logging anything; its last lines: {lines}",
    zh="它 {count} 次没有记录任何内容就退出；最后几行：{lines}",
)
DIED_ONCE = Words(
    en="it ended without logging anything; started again ({count} of {most})",
    zh="它没有记录任何内容就退出；重新启动（第 {count} 次，最多 {most} 次）",
)
