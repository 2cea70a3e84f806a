"""What `rescue --launch`, `history` and `hook` say, in both languages."""

from __future__ import annotations

from defib.words import Words

KINDS: dict[str, Words] = {
    "plan": Words(en="planned", zh="方案"),
    "start": Words(en="started", zh="启动"),
    "read-back": Words(en="read back", zh="读回"),
    "alarm": Words(en="alarm", zh="报警"),
    "decision": Words(en="decided", zh="决定"),
    "end": Words(en="ended", zh="结束"),
}
SAYS: dict[str, Words] = {
    "attempt": Words(en="attempt {number}", zh="第 {number} 次尝试"),
    "no-plan": Words(en="there is nothing to rescue: nothing was started", zh="不需要修复：没有启动任何程序"),
    "staying": Words(
        en="starting, and staying until it has worked. It can be left alone: every step stands in {journal}, and `--continue` picks it up",
        zh="正在启动，并会一直看护到有结果。可以随时离开：每一步都记录在 {journal} 中，用 `--continue` 可接着看护",
    ),
    "ask-gpus": Words(en="How many GPUs did the run have?", zh="这次训练用了几块 GPU？"),
    "ask-command": Words(
        en="How is the run started? For example: python train.py --config {config} --work-dir {work_dir}\n",
        zh="这次训练如何启动？例如：python train.py --config {config} --work-dir {work_dir}\n",
    ),
    "dry": Words(en="nothing was started (--dry-run)", zh="没有启动任何程序（--dry-run）"),
    "dry-folder": Words(en="folder:   {value}", zh="目录：{value}"),
    "dry-command": Words(en="command:  {value}", zh="命令：{value}"),
    "dry-logs": Words(en="logs to:  {value}", zh="日志目录：{value}"),
    "dry-journal": Words(en="journal:  {value}", zh="过程记录：{value}"),
}
HELP: dict[str, Words] = {
    "history": Words(
        en="Tell what was tried to rescue a run, as a story.", zh="按时间讲述对一次训练做过哪些修复尝试。"
    ),
    "history-epilog": Words(
        en="Examples:\n\ndefib history work_dirs/my_run   # one line a step\n\ndefib history work_dirs/my_run --format json   # for a script",
        zh="示例：\n\ndefib history work_dirs/my_run   # 每步一行\n\ndefib history work_dirs/my_run --format json   # 供脚本使用",
    ),
    "hook": Words(
        en="Write the hook that measures inside the training process, as one file.",
        zh="以单个文件的形式输出在训练进程内部测量的 hook。",
    ),
    "hook-epilog": Words(
        en="Examples:\n\ndefib hook mmengine > defib_hook.py   # then custom_imports and custom_hooks in the config\n\ndefib hook torch > defib_hook.py   # then: from defib_hook import Guard",
        zh="示例：\n\ndefib hook mmengine > defib_hook.py   # 然后在配置中写 custom_imports 和 custom_hooks\n\ndefib hook torch > defib_hook.py   # 然后：from defib_hook import Guard",
    ),
    "hook-framework": Words(
        en="what the training runs with; the file needs it, torch and the standard library, and Python 3.8 or newer",
        zh="训练所用的框架；该文件只需要它、torch 和标准库，以及 Python 3.8 或更新的版本",
    ),
    "launch": Words(
        en="start the plan and stay until held-out accuracy is really back; exit code 0 recovered, 1 relapsed or stopped",
        zh="启动方案，并看护到验证成绩真正恢复；退出码 0 为已恢复，1 为再次崩溃或停止",
    ),
    "dry-run": Words(en="show what --launch would start, and start nothing", zh="显示 --launch 会启动什么，但不启动"),
    "continue": Words(
        en="look after the attempt that the journal tells of; never starts a second one",
        zh="接着看护记录中正在进行的尝试；绝不会再启动一个",
    ),
    "command": Words(
        en="how the run is started, e.g. 'python train.py --config {config} --work-dir {work_dir}'; no shell is involved",
        zh="训练的启动方式，如 'python train.py --config {config} --work-dir {work_dir}'；不经过 shell",
    ),
    "python": Words(
        en="the run's own interpreter; the one named in its log by default",
        zh="训练所用的解释器；默认为日志中记录的那个",
    ),
    "slurm": Words(
        en="submit it with sbatch and these options, e.g. '--partition=gpu --gpus=2 --time=24:00:00'; an empty text takes sbatch's own",
        zh="用 sbatch 及这些选项提交，如 '--partition=gpu --gpus=2 --time=24:00:00'；空文本表示使用 sbatch 的默认值",
    ),
    "attempts": Words(
        en="attempts at most, failed starts apart (default 3)", zh="最多尝试次数，启动失败不计（默认 3）"
    ),
    "hours": Words(
        en="hours that all attempts together may take; when they are spent, the attempt is ended and it is said what was tried",
        zh="各次尝试合计最多用多少小时；用完后结束当前尝试，并说明试过什么",
    ),
    "share": Words(
        en="epochs that all attempts together may train, as a share of those of the original run, e.g. 1.5",
        zh="各次尝试合计最多训练的轮数，以原训练轮数的倍数表示，如 1.5",
    ),
    "silence": Words(
        en="minutes that an attempt may take until it logs something (default 60, or three epochs of the old run)",
        zh="一次尝试在记录任何内容之前最多可用的分钟数（默认 60，或原训练三轮的时间）",
    ),
    "climb": Words(
        en="after a recovery, try the steps of the ladder one by one; what does not help is taken back",
        zh="恢复之后逐步尝试优化；没有帮助的一步会撤回",
    ),
    "history-format": Words(en="text (default) or json", zh="text（默认）或 json"),
}
