"""What training refuses: recipes, resuming, devices.

ActionRefused
`-- TrainingRefused             exit code 3
    |-- RecipeUnreadable        no YAML, or none of ours
    |-- NotTranslated           a config of another network than ours
    |-- NoSuchKey               a key that no recipe has
    |-- BadValue                a value that its key cannot take
    |-- CannotResume            nothing to resume from, or it does not fit
    |-- NoCheckpoint            nothing that a network could be restored from
    |-- TestsDiffer             checkpoints that cannot be averaged
    |-- ExportDiffers           ONNX answers otherwise than PyTorch
    |-- WorkDirTaken            the work directory holds another training
    |-- WorkDirUnwritable       the work directory cannot be written into
    |-- NotFinite               the loss is no number any more
    |-- DeviceFull              the device is full
    |-- NoDevice                a precision or device that this machine does not have
    `-- TrainerMissing          torch and what goes with it are not installed
"""

from __future__ import annotations

from defib.action.errors import TrainingRefused
from defib.words import Words


class RecipeUnreadable(TrainingRefused):
    """A recipe is a YAML file, or the name of one that comes with the package."""

    exit_code = 2
    says = Words(
        en="{path}: expected a recipe in YAML, {reason}. Recipes that come with defib: {known}",
        zh="{path}：应为 YAML 格式的训练配方，{reason}。defib 自带的配方：{known}",
    )


class NotTranslated(TrainingRefused):
    """A recipe can only say what the trainer can do."""

    says = Words(
        en="{path}: cannot be translated: {reason}",
        zh="{path}：无法转换：{reason}",
    )


class NoSuchKey(TrainingRefused):
    """A mistyped key would otherwise be ignored, and the run would train with the default."""

    exit_code = 2
    says = Words(
        en="{path}: there is no key {key}; the nearest are {nearest}",
        zh="{path}：没有 {key} 这个键；最接近的是 {nearest}",
    )


class BadValue(TrainingRefused):
    """A value of the wrong type, or one that makes no sense."""

    exit_code = 2
    says = Words(en="{path}: {key}: {reason}", zh="{path}：{key}：{reason}")


class CannotResume(TrainingRefused):
    """Resuming goes on exactly where a run stopped, or not at all."""

    says = Words(en="{path}: cannot resume: {reason}", zh="{path}：无法续训：{reason}")


class NoCheckpoint(TrainingRefused):
    """A network is its weights and its recipe."""

    says = Words(
        en="{path}: expected a work directory or a checkpoint folder of `defib train`, found {found}. "
        "For weights of another trainer name their recipe: --recipe ntu60_rgbpose",
        zh="{path}：应为 `defib train` 的工作目录或检查点目录，实际为{found}。"
        "若是其他训练器的权重，请指明配方：--recipe ntu60_rgbpose",
    )


class TestsDiffer(TrainingRefused):
    """Only scores of the same clips and classes can be averaged."""

    says = Words(
        en="{path}: it cannot be averaged with the first checkpoint: {reason}",
        zh="{path}：无法与第一个检查点取平均：{reason}",
    )


class ExportDiffers(TrainingRefused):
    """A model that answers otherwise after its export is not the model that was tested."""

    exit_code = 1
    says = Words(
        en="{path}: ONNX Runtime's scores differ from PyTorch's by {difference}, more than {most}: do not use this file",
        zh="{path}：ONNX Runtime 的得分与 PyTorch 相差 {difference}，超过 {most}：请不要使用这个文件",
    )


class WorkDirTaken(TrainingRefused):
    """A new training would replace the checkpoints of the one that is there."""

    exit_code = 2
    says = Words(
        en="{path} holds a training already: go on with it (resume=true), or train into another folder (work_dir=...)",
        zh="{path} 中已有一次训练：可以接着训练（resume=true），或换一个目录（work_dir=...）",
    )


class WorkDirUnwritable(TrainingRefused):
    """A training that cannot save is stopped at once; the checkpoint that was there is still whole."""

    exit_code = 1
    says = Words(
        en="{path}: cannot write here ({reason}). What was saved before is whole: make room and go on with resume=true, "
        "or train into another folder (work_dir=...)",
        zh="{path}：无法写入（{reason}）。之前保存的内容完好：请腾出空间后用 resume=true 继续，或换一个目录（work_dir=...）",
    )


class NotFinite(TrainingRefused):
    """Training on with NaN would only overwrite the last good checkpoint."""

    exit_code = 1
    says = Words(
        en="step {step}: the {what} was not finite in {count} steps one after the other; stopped. The last good checkpoint is {last}; "
        "`defib diagnose {work_dir}` says what led here",
        zh="第 {step} 步：{what}连续 {count} 步不是有限值，已停止。最后一个好的检查点是 {last}；"
        "运行 `defib diagnose {work_dir}` 查看原因",
    )


class DeviceFull(TrainingRefused):
    """Three ways out, the first of which keeps the effective batch and the clips."""

    exit_code = 1
    says = Words(
        en="the device ran out of memory at batch {batch}. Three ways out: {smaller}, train.precision=bf16, "
        "or smaller clips with {size}",
        zh="批大小为 {batch} 时内存或显存不足。三种办法：{smaller}、train.precision=bf16，或用 {size} 缩小画面",
    )


class NoDevice(TrainingRefused):
    """What the recipe asks for is not there."""

    says = Words(en="{key}={asked}: {reason}", zh="{key}={asked}：{reason}")


class TrainerMissing(TrainingRefused):
    """The engine installs without the trainer."""

    says = Words(
        en="{module} is not installed: it is an extra, pip install 'defib[{extra}]'",
        zh="没有安装 {module}：它属于可选组件，请运行 pip install 'defib[{extra}]'",
    )
