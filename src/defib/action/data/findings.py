"""What a check of data can find, in words, and how much it matters."""

from __future__ import annotations

from typing import Literal, NamedTuple

from defib.words import Words

LABEL_RANGE = Words(
    en="{count} labels lie outside of 0 to {last} ({taxonomy}), from {low} to {high}",
    zh="{count} 个标签不在 0 到 {last} 之间（{taxonomy}），范围为 {low} 到 {high}",
)
LABEL_SHIFTED = Words(
    en="{count} labels lie outside of 0 to {last} ({taxonomy}), from {low} to {high}: they count from 1, subtract 1",
    zh="{count} 个标签不在 0 到 {last} 之间（{taxonomy}），范围为 {low} 到 {high}：它们从 1 开始计数，应减 1",
)
LABEL_NAMES = Words(
    en="{count} of {of} labels are not what the clip's own name says (A013 is class 12)",
    zh="{of} 个标签中有 {count} 个与片段名称不一致（A013 对应类别 12）",
)
TWICE = Words(en="{count} clips bear the name of another clip", zh="{count} 个片段与别的片段同名")
LEAK_PERSON = Words(
    en="{count} performers are on both sides of {train} / {val}", zh="{count} 名表演者同时出现在 {train} 和 {val} 中"
)
LEAK_CAMERA = Words(
    en="cameras {cameras} are on both sides of {train} / {val}", zh="{cameras} 号相机同时出现在 {train} 和 {val} 中"
)
LEAK_CLIP = Words(
    en="{count} clips are on both sides of {train} / {val}", zh="{count} 个片段同时出现在 {train} 和 {val} 中"
)
NO_POSE = Words(en="{count} clips have no pose in any frame", zh="{count} 个片段的任何一帧都没有骨架")
NOT_FINITE = Words(en="{count} clips hold NaN or infinite joints", zh="{count} 个片段含有 NaN 或无穷大的关节点")
MOSTLY_EMPTY = Words(
    en="{count} clips have poses in less than half of their frames", zh="{count} 个片段不到一半的帧有骨架"
)
OUTSIDE = Words(
    en="{count} clips have most of their joints outside of the picture that the annotation names: is img_shape right?",
    zh="{count} 个片段的大部分关节点在标注所写的画面之外：img_shape 是否正确？",
)
MISSING_VIDEO = Words(en="{count} videos are missing", zh="缺少 {count} 个视频")
BROKEN_VIDEO = Words(en="{count} videos cannot be decoded", zh="{count} 个视频无法解码")
SHORT_VIDEO = Words(
    en="{count} videos are shorter than their poses: training stops there",
    zh="{count} 个视频比骨架短：训练会在那里中断",
)
LONG_VIDEO = Words(
    en="{count} videos are longer than their poses by more than a frame: the poses may be of other frames",
    zh="{count} 个视频比骨架长一帧以上：骨架可能对应别的帧",
)
FRAME_COUNT = Words(
    en="{count} clips name another total_frames than they have poses", zh="{count} 个片段的 total_frames 与骨架帧数不同"
)
NO_LAYOUT = Words(
    en="{joints} joints have no known left and right: a mirrored clip keeps its sides exchanged. Known are {known}",
    zh="{joints} 个关节点的左右关系未知：翻转后的片段左右会错位。已知的有 {known}",
)
WRONG_ORDER = Words(
    en="the joints are not in the order of {layout}: its bones are {times} times as long as the way between any two joints, "
    "where neighbours should lie closer; mirroring would exchange other joints",
    zh="关节点的顺序不是 {layout}：按它连接的骨骼长度是任意两关节平均距离的 {times} 倍，而相邻关节应更近；翻转会交换错误的关节点",
)
EXCHANGED = Words(
    en="left and right are exchanged: the left shoulder is on the picture's right in {share} % of bodies, for people who "
    "face the camera it should be in most. Kinect joints of NTU's mirrored colour frames look like this",
    zh="左右颠倒：只有 {share}% 的人体左肩位于画面右侧，而面向镜头的人大多应如此。直接使用 NTU 镜像彩色画面的 Kinect 关节点就会这样",
)
ABSENT = Words(
    en="{count} classes have no clip in {split}: {classes}", zh="{split} 中有 {count} 个类别没有片段：{classes}"
)
RARE_CLASS = Words(
    en="{count} classes are rare in {split} (less than a tenth of the mean): {classes}",
    zh="{split} 中有 {count} 个类别很少（不到平均数的十分之一）：{classes}",
)
EMPTY_SPLIT = Words(en="split {split} is empty", zh="划分 {split} 为空")

Level = Literal["stop", "spoil", "note"]
"""What stops a training, what spoils its result, what is good to know."""


class Finding(NamedTuple):
    """One thing that was found."""

    level: Level
    says: Words
    examples: tuple[str, ...] = ()
    """Names of clips, the first few."""


class Checked(NamedTuple):
    """What came of looking."""

    findings: list[Finding]
    clips: int
    videos: int
    """Decoded; 0 where none were looked at."""
    sampled: int
    """Clips whose poses were looked at closely."""
