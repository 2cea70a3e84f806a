"""Attempts that cannot be started as asked.

DefibError
`-- LaunchRefused               exit code 2
|-- BadCommand              `--command` cannot be made into words
|-- NoCommand               how the run is started is not known
|-- NotSubmitted            Slurm took no job
|-- NotStarted              the program is not there, or may not be run
|-- NoFramework             the interpreter cannot import the run's framework
|-- AlreadySupervised       another process looks after this run
|-- NothingOpen             the journal tells of no attempt to look after
`-- JournalUnreadable       a journal that another program has written into
"""

from __future__ import annotations

from defib.errors import DefibError
from defib.words import Words


class LaunchRefused(DefibError):
    """An attempt that cannot be started as asked; nothing runs."""

    exit_code = 2


class BadCommand(LaunchRefused):
    """`--command` cannot be made into words."""

    says = Words(
        en="--command {command!r}: {reason}. Expected words as a shell has them, with {{config}} and {{work_dir}} where they belong",
        zh="--command {command!r}：{reason}。应像在 shell 中那样写成若干词，并在相应位置写 {{config}} 和 {{work_dir}}",
    )


class NoCommand(LaunchRefused):
    """How the run is started is not in what it left behind."""

    says = Words(
        en="{path}: how this run is started is not known ({reason}). Say it: --command 'python train.py --config {{config}} --work-dir {{work_dir}}'",
        zh="{path}：不知道这次训练如何启动（{reason}）。请说明：--command 'python train.py --config {{config}} --work-dir {{work_dir}}'",
    )


class NotStarted(LaunchRefused):
    """The program is not there, or may not be run."""

    says = Words(
        en="{command} could not be started in {cwd}: {reason}. Nothing runs; the plan and its files are as they were",
        zh="无法在 {cwd} 启动 {command}：{reason}。没有任何程序在运行，方案和文件保持原样",
    )


class NotSubmitted(LaunchRefused):
    """Slurm took no job, or does not say whether it has one."""

    says = Words(
        en="Slurm: {reason}. No job was submitted by this; `squeue --me` shows what there is, and the plan and its files are as they were",
        zh="Slurm：{reason}。这次没有提交作业；可用 `squeue --me` 查看现有作业，方案和文件保持原样",
    )


class NoFramework(LaunchRefused):
    """The interpreter that was found is not the run's own."""

    says = Words(
        en="{python} cannot import {framework}, so that it is not the interpreter that trained this run: {reason}. Name that one with --python PATH",
        zh="{python} 无法导入 {framework}，它不是训练所用的解释器：{reason}。请用 --python PATH 指明",
    )


class AlreadySupervised(LaunchRefused):
    """Two supervisors of one run would start it twice."""

    says = Words(
        en="{path} is supervised already, by process {pid}. `defib history` shows what it does; when it is gone for good, remove {lock}",
        zh="{path} 已由进程 {pid} 看护。可用 `defib history` 查看进展；若它确已不在，请删除 {lock}",
    )


class NothingOpen(LaunchRefused):
    """There is nothing to continue, and nothing to tell."""

    says = Words(
        en="{path}: its journal tells of no attempt that is under way. `defib rescue RUN --launch` starts one",
        zh="{path}：过程记录中没有正在进行的尝试。可用 `defib rescue RUN --launch` 启动一次",
    )


class JournalUnreadable(LaunchRefused):
    """A journal that another program has written into cannot be trusted."""

    says = Words(
        en="{path}, line {line}: {reason}. A journal is only ever appended to; move it away to begin a new one",
        zh="{path} 第 {line} 行：{reason}。日志只会追加；移走它即可重新开始",
    )
