"""Videos, skeletons, annotations and stores that the trainer refuses.

ActionRefused
`-- DataRefused                 exit code 3
    |-- VideoUnreadable         a video that cannot be decoded, or is shorter than its poses
    |-- SkeletonUnreadable      a .skeleton file that is cut off or none
    |-- AnnotationsUnreadable   a pickle of poses that is none, or would have to be executed
    |-- PosesUnreadable         poses of one clip that are in none of the known forms
    |-- FolderTaken             a folder that holds other made-up people
    |-- NoSuchSplit             a split that the annotations do not have
    |-- ListRefused             a list of clips to leave out that leaves out none
    |-- NotAnNtuName            a file name that is not SsssCcccPpppRrrrAaaa
    `-- StoreBroken             a prepared store that is not whole
"""

from __future__ import annotations

from defib.action.errors import DataRefused
from defib.words import Words


class VideoUnreadable(DataRefused):
    """Training would stop in the middle of the night at this clip."""

    says = Words(
        en="{path}: {reason}. `defib data check` lists every clip like it",
        zh="{path}：{reason}。运行 `defib data check` 可列出所有这样的片段",
    )


class SkeletonUnreadable(DataRefused):
    """The text format of NTU RGB+D, as the Kinect wrote it."""

    says = Words(
        en="{path}, line {line}: expected {expected}, found {found}",
        zh="{path} 第 {line} 行：应为{expected}，实际为 {found}",
    )


class AnnotationsUnreadable(DataRefused):
    """A pickle is read with numbers and arrays only; whatever else is in it is not executed."""

    says = Words(
        en="{path}: {reason}. Expected a pickle of pyskl or mmaction2: a dictionary with split and annotations",
        zh="{path}：{reason}。应为 pyskl 或 mmaction2 的 pickle：含有 split 和 annotations 的字典",
    )


class PosesUnreadable(DataRefused):
    """The poses of one video come in one of three kinds of files."""

    says = Words(
        en="{path}: {reason}. Expected a .skeleton of NTU RGB+D, a pickle of pyskl or mmaction2, or an .npz with keypoint "
        "[M, T, K, 2] and keypoint_score [M, T, K]",
        zh="{path}：{reason}。应为 NTU RGB+D 的 .skeleton、pyskl 或 mmaction2 的 pickle，或含有 keypoint [M, T, K, 2] 与 "
        "keypoint_score [M, T, K] 的 .npz",
    )


class FolderTaken(DataRefused):
    """Made-up people of two kinds in one folder would be neither."""

    exit_code = 2
    says = Words(
        en="{path} holds other made-up people ({found}; asked for {wanted}): name another folder, or ask for those",
        zh="{path} 中已有另一批合成人物（{found}；这次要求 {wanted}）：请换一个目录，或要求相同的设置",
    )


class NoSuchSplit(DataRefused):
    """A split by another name would be empty."""

    says = Words(en="{path}: there is no split {split}; it has {known}", zh="{path}：没有划分 {split}；现有 {known}")


class ListRefused(DataRefused):
    """A list of clips to leave out that leaves out nothing was meant for other data."""

    says = Words(
        en="{path}: {reason}. Expected a text file with the names of clips to leave out, one a line (data.exclude, --exclude)",
        zh="{path}：{reason}。应为每行一个名称、列出要排除的片段的文本文件（data.exclude、--exclude）",
    )


class NotAnNtuName(DataRefused):
    """Splits of NTU RGB+D are made from file names."""

    says = Words(
        en="{name}: expected a name like S001C002P003R002A013, which says setup, camera, performer, replication and action",
        zh="{name}：应为 S001C002P003R002A013 这样的名称，表示场景、相机、表演者、重复次数和动作",
    )


class StoreBroken(DataRefused):
    """A store is checked when it is opened: what is cut off or changed is not trained on."""

    says = Words(
        en="{path}: {reason}. `defib data prepare` goes on where it stopped and makes what is broken anew",
        zh="{path}：{reason}。运行 `defib data prepare` 会从中断处继续，并重做损坏的部分",
    )
