"""What each refusal of the trainer means and what to do about it, in both languages, by its slug."""

from __future__ import annotations

from defib.words import Words

TEXTS = {
    "taxonomy-refused": Words(
        en="Classes and groups do not fit together: a group without classes, a class without a group, two classes of one name, or a "
        "file that is no taxonomy. Mend the map; nothing was trained.",
        zh="类别与组对不上：某个组没有类别、某个类别没有组、两个类别重名，或文件不是分类体系。请修正映射；没有开始训练。",
    ),
    "classes-differ": Words(
        en="A label lies outside of the classes. Labels count from 0; a list that counts from 1 is the usual reason.",
        zh="有标签超出了类别范围。标签从 0 开始计数；最常见的原因是列表从 1 开始。",
    ),
    "model-misfit": Words(
        en="Sizes that make no network, an input that does not fit it, or a loss for something that the network does not have. "
        "The message names the key.",
        zh="尺寸无法构成网络、输入与网络不符，或损失针对的部分在网络中不存在。消息会指出是哪个键。",
    ),
    "weights-unreadable": Words(
        en="A checkpoint could not be read as data: it is damaged, or it holds objects that would have to be executed. A copy of its "
        "weights alone can be made where it was written.",
        zh="无法把检查点当作数据读取：它已损坏，或含有必须执行才能还原的对象。可以在写出它的环境中另存一份只含权重的副本。",
    ),
    "weights-misfit": Words(
        en="Less than half of the network would be filled from the checkpoint, the rest would be random. Usually it is the checkpoint of "
        "another network, or its names have another prefix.",
        zh="检查点只能填充不到一半的网络，其余都是随机值。通常是用错了检查点，或其中的名称带有别的前缀。",
    ),
    "cannot-merge": Words(
        en="Merging takes one checkpoint of the RGB stream and one of the pose stream, trained with the sizes of the joint network.",
        zh="合并需要一个 RGB 流检查点和一个骨架流检查点，并且训练时的尺寸与联合网络一致。",
    ),
    "video-unreadable": Words(
        en="A video is missing, damaged, or shorter than its poses. Convert it anew, or leave the clip out of the split.",
        zh="视频缺失、损坏，或比它的骨架短。请重新转换，或把该片段从划分中去掉。",
    ),
    "skeleton-unreadable": Words(
        en="A `.skeleton` file is cut off or is something else. Copy it again from the original archive.",
        zh="`.skeleton` 文件不完整，或根本不是该格式。请从原始压缩包重新复制。",
    ),
    "annotations-unreadable": Words(
        en="A pose file is no pickle of arrays. Whatever else is in such a file is not executed.",
        zh="骨架文件不是只含数组的 pickle。文件中的其他内容不会被执行。",
    ),
    "poses-unreadable": Words(
        en="The poses of a video could not be read: the file is damaged, holds nobody, or holds other clips.",
        zh="无法读取视频的骨架：文件已损坏、其中没有人，或只有其他片段。",
    ),
    "folder-taken": Words(
        en="The folder holds made-up people of other settings. What is there was not touched.",
        zh="目录中已有另一种设置的合成人物。原有内容没有被改动。",
    ),
    "no-such-split": Words(
        en="The recipe names a split that the annotations do not have. The message lists those that there are.",
        zh="配方指定的划分在标注中不存在。消息中列出了现有的划分。",
    ),
    "list-refused": Words(
        en="A list of clips to leave out has to be a text file with one name a line, and one of its names at least has to be a clip of the "
        "data. A list that names none was meant for other data, or its names are written another way. Where its clips are gone already, as from a "
        "store that was prepared with the list or from pyskl's pickles of NTU RGB+D, train without the list.",
        zh="排除列表应为每行一个名称的文本文件，且至少有一个名称是数据中的片段。一个也不匹配的列表属于别的数据，或名称写法不同。"
        "若这些片段早已不在其中（例如准备数据时已用过该列表，或使用 pyskl 的 NTU RGB+D pickle），训练时就不必再给出列表。",
    ),
    "not-an-ntu-name": Words(
        en="Splits of NTU RGB+D are made from file names, and this name is none of them.",
        zh="NTU RGB+D 的划分由文件名决定，而这个名称不符合格式。",
    ),
    "store-broken": Words(
        en="A prepared store is not finished, is cut off, or was changed. Preparing it again goes on where it stopped.",
        zh="预处理好的数据尚未完成、不完整，或被改动过。再次准备会从中断处继续。",
    ),
    "recipe-unreadable": Words(
        en="A recipe is missing or is no YAML. Name a file, or one of the recipes that come with the package.",
        zh="配方缺失或不是 YAML。请指定文件，或使用自带的配方名称。",
    ),
    "not-translated": Words(
        en="The config is of another network than RGBPoseConv3D and its single streams, or holds no network at all.",
        zh="该配置不是 RGBPoseConv3D 或其单流网络，或者其中没有网络定义。",
    ),
    "no-such-key": Words(
        en="A key in the recipe or on the command line does not exist, and would have been ignored elsewhere. Take one of the nearest.",
        zh="配方或命令行中的键不存在；在别处它会被悄悄忽略。请改用给出的相近键名。",
    ),
    "bad-value": Words(
        en="A value has the wrong type, or makes no sense for this network, data or machine.",
        zh="值的类型不对，或对这个网络、数据或机器没有意义。",
    ),
    "cannot-resume": Words(
        en="Resuming goes on exactly where a run stopped. To begin a new schedule from old weights use `load_from`.",
        zh="续训会从中断处原样继续。若要用旧权重开始新的调度，请使用 `load_from`。",
    ),
    "no-checkpoint": Words(
        en="There is no trained network under this path. A work directory holds `best` and `last`; each of them is a folder with weights, "
        "state and recipe.",
        zh="该路径下没有训练好的网络。工作目录中有 `best` 和 `last`；它们各是一个含有权重、状态和配方的目录。",
    ),
    "tests-differ": Words(
        en="The checkpoints of an ensemble must judge the same clips, with the same branches and classes.",
        zh="参与集成的检查点必须评测相同的片段，并且分支和类别相同。",
    ),
    "export-differs": Words(
        en="After the export the scores are others than before. Try another version of torch or onnxscript, and compare again.",
        zh="导出后的得分与导出前不同。请换一个 torch 或 onnxscript 版本后再比较。",
    ),
    "work-dir-taken": Words(
        en="The work directory holds the checkpoints of a training that was not asked to go on. Nothing in it was touched.",
        zh="工作目录中已有另一次训练的检查点，而这次没有要求续训。其中的文件都没有被改动。",
    ),
    "work-dir-unwritable": Words(
        en="The disk is full, or the work directory may not be written into. The log, or a new checkpoint, could not be written; the "
        "checkpoints that were there before were not touched.",
        zh="磁盘已满，或工作目录不可写。日志或新的检查点未能写出；此前的检查点没有被改动。",
    ),
    "not-finite": Words(
        en="Several gradients in a row were not finite. Their steps were left out, and the last good checkpoint was kept.",
        zh="连续多步的梯度不是有限值。这些步已被跳过，最后一个好的检查点保持不变。",
    ),
    "device-full": Words(
        en="The device ran out of memory. A smaller batch with more accumulation keeps the effective batch and the rate.",
        zh="设备显存不足。减小批大小并增加累积次数，可以保持有效批大小和学习率不变。",
    ),
    "no-device": Words(
        en="The recipe asks for a device or a precision that this machine does not have.",
        zh="配方要求的设备或精度在这台机器上不可用。",
    ),
    "trainer-missing": Words(
        en="The trainer is an extra, so that the engine installs without torch.",
        zh="训练器是可选组件，这样主程序无需 torch 也能安装。",
    ),
}
