"""What the command line says about itself, in both languages."""

from __future__ import annotations

from defib.words import Words

HELP: dict[str, Words] = {
    "defib": Words(
        en="Bring a collapsed training run back to life: what went wrong, on what evidence, and the smallest change that cures it.",
        zh="让崩溃的训练起死回生：哪里出了问题、依据是什么、怎样用最小的改动修复。",
    ),
    "diagnose": Words(
        en="Say what is wrong with a run, since when and why. Writes nothing unless -o is given.",
        zh="说明训练出了什么问题、从何时开始、为什么。除非给出 -o，否则不写任何文件。",
    ),
    "rescue": Words(
        en="Diagnose, and write the plan: new config, diff, command, what to watch. The original is never changed.",
        zh="诊断并写出方案：新配置、差异、命令、需要监控的指标。绝不改动原文件。",
    ),
    "explain": Words(
        en="Show the manual page of a rule, cause, play, setting, reference, error, verdict or exit code; without a name, list them.",
        zh="显示某条规则、原因、措施、设置、参考配方、错误、结论或退出码的说明；不给名称则列出全部。",
    ),
    "demo": Words(
        en="Rescue a real mmaction2 run whose learning rate jumped 25-fold at epoch 10; with --live, a run that collapses before your eyes.",
        zh="修复一次真实的 mmaction2 训练：它的学习率在第 10 轮跳到 25 倍；加 --live 则当场训练一个会崩溃的模型并修复。",
    ),
}

# An empty line between two lines: the help page of typer joins lines that have none.
EPILOGS: dict[str, Words] = {
    "defib-epilog": Words(
        en="Exit codes: 0 nothing to do, 1 action needed, 2 wrong usage, 3 could not judge, 4 the plan is stale, 70 internal error.",
        zh="退出码：0 无需处理，1 需要处理，2 用法错误，3 无法判断，4 方案已过期，70 内部错误。",
    ),
    "diagnose-epilog": Words(
        en="Examples:\n\ndefib diagnose work_dirs/my_run   # a work directory\n\ndefib diagnose notes.md --config my_config.py --gpus 2   # a table and the config\n\npbpaste | defib diagnose -   # what was copied\n\nExit codes: 0 nothing to do, 1 action needed, 2 wrong usage, 3 could not judge.",
        zh="示例：\n\ndefib diagnose work_dirs/my_run   # 工作目录\n\ndefib diagnose 笔记.md --config my_config.py --gpus 2   # 一张表加配置\n\ncat 表格.txt | defib diagnose -   # 标准输入\n\n退出码：0 无需处理，1 需要处理，2 用法错误，3 无法判断。",
    ),
    "rescue-epilog": Words(
        en="Examples:\n\ndefib rescue work_dirs/my_run   # the smallest change, beside the config\n\ndefib rescue my_run --profile conservative --target 95   # the possible causes too\n\ndefib rescue my_rescue.plan.json   # a saved plan again\n\nWrites: a new config, the start checkpoint's weights, reports (md, html) and the plan (JSON).\n\nExit codes: 0 nothing to do, 1 action needed, 3 could not judge, 4 the plan is stale.",
        zh="示例：\n\ndefib rescue work_dirs/my_run   # 最小改动，写在配置旁边\n\ndefib rescue my_run --profile conservative --target 95   # 也处理可能的原因\n\ndefib rescue my_rescue.plan.json   # 再次使用保存的方案\n\n写出：新配置、起始检查点的权重、报告（md、html）和方案（JSON）。\n\n退出码：0 无需处理，1 需要处理，3 无法判断，4 方案已过期。",
    ),
    "demo-epilog": Words(
        en="Examples:\n\ndefib demo   # the run and what was written, in defib-demo/\n\ndefib demo --live   # a training that collapses by itself, rescued while it runs\n\ndefib demo --out here --lang zh   # elsewhere, in Chinese",
        zh="示例：\n\ndefib demo   # 训练和写出的文件放在 defib-demo/\n\ndefib demo --live   # 一次会自行崩溃的训练，当场修复\n\ndefib demo --out here --lang en   # 放在别处，用英文",
    ),
    "explain-epilog": Words(
        en="Examples:\n\ndefib explain val_collapse   # a rule\n\ndefib explain stale-plan   # an error\n\ndefib explain clip   # a setting",
        zh="示例：\n\ndefib explain val_collapse   # 规则\n\ndefib explain stale-plan   # 错误\n\ndefib explain clip   # 设置",
    ),
}

OPTIONS: dict[str, Words] = {
    "run": Words(
        en="work directory, log file, table or document, saved Case, or - for standard input; the current directory by default",
        zh="工作目录、日志文件、表格或文档、已保存的 Case，或用 - 表示标准输入；默认为当前目录",
    ),
    "lang": Words(en="language of the answer; from the locale by default", zh="回答所用语言；默认取自系统区域设置"),
    "format": Words(
        en="text (default), md, html or json; guessed from the name of -o FILE",
        zh="text（默认）、md、html 或 json；也可由 -o FILE 的文件名推断",
    ),
    "output": Words(
        en="write the answer to a file: report.html, report.md, case.json, scores.svg, scores.png",
        zh="把回答写入文件：report.html、report.md、case.json、scores.svg、scores.png",
    ),
    "out": Words(en="folder for new files; beside the original by default", zh="新文件所在目录；默认与原文件放在一起"),
    "metric": Words(
        en="the metric that decides, e.g. val/top1/fused or its name in the log",
        zh="决定性指标，如 val/top1/fused 或它在日志中的名字",
    ),
    "config": Words(
        en="the config of the run, when it does not lie beside the log", zh="训练配置文件（当它不在日志旁边时）"
    ),
    "minutes": Words(en="minutes of one epoch, when the log does not tell", zh="每轮所需分钟数（日志没有记录时）"),
    "gpus": Words(en="number of GPUs, when the log does not tell", zh="GPU 数量（日志没有记录时）"),
    "target": Words(
        en="the value of the deciding metric that you want, in per cent", zh="希望决定性指标达到的数值（百分比）"
    ),
    "predictions": Words(
        en="scores of a checkpoint on held-out samples: mmaction2's --dump file, .npz or JSON lines; given twice: the earlier checkpoint's first",
        zh="某个检查点在验证样本上的分数：mmaction2 的 --dump 文件、.npz 或 JSON lines；可给两次：先给较早检查点的",
    ),
    "profile": Words(
        en="minimal (default): only what the likely causes ask for; conservative: the possible causes too, and three habits",
        zh="minimal（默认）：只改很可能的原因所要求的；conservative：也处理有可能的原因，并加三条惯例",
    ),
    "page-format": Words(en="text for a terminal, or md for Markdown", zh="text 用于终端，md 为 Markdown"),
    "name": Words(en="what to explain", zh="要说明的名称"),
    "demo-out": Words(en="folder for the copy of the run and the new files", zh="存放训练副本与新文件的目录"),
}

SAYS: dict[str, Words] = {
    "explained": Words(en="(see `defib explain {slug}`)", zh="（参见 `defib explain {slug}`）"),
    "demo": Words(
        en="A real mmaction2 run of RGBPoseConv3D on made-up data, trained on a CPU for this project. Only its logs and config are kept.",
        zh="一次真实的 mmaction2 RGBPoseConv3D 训练（数据为合成，在 CPU 上为本项目训练），仅保留日志与配置。",
    ),
    "drawing": Words(en="drawing the charts", zh="正在绘制图表"),
    "copying": Words(en="copying the weights to start from", zh="正在复制起始权重"),
    "written": Words(en="written to {path}", zh="已写入 {path}"),
}

INTERNAL = Words(
    en="internal error in defib ({kind}: {text}; {file}, line {line}). Nothing of yours was changed. Please report it with the command that you typed",
    zh="defib 内部错误（{kind}：{text}；{file} 第 {line} 行）。你的文件没有被改动。请连同所输入的命令一起报告",
)
