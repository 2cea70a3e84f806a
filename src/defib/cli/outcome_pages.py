"""The pages of the verdicts and of the exit codes, in both languages."""

from __future__ import annotations

from defib.words import Words

VERDICTS = {
    "healthy": Words(
        en="Nothing calls for attention: every finding is a note or over, and the metric that decides could be judged. A run "
        "that cannot be read at all is an error, never healthy.",
        zh="没有需要关注的问题：所有发现都只是提示或已经解除，且决定性指标可以判断。完全无法读取的训练会报错，绝不会判为正常。",
    ),
    "watch": Words(
        en="Something deserves a look, but there is no confirmed fall that has not healed; or the metric that decides could "
        "not be judged. Let the run go on and look again after the next evaluations.",
        zh="有值得留意的现象，但没有已确认且未恢复的崩溃；或决定性指标无法判断。请让训练继续，并在之后几次评估后再看。",
    ),
    "rescue": Words(
        en="A fall is confirmed and has not healed. `defib rescue` proposes a start from before the onset and the settings to "
        "change; what was trained since is worse than what the run already had.",
        zh="已确认崩溃且没有恢复。`defib rescue` 会给出崩溃点之前的起点和需要修改的设置；此后训练出的都不如已有的。",
    ),
    "leave-running": Words(
        en="The score fell, but a likely cause lies in validation alone and no likely event explains the fall. Do not restart: "
        "check validation data, preprocessing and BatchNorm statistics.",
        zh="成绩下跌了，但很可能只是验证环节的问题，且没有其他可能的事件能解释它。请不要重启训练，而应检查验证数据、预处理和 BatchNorm 统计量。",
    ),
    "escalate": Words(
        en="A fault of labels, data or code is likely. No setting cures it, however good the score is, so that no restart is "
        "planned: a person has to look at what the evidence names.",
        zh="标签、数据或代码很可能有误。无论成绩多高，任何设置都治不好，因此不制定重启方案：需要有人检查证据所指的内容。",
    ),
}

EXIT_CODES = {
    "exit-0": Words(
        en="There is nothing to do: the verdict is `healthy` or `watch`, or the command did what it was asked to.",
        zh="无需处理：结论为 `healthy` 或 `watch`，或命令已按要求完成。",
    ),
    "exit-1": Words(
        en="Action is needed: the verdict is `rescue`, `leave-running` or `escalate`.",
        zh="需要处理：结论为 `rescue`、`leave-running` 或 `escalate`。",
    ),
    "exit-2": Words(
        en="The command line asks for something that does not fit the run or the program; the message says what would.",
        zh="命令行的要求与训练或程序不符；消息说明了应当怎样写。",
    ),
    "exit-3": Words(
        en="There was nothing to judge, or a file was refused because it cannot be read or changed safely. This is never the "
        "same as a healthy run.",
        zh="没有可判断的内容，或文件因无法安全读取或修改而被拒绝。这绝不等于训练正常。",
    ),
    "exit-4": Words(
        en="The plan is stale: its config has changed since it was made. Nothing was written; make a new plan.",
        zh="方案已过期：制定之后配置有改动。没有写入任何文件；请重新制定方案。",
    ),
    "exit-70": Words(
        en="An error inside defib; it says nothing about the run. Nothing of yours was changed. Please report it with the "
        "command that you typed.",
        zh="defib 内部错误，与训练本身无关。你的文件没有被改动。请连同所输入的命令一起报告。",
    ),
}
