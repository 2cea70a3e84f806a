"""Everything that defib refuses, as one tree.

    DefibError                      exit code
    |-- WrongUsage                  2   the command line asks for something that does not fit
    |   |-- NoSuchName
    |   |-- NoSuchMetric
    |   |-- NoSuchChoice
    |   |-- FinishedPlan
    |   |-- NoConfigToRewrite
    |   |-- NoSuchPath
    |   |-- TooManyPredictions
    |   |-- PredictionsOfManyRuns
    |   `-- CannotWrite
    |-- CannotJudge                 3   nothing that could be read
    |   |-- NothingReadable
    |   |-- NoPoints
    |   |-- NothingToDraw
    |   |-- ExtraMissing
    |   `-- NotACase
    |-- ConfigRefused               3   a config that cannot be read or rewritten safely
    |   |-- ConfigSyntax
    |   |-- ConfigTooLarge
    |   |-- SiteNotEditable
    |   `-- RewriteNotProved
    |-- CheckpointRefused           3   a checkpoint that is empty, cut off or not what its name says
    |-- PredictionsRefused          3   predictions that cannot be read safely, or do not fit together
    |   |-- PredictionsUnreadable
    |   |-- PredictionsUnsafe
    |   `-- PredictionsDoNotFit
    `-- StalePlan                   4   the config has changed since the plan was made

Each class holds its message in both languages, with the same placeholders; `defib explain SLUG` prints the page
of `cli/error_pages.py`. Messages say where, what was expected, what was found and what to do.
"""

from __future__ import annotations

import re
from typing import ClassVar

from defib.words import Words


class DefibError(Exception):
    """The parent of everything that defib refuses to do."""

    exit_code: ClassVar[int] = 70
    says: ClassVar[Words] = Words(en="{what}", zh="{what}")

    def __init__(self, **values: object) -> None:
        """values: one for each placeholder of `says`."""
        self.values = values
        self.words = self.says.fill(**values)
        super().__init__(self.words.en)

    @classmethod
    def slug(cls) -> str:
        """The name that `defib explain` knows, e.g. `nothing-readable`."""
        return re.sub(r"(?<!^)(?=[A-Z])", "-", cls.__name__).lower()


class WrongUsage(DefibError):
    """The command line asks for something that does not fit the run or the program."""

    exit_code = 2


class NoSuchName(WrongUsage):
    """`defib explain` was asked for a name that is no rule, cause, play, setting, reference or error."""

    says = Words(
        en="nothing here is called {name!s}; the nearest names are {nearest}. `defib explain` alone lists them all",
        zh="没有名为 {name!s} 的条目；最接近的是 {nearest}。单独运行 `defib explain` 可列出全部名称",
    )


class NoSuchMetric(WrongUsage):
    """`--metric` names a metric that the run does not have."""

    says = Words(
        en="{path}: no validation metric {asked!s}; this run has {known}",
        zh="{path}：没有名为 {asked!s} 的验证指标；这次训练记录了 {known}",
    )


class NoSuchChoice(WrongUsage):
    """An option was given a word that it does not know."""

    says = Words(
        en="{option} is one of {allowed}; got {value!s}", zh="{option} 只能是 {allowed} 之一；得到的是 {value!s}"
    )


class FinishedPlan(WrongUsage):
    """A saved plan is written as it stands; options that would change it have no place beside it."""

    says = Words(
        en="{path}: this plan is finished, and is written as it stands; to plan with other options, run `defib rescue` on the run itself",
        zh="{path}：这是已制定好的方案，将原样写出；若要更改选项，请对训练本身运行 `defib rescue`",
    )


class NoConfigToRewrite(WrongUsage):
    """`defib.rewrite` was given a plan that has no config to change."""

    says = Words(
        en="{path}: the plan for this run names no config that can be rewritten; its notes say why. Read the run with config=FILE, then plan again",
        zh="{path}：这次训练的方案没有可改写的配置，原因见方案的 notes。请用 config=FILE 重新读取训练，再制定方案",
    )


class NoSuchPath(WrongUsage):
    """A path on the command line does not exist."""

    says = Words(
        en="{path}: no such file or directory; give a work directory, a log file, a table, a saved Case, or - for standard input",
        zh="{path}：文件或目录不存在；请给出工作目录、日志文件、表格、已保存的 Case，或用 - 表示标准输入",
    )


class TooManyPredictions(WrongUsage):
    """`--predictions` takes one file, or two of the same run: the earlier checkpoint's first, then the later one's."""

    says = Words(
        en="--predictions was given {count} times; give one file, or two of the same run: first that of the earlier checkpoint, then that of the later one",
        zh="--predictions 给出了 {count} 次；请给一个文件，或同一次训练的两个文件：先给较早检查点的，再给较晚检查点的",
    )


class PredictionsOfManyRuns(WrongUsage):
    """Predictions were made by one checkpoint of one run, so they cannot be judged beside several runs."""

    says = Words(
        en="--predictions belongs to one run, but {count} were named; run `defib diagnose RUN --predictions FILE` for the run that made them",
        zh="--predictions 只对应一次训练，但给出了 {count} 个；请对产生这些预测的那次训练运行 `defib diagnose RUN --predictions FILE`",
    )


class CannotWrite(WrongUsage):
    """An answer could not be written where it should go; nothing half-written is left."""

    says = Words(
        en="{path}: cannot write here ({reason}); name another folder with --out DIR",
        zh="{path}：无法写入（{reason}）；请用 --out DIR 指定另一个目录",
    )


class CannotJudge(DefibError):
    """There was nothing to judge. This is never the same as a healthy run."""

    exit_code = 3


class NothingReadable(CannotJudge):
    """No log, table or saved Case was recognised at the path."""

    says = Words(
        en="{path}: nothing readable here. Looked for {looked}; found {found}",
        zh="{path}：没有可读取的内容。查找了 {looked}；找到的是 {found}",
    )


class NoPoints(CannotJudge):
    """A log was recognised, but not one number could be taken from it."""

    says = Words(
        en="{path}: read as {format}, but not one metric value was found in {lines} lines; a log without numbers cannot be judged",
        zh="{path}：按 {format} 读取，但 {lines} 行中没有任何指标数值；没有数值的日志无法判断",
    )


class NothingToDraw(CannotJudge):
    """A picture was asked for, but the run has no series of numbers to draw."""

    says = Words(en="{path}: nothing to draw; try -o FILE.html", zh="{path}：没有可画的曲线；可改用 -o FILE.html")


class ExtraMissing(CannotJudge):
    """A file is there, but the optional library that it needs is not installed. This says nothing about the run."""

    says = Words(
        en="{path}: this is {format}; reading it needs the extra {extra!s}. Install it with: pip install 'defib[{extra}]'",
        zh="{path}：这是 {format}；读取它需要安装可选依赖 {extra!s}。请运行：pip install 'defib[{extra}]'",
    )


class NotACase(CannotJudge):
    """A JSON file looks like a saved Case but cannot be read as one."""

    says = Words(
        en="{path}: looks like a saved Case but does not fit: {reason}. Make it again with `defib diagnose RUN --format json`",
        zh="{path}：看起来是已保存的 Case，但内容不符：{reason}。请用 `defib diagnose RUN --format json` 重新生成",
    )


class ConfigRefused(DefibError):
    """A config that cannot be read or changed safely. The original is untouched and nothing is written."""

    exit_code = 3


class ConfigSyntax(ConfigRefused):
    """The config is not valid in its own language."""

    says = Words(
        en="{path}, line {line}: not a config that can be parsed: {reason}",
        zh="{path} 第 {line} 行：无法按配置文件解析：{reason}",
    )


class ConfigTooLarge(ConfigRefused):
    """The config is larger, or nested deeper, than any real one; it is not read at all."""

    says = Words(
        en="{path}: {what} is {found}, more than the {limit} that a config may have; it was not read",
        zh="{path}：{what}为 {found}，超过配置文件允许的上限 {limit}，因此没有读取",
    )


class SiteNotEditable(ConfigRefused):
    """A value has to change, but the config computes it in a way that cannot be edited without side effects."""

    says = Words(
        en="{path}, line {line}: cannot change {site} here: {reason}. Change it by hand to {new}, then run defib again",
        zh="{path} 第 {line} 行：无法在此修改 {site}：{reason}。请手动改为 {new}，然后重新运行 defib",
    )


class RewriteNotProved(ConfigRefused):
    """The new config was read back and differs from the plan; it was thrown away."""

    says = Words(
        en="{path}: the rewritten config was read back and differs from the plan at {sites}; nothing was written",
        zh="{path}：改写后的配置经回读与计划不符，差异位于 {sites}；没有写入任何文件",
    )


class CheckpointRefused(DefibError):
    """A checkpoint is empty, cut off, or not a checkpoint; it is never chosen as a start."""

    exit_code = 3
    says = Words(
        en="{path}: not a usable checkpoint: {reason}",
        zh="{path}：不是可用的检查点：{reason}",
    )


class PredictionsRefused(DefibError):
    """A file of predictions that cannot be used. Nothing in it was executed."""

    exit_code = 3


class PredictionsUnreadable(PredictionsRefused):
    """The file is none of the three forms of predictions, or it is cut off, damaged or too large.

    The forms: the pickle that mmaction2's `tools/test.py --dump` writes, an `.npz` with `scores_<branch>` [N, K],
    `label` [N] and `name` [N], or JSON lines with the same names for each sample. What a file is, is told by its
    contents, not by its name. docs/predictions.md shows how to make each.
    """

    says = Words(
        en="{path}: these predictions cannot be read: {reason}",
        zh="{path}：无法读取这份预测结果：{reason}",
    )


class PredictionsUnsafe(PredictionsRefused):
    """The pickle asks for a class or function that no dump of scores needs; it was not imported, and nothing was called.

    Unpickling such a file with Python's own reader would run that function. Where you trust the file, load it in the
    environment that wrote it, and save scores and labels with `numpy.savez`; docs/predictions.md shows how.
    """

    says = Words(
        en="{path}: the pickle asks for {name!s}, which scores and labels do not need; nothing of it was executed. "
        "If you trust the file, load it where it was made and save the scores and labels with numpy.savez (docs/predictions.md)",
        zh="{path}：该 pickle 要求调用 {name!s}，而分数和标签并不需要它；其中内容没有被执行。"
        "若信任来源，请在生成它的环境中载入，再用 numpy.savez 保存分数和标签（见 docs/zh/predictions.md）",
    )


class PredictionsDoNotFit(PredictionsRefused):
    """The file was read, but its parts do not belong together: counts that differ, a label that is no whole number."""

    says = Words(
        en="{path}: the predictions do not fit together: {reason}",
        zh="{path}：预测结果前后不一致：{reason}",
    )


class StalePlan(DefibError):
    """The config is no longer the one that the plan was made for."""

    exit_code = 4
    says = Words(
        en="{path}: this config has changed since the plan was made (it was {expected}, it is {found}); nothing was written. "
        "Make a new plan with `defib rescue RUN`",
        zh="{path}：制定计划之后配置已被改动（当时为 {expected}，现在为 {found}）；没有写入任何文件。请用 `defib rescue RUN` 重新制定计划",
    )
