"""What can be wrong with a file of predictions, in the words of the answer."""

from __future__ import annotations

from defib.words import Words


class Unreadable(Exception):
    """A file that is no predictions. It stays inside this package, and becomes a PredictionsUnreadable."""

    def __init__(self, reason: Words) -> None:
        """reason: the sentence for the user."""
        self.reason = reason
        super().__init__(reason.en)


class Unsafe(Exception):
    """A pickle that names something else than scores need; becomes a PredictionsUnsafe."""

    def __init__(self, name: str) -> None:
        """name: of the class or function."""
        self.name = name
        super().__init__(name)


class Unfit(Unreadable):
    """Parts that do not belong together; becomes a PredictionsDoNotFit."""


FORMS = Words(
    en="looked for mmaction2's --dump pickle, an .npz with scores_<branch>, label and name, or JSON lines with the same names",
    zh="查找了 mmaction2 的 --dump pickle、含 scores_<分支>、label 和 name 的 .npz，以及同样名称的 JSON lines",
)
NEITHER = Words(en="it is none of the known forms ({forms})", zh="不属于已知的任何一种形式（{forms}）")
EMPTY = Words(en="the file is empty", zh="文件为空")
NOT_A_FILE = Words(en="it is not a regular file", zh="它不是普通文件")
SYSTEM = Words(en="the system says: {reason}", zh="系统提示：{reason}")
TOO_LARGE = Words(
    en="it has {found} MiB, more than the {limit} MiB that are read; leave out what is not scores, or save it as float32",
    zh="文件有 {found} MiB，超过读取上限 {limit} MiB；请去掉分数以外的内容，或以 float32 保存",
)
SWELLS = Words(
    en="unpacked it would have {found} MiB, far more than the file has; it was not unpacked",
    zh="解压后会达到 {found} MiB，远大于文件本身，因此没有解压",
)
REPEATS = Words(
    en="it stands for more values than the file has bytes: it repeats itself, which no dump does",
    zh="它所代表的数值比文件的字节还多：内容在自我重复，正常的预测文件不会这样",
)
PICKLE = Words(
    en="the pickle is cut off, malformed, or written in a way that no dump is (protocol 0 and 1 are not read; protocol 2 and newer are)",
    zh="pickle 不完整、格式有误，或写法与任何预测文件都不同（不读取协议 0 和 1，可读取协议 2 及更新的协议）",
)
NOT_SAMPLES = Words(
    en="the pickle holds {found}, not a list with one entry for each sample",
    zh="该 pickle 中是 {found}，而不是每个样本一项的列表",
)
NO_SCORES = Words(
    en="sample {index} has no scores (looked for pred_score, pred_scores, scores, scores_<branch>)",
    zh="第 {index} 个样本没有分数（查找了 pred_score、pred_scores、scores、scores_<分支>）",
)
NOT_VALUES = Words(
    en="{name} of sample {index} is no list of numbers that can be read",
    zh="第 {index} 个样本的 {name} 不是可读取的数值列表",
)
TENSOR = Words(
    en="a tensor in the pickle does not fit into the values that are stored for it, or is stored in a way that is not known",
    zh="pickle 中有张量超出了所存数据的范围，或以未知的方式存储",
)
TORCH_SAVED = Words(
    en="it was written by torch.save; write it with pickle.dump, or better as an .npz (docs/predictions.md)",
    zh="它是用 torch.save 写出的；请改用 pickle.dump，最好保存为 .npz（见 docs/zh/predictions.md）",
)
ARCHIVE = Words(en="the .npz is cut off or damaged", zh=".npz 不完整或已损坏")
MEMBER = Words(
    en="{name} in the .npz is not an array of numbers (or of text, for `name`) of the size that it says",
    zh=".npz 中的 {name} 不是大小与声明一致的数值数组（`name` 应为文本数组）",
)
NO_ARRAYS = Words(
    en="the .npz holds no scores: it has {found}; the arrays are called scores_<branch> or scores",
    zh=".npz 中没有分数：其中有 {found}；数组应命名为 scores_<分支> 或 scores",
)
SINGLE_ARRAY = Words(
    en="it is a single array; save scores and labels together: numpy.savez(FILE, scores_rgb=..., label=...)",
    zh="它只是单个数组；请把分数和标签存在一起：numpy.savez(FILE, scores_rgb=..., label=...)",
)
NOT_JSON = Words(
    en="line {line} is not a JSON object with the names scores_<branch> or scores (lists of numbers, null for NaN), label (a whole number) and name (text)",
    zh="第 {line} 行不是 JSON 对象，或字段不符：scores_<分支> 或 scores 为数值列表（NaN 写作 null），label 为整数，name 为文本",
)
ROWS_DIFFER = Words(
    en="{name} of sample {index} has {found} values, the samples before it have {expected}",
    zh="第 {index} 个样本的 {name} 有 {found} 个数值，之前的样本有 {expected} 个",
)
BRANCHES_DIFFER = Words(
    en="sample {index} has scores for {found}, the samples before it for {expected}",
    zh="第 {index} 个样本的分数来自 {found}，之前的样本来自 {expected}",
)
SHAPE = Words(
    en="{name} has the shape {found}; expected is [samples, classes] with at least one sample and two classes",
    zh="{name} 的形状为 {found}；应为 [样本数, 类别数]，且至少有一个样本、两个类别",
)
COUNTS_DIFFER = Words(
    en="{name} has {found} samples, {other} has {expected}",
    zh="{name} 有 {found} 个样本，{other} 有 {expected} 个",
)
SOME_LABELS = Words(
    en="sample {index} has no label, although others have one",
    zh="第 {index} 个样本没有标签，而其他样本有",
)
NOT_WHOLE = Words(
    en="the label of sample {index} is {value}, which is no whole number",
    zh="第 {index} 个样本的标签是 {value}，不是整数",
)
MANY_LABELS = Words(
    en="sample {index} has {count} labels; one is expected (multi-label and one-hot labels are not judged)",
    zh="第 {index} 个样本有 {count} 个标签；应只有一个（不支持多标签和 one-hot 标签）",
)
MANY_SAMPLES = Words(
    en="there are more than the {limit} samples that are read one by one; save the scores as an .npz",
    zh="样本数超过逐个读取的上限 {limit}；请把分数保存为 .npz",
)
MANY_BRANCHES = Words(
    en="there are {found} branches of scores, more than the {limit} that are read",
    zh="分数有 {found} 个分支，超过读取上限 {limit} 个",
)
