"""What can be wrong with a checkpoint file, in the words of the answer."""

from __future__ import annotations

from defib.words import Words


class Broken(Exception):
    """A checkpoint that cannot be used. It stays inside this package: it becomes a `problem` or a CheckpointRefused."""

    def __init__(self, problem: Words) -> None:
        """problem: the sentence for the user."""
        self.problem = problem
        super().__init__(problem.en)


UNREADABLE = Words(en="it cannot be read ({reason})", zh="无法读取（{reason}）")
NOT_A_FILE = Words(en="there is no such file, or it is not a regular file", zh="文件不存在，或不是普通文件")
EMPTY = Words(en="the file is empty (0 bytes)", zh="文件为空（0 字节）")
CUT_OFF = Words(
    en="the file is cut off: it begins like a torch checkpoint, but the index at its end is missing. "
    "It may still be being written, or the disk was full",
    zh="文件不完整：开头像 torch 检查点，但末尾的目录缺失。可能仍在写入，或写入时磁盘已满",
)
DAMAGED = Words(
    en="the file is damaged: {entry} is not where the archive's index says, or has the wrong size",
    zh="文件已损坏：{entry} 不在归档目录所指的位置，或大小不符",
)
WRONG_CHECKSUM = Words(
    en="the file is damaged: the contents of {entry} do not match their checksum",
    zh="文件已损坏：{entry} 的内容与校验和不符",
)
MISSING_STORAGE = Words(
    en="the checkpoint is incomplete: the values of {entry} are not in the file",
    zh="检查点不完整：文件中没有 {entry} 的数据",
)
WRONG_STORAGE_SIZE = Words(
    en="the checkpoint is damaged: {entry} should hold {expected} bytes but holds {found}",
    zh="检查点已损坏：{entry} 应为 {expected} 字节，实际为 {found} 字节",
)
WRONG_TENSOR = Words(
    en="the checkpoint is damaged: the tensor {name!s} does not fit into its stored values",
    zh="检查点已损坏：张量 {name!s} 超出了所存数据的范围",
)
COMPRESSED = Words(
    en="{entry} is compressed, which torch never does; the archive was zipped again. Unpack it and zip it without compression",
    zh="{entry} 被压缩过，而 torch 从不压缩；该归档是被重新打包的。请解压后以不压缩方式重新打包",
)
FOREIGN_ZIP = Words(
    en="a zip archive, but not one that torch wrote: it has no data.pkl",
    zh="是 zip 归档，但不是 torch 写的：其中没有 data.pkl",
)
TORCHSCRIPT = Words(
    en="a TorchScript program (torch.jit.save), not a training checkpoint",
    zh="是 TorchScript 程序（torch.jit.save），不是训练检查点",
)
TWICE = Words(
    en="the archive holds {entry} twice, so readers may disagree about its contents",
    zh="归档中有两个 {entry}，不同程序读到的内容可能不一致",
)
BAD_PICKLE = Words(
    en="its index of tensors (data.pkl) cannot be understood: {reason}",
    zh="无法解析其张量索引（data.pkl）：{reason}",
)
MALFORMED = Words(en="it is malformed or incomplete", zh="格式有误或不完整")
FOREIGN_OPCODE = Words(en="it uses {opcode}, which torch never writes", zh="使用了 torch 从不写出的 {opcode}")
UNKNOWN_STORAGE = Words(en="it names an unknown kind of values, {kind}", zh="出现了未知的数据类型 {kind}")
TOO_LARGE = Words(
    en="{entry} has {found}, more than the {limit} that a real checkpoint needs; it was not read",
    zh="{entry} 有 {found}，超过真实检查点所需的上限 {limit}，因此没有读取",
)
BYTES = Words(en="{count} bytes", zh="{count} 字节")
TOO_LONG = Words(
    en="its index of tensors (data.pkl) has more than {limit} instructions, more than a real checkpoint needs",
    zh="其张量索引（data.pkl）超过 {limit} 条指令，多于真实检查点所需",
)
LEGACY = Words(
    en="it is in torch's old format (before torch 1.6, not a zip archive), which cannot be checked safely. Where you trust it, "
    "load it with torch.load(weights_only=True) and save it again",
    zh="这是 torch 的旧格式（1.6 之前，不是 zip 归档），无法安全地检查。若信任来源，请用 torch.load(weights_only=True) 载入后重新保存",
)
BARE_PICKLE = Words(
    en="a bare Python pickle, not saved with torch.save; it cannot be checked safely",
    zh="是普通的 Python pickle，不是 torch.save 保存的，无法安全地检查",
)
FOREIGN_FILE = Words(en="not a checkpoint: it looks like {found}", zh="不是检查点：看起来是{found}")
NO_STATE_DICT = Words(
    en="there is no state dict in it (looked for state_dict, model_state_dict, model_state, model, and named tensors at the top)",
    zh="其中没有 state dict（查找了 state_dict、model_state_dict、model_state、model 以及顶层的命名张量）",
)
WHOLE_MODEL = Words(
    en="it holds a pickled {kind}, not a state dict; save model.state_dict() instead of the model itself",
    zh="其中是整个 {kind} 对象，不是 state dict；请保存 model.state_dict()，而不是模型本身",
)
BAD_SAFETENSORS = Words(
    en="the header of the safetensors file is wrong: {reason}",
    zh="safetensors 文件头有误：{reason}",
)
SAFETENSORS_CUT_OFF = Words(
    en="the safetensors file has the wrong length: its header speaks of {expected} bytes, the file has {found}",
    zh="safetensors 文件长度不符：文件头记为 {expected} 字节，实际为 {found} 字节",
)
WRONG_NAME = Words(
    en="it is named {name!s} but its contents are {found}, so the program that loads it by name will fail",
    zh="文件名是 {name!s}，内容却是{found}，按文件名载入的程序会失败",
)
NOT_CARRIED = Words(
    en="the entry {name!s} of the state dict is {kind}, which cannot be copied without executing it",
    zh="state dict 中的 {name!s} 是 {kind}，无法在不执行它的情况下复制",
)
ONLY_WEIGHTS = Words(
    en="a safetensors file holds nothing but weights, so no weights-only copy of it is needed",
    zh="safetensors 文件本来就只含权重，无需再制作仅含权重的副本",
)

NO_WEIGHTS = Words(
    en="a checkpoint folder without weights (looked for model.safetensors, pytorch_model.bin and their indexes)",
    zh="检查点目录中没有权重（查找了 model.safetensors、pytorch_model.bin 及其索引文件）",
)
BAD_INDEX = Words(
    en="its index {name!s} does not say which files hold the weights",
    zh="索引文件 {name!s} 没有说明权重存放在哪些文件中",
)
IN_PART = Words(en="{name!s}: {problem}", zh="{name!s}：{problem}")

# Of copies that were refused: the reason inside CannotWrite.
EXISTS = Words(
    en="a file that defib did not write is already there, and it is never overwritten",
    zh="那里已有一个不是 defib 写的文件，不会覆盖它",
)
SAME_FILE = Words(en="the copy would replace its own source", zh="副本会覆盖它自己的来源文件")


def unreadable(error: OSError) -> Words:
    """Why the system did not let a checkpoint be read."""
    return UNREADABLE.fill(reason=error.strerror or type(error).__name__)
