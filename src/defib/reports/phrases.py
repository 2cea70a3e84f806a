"""Every fixed sentence of the reports, in both languages.

They hold no markup of any kind: what is bold, a heading or a bullet is decided where it is shown.
"""

from __future__ import annotations

from defib.words import Words

UNKNOWN = Words("not known", "未知")
COLON = Words(": ", "：")
REMOVED = Words("removed", "移除")
AT_EPOCH = Words("epoch {epoch}", "第 {epoch} 轮")
AT_STEP = Words("step {step}", "第 {step} 步")
AND_MORE = Words("and {count} more", "另有 {count} 处")

SECONDS = Words("{value} s", "{value} 秒")
MINUTES = Words("{value} min", "{value} 分钟")
HOURS = Words("{value} h", "{value} 小时")
DAYS = Words("{value} h ({days} days)", "{value} 小时（{days} 天）")

# ------------------------------------------------------------------------------------------------ titles

TITLE_COLLAPSE = Words(
    "Rescue plan for a collapsed run - restart from epoch {epoch}", "训练崩溃修复方案 - 从 Epoch {epoch} 拯救训练"
)
TITLE_PLAN = Words("Rescue plan for a training run", "训练修复方案")
TITLE_DIAGNOSIS = Words("Diagnosis of a training run", "训练诊断")
RUN = Words("Run", "训练目录")
FRAMEWORK = Words("Framework", "训练框架")
VERDICT = Words("Verdict", "结论")
READ_AT = Words("Read at", "读取时间")

# ------------------------------------------------------------------------------------------------ what happened

ANALYSIS_COLLAPSE = Words("What collapsed", "崩溃分析")
ANALYSIS = Words("How the run went", "训练分析")
HISTORY = Words("Training history", "训练历史")
EPOCH = Words("Epoch", "Epoch")
STEP = Words("Step", "Step")
STATUS = Words("Status", "状态")
LEFT_OUT = Words("{count} evaluations not shown", "省略 {count} 次评估")
NO_HISTORY = Words("No evaluation was found in the logs.", "日志中没有找到任何评估结果。")
INCIDENT = Words("Open incident", "尚未恢复的下跌")
INCIDENT_SAYS = Words(
    "Since {onset}. The best before it was {best} at {when} ({metric}); nothing since has come back to it.",
    "始于{onset}。此前最佳为 {best}（{when}，{metric}），此后一直没有恢复到这个水平。",
)
SYMPTOMS = Words("Symptoms", "症状")
NO_SYMPTOMS = Words("No symptom was found by the rules that could look.", "在能够检查的规则范围内，没有发现症状。")
SINCE = Words("since {onset}", "始于{onset}")
CLEARED = Words("over since {onset}", "{onset}已恢复")
SEVERITY_ACT = Words("act", "需处理")
SEVERITY_WATCH = Words("watch", "需留意")
SEVERITY_NOTE = Words("note", "提示")

# ------------------------------------------------------------------------------------------------ why

CORE = Words("Core problems", "核心问题")
CAUSES = Words("Causes, the likeliest first", "原因（按可能性排序）")
NO_CAUSES = Words("No cause could be named from what the run left behind.", "仅凭这次训练留下的文件，还不能确定原因。")
SET_OFF = Words("What may have set off the fall", "可能引发这次下跌的原因")
ALSO_WRONG = Words("Also wrong, but no explanation of this fall", "另外存在、但不能解释这次下跌的问题")
RULED_OUT = Words("Not the cause", "已排除的原因")
STANDING_LIKELY = Words("likely", "很可能")
STANDING_POSSIBLE = Words("possible", "有可能")
STANDING_RULED_OUT = Words("ruled out", "已排除")
PREDICTIONS = Words("What the predictions say", "预测结果分析")
EVIDENCE_FOR = Words("For", "支持证据")
EVIDENCE_AGAINST = Words("Against", "反面证据")
EVIDENCE_MISSING = Words("To settle it", "尚需确认")
WEAK = Words("weak evidence", "弱证据")
AT_ONSET = Words("happened at the onset", "恰在下跌开始时发生")
# ------------------------------------------------------------------------------------------------ what to do

REMEDY = Words("Remedy", "修复方案")
COMPARISON = Words("Configuration, before and after", "配置对比")
PARAMETER = Words("Setting", "参数")
BEFORE = Words("Before", "修改前")
AFTER = Words("After", "修改后")
WHY = Words("Why", "说明")
BY_HAND = Words("To change by hand", "需要手工修改")
PLACE = Words("Where", "位置")
NO_EDITS = Words("No setting is changed.", "不修改任何配置。")
RISK_SAFE = Words("safe", "低风险")
RISK_ASK = Words("not certain: confirm before keeping it", "尚不确定：采用前请先确认")
RISK_ADVISE = Words("advice only, not written", "仅建议，不写入")
CONVENTION = Words("convention, not a measurement", "惯例，并非实测依据")
REFERENCE_HAS = Words("reference recipe: {value}", "参考配方：{value}")
REFERENCE = Words("Compared with the recipe {name}", "对照的参考配方：{name}")
PROFILE_MINIMAL = Words(
    "Profile minimal: only what the likely causes ask for.", "最小档（minimal）：只改很可能的原因所要求的参数。"
)
PROFILE_CONSERVATIVE = Words(
    "Profile conservative: what the possible causes ask for too, and three habits that no measurement supports.",
    "保守档（conservative）：也处理有可能的原因，并加上三条没有实测依据的惯例。",
)

START = Words("Start checkpoint", "起始检查点")
START_PATH = Words("File", "文件")
START_LOADED = Words("The new config loads", "新配置加载的路径")
START_STATE = Words("State", "状态")
START_WANTED = Words(
    "{when} was wanted, but no usable checkpoint of it is left.", "本应从{when}重启，但该检查点已不可用。"
)
START_WEIGHTS = Words("Weights-only copy", "仅含权重的副本")
STATE_READY = Words("on disk and readable", "文件存在且可读")
STATE_LISTED = Words(
    "named by the log, not found on disk: check before you start", "日志中提到，但磁盘上没有找到：启动前请先确认"
)
STATE_BROKEN = Words("on disk but not readable", "文件存在，但已损坏、无法读取")
STATE_UNSEEN = Words("not looked for: check before you start", "尚未查找：启动前请先确认")
STATE_NONE = Words("nothing usable is left", "没有可用的检查点")

OUTLOOK = Words("What to expect", "预期效果")
STABILITY = Words("What becomes stable", "稳定性改善")
TREATS = Words("{settings}: addresses “{cause}”", "{settings}：针对“{cause}”")
TREATS_CAUSE = Words("addresses cause {number}", "针对原因 {number}")
TARGETS = Words("Performance targets", "性能目标")
SHORT_TERM = Words("Short term (after {epochs} epochs)", "短期（{epochs} epochs）")
MIDDLE_TERM = Words("Middle term (after {epochs} epochs)", "中期（{epochs} epochs）")
BEYOND = Words("{term}, beyond the planned {epochs}", "{term}，超出计划的 {epochs} 轮")
LONG_TERM = Words("Long term (after {epochs} epochs)", "长期（{epochs} epochs）")
BAND = Words("{low} to {high}", "{low}～{high}")
BAND_IS = Words(
    "The band is the disagreement between the curve families, not a confidence interval; the restarted run may do better or worse.",
    "区间反映的是不同曲线之间的分歧，并非置信区间；重启后的训练可能更好，也可能更差。",
)
NO_FORECAST = Words("No forecast: there were too few healthy evaluations.", "无法预测：健康阶段的评估次数太少。")
TARGET_REACHED = Words(
    "The target of {target} would be reached {first} to {last} epochs after the restart.",
    "目标 {target} 预计在重启后 {first}～{last} 个 epoch 达到。",
)
TARGET_PERHAPS = Words(
    "The target of {target} would be reached {first} epochs after the restart at the earliest; the most cautious curve never reaches it.",
    "目标 {target} 最早在重启后 {first} 个 epoch 达到；按最保守的曲线则始终达不到。",
)
TARGET_NEVER = Words(
    "The target of {target} is not reached by any curve: the healthy part of this run does not point there.",
    "所有曲线都达不到目标 {target}：这次训练的健康阶段并不指向这个水平。",
)
TARGET_OPEN = Words(
    "The target is {target}; when it is reached cannot be said.", "目标为 {target}；何时能达到还无法判断。"
)

ATTENTION = Words("Note", "注意")

COMMAND = Words("Training command", "训练命令")
LAUNCH = Words("Start training", "启动训练")
BEFOREHAND = Words("Before you type", "输入命令之前")
MONITOR = Words("Watch training", "监控训练")
NO_COMMAND = Words(
    "The command is not known: start the new config in the way the run was first started.",
    "启动命令未知：请按原来的方式启动新配置。",
)
FOLDER_MMACTION2 = Words("<your mmaction2 folder>", "<你的 mmaction2 目录>")
FOLDER_PROJECT = Words("<your project folder>", "<你的项目目录>")
FILL_IN = Words("fill this in: the logs do not name the folder", "请自行填写：日志中没有记录该目录")

TIME = Words("Time needed", "训练时间估算")
PER_EPOCH = Words("Time per epoch", "每 epoch 时间")
TOTAL = Words("Total time", "总时间")
TOTAL_OF = Words("Total time of {epochs} epochs", "{epochs} epochs 总时间")
PRODUCT = Words("{epochs} × {each} = {total}", "{epochs} × {each} = {total}")
ENDS_AT = Words("Expected end", "预计完成时间")
IF_STARTED = Words("{moment}, if started when the run was read", "{moment}（按读取时立即启动计算）")

SIGNS = Words("Signs to watch", "关键监控指标")
HEALTHY_SIGNS = Words("Signs of a healthy run", "健康训练的标志")
DANGER_SIGNS = Words("Signs of danger", "需要警惕的信号")

CONFIG_STATE = Words("State of the configuration", "配置文件状态")
NEW_FILE = Words("File", "文件")
MADE_FROM = Words("Made from", "基于")
NOT_WRITTEN = Words("not written yet", "尚未写入")
CHANGED_LINES = Words("Changed lines", "逐行改动")
LINE = Words("Line (new file)", "新文件行号")
DIFFERENCE = Words("Difference", "配置差异")
NOT_PLANNED = Words("no new config", "没有新配置")
CORE_CHANGES = Words("core changes", "核心修改")

LADDER = Words("What to change later", "后续优化路径")
LADDER_STABLE = Words("If training is stable", "如果训练稳定")
LADDER_UNSTABLE = Words("If it is still unstable", "如果仍然不稳定")
LADDER_AMBITIOUS = Words("If you want more", "更高目标")

# ------------------------------------------------------------------------------------------------ how sure

WRONG_IF = Words("Stop and think again if", "出现以下情况请停止：说明判断有误")
BASELINE = Words("Baseline: the simplest remedy", "基线：最简单的做法")
BASELINE_RATE = Words("Learning rate {old} → {new}, nothing else", "学习率 {old} → {new}，其余不变")
COVERAGE = Words("What was checked", "检查范围")
CHECKED = Words("Checked", "已检查")
NOTHING_CHECKED = Words(
    "Nothing could be checked. This is not a clean bill of health.", "没有任何一项能够检查。这并不代表训练正常。"
)
UNSEEN = Words("Could not be checked", "未能检查")
ALL_CHECKED = Words("Every rule could look.", "所有规则都完成了检查。")
NOT_UNDERSTOOD = Words("Metrics that were not understood", "未能识别的指标")
NOTES = Words("Notes", "备注")
WRITTEN = Words("Files written", "已写入的文件")
WRITTEN_CONFIG = Words("new config", "新配置")
WRITTEN_PLAN = Words("plan", "方案")
WRITTEN_REPORT = Words("report", "报告")
WRITTEN_PICTURES = Words("pictures of the report", "报告中的图片")
WRITTEN_PAGE = Words("report with charts", "带图表的报告")
WRITTEN_WEIGHTS = Words("weights", "权重")

# ------------------------------------------------------------------------------------------------ several runs

OVERVIEW_SINCE = Words("Since", "起始")
OVERVIEW_BEST = Words("Best", "最佳")
OVERVIEW_LAST = Words("Last", "最近")
OVERVIEW_CAUSE = Words("Likeliest cause", "最可能的原因")
NO_RUNS = Words("No run was found.", "没有找到任何训练。")

# ------------------------------------------------------------------------------------------------ pictures

PICTURES = Words("The run in pictures", "图说这次训练")
CHART_SCORES = Words("When did it fall, and which part of it?", "什么时候开始下跌？跌的是哪一路？")
CHART_COURSE = Words("How did it go?", "训练走势如何？")
CHART_RATE = Words("What did the learning rate do?", "学习率是怎么走的？")
CHART_LOSSES = Words("Which loss moved?", "哪一项损失在变？")
CHART_GRADIENT = Words("How large were the gradients?", "梯度有多大？")
CHART_COMPARISON = Words("How do they compare?", "相互比较如何？")
CHART_LOSS = Words("loss", "损失")
CHART_BEST = Words("best: {when}", "最佳：{when}")
CHART_BEST_START = Words("best, and where to restart: {when}", "最佳，也是重启点：{when}")
CHART_START = Words("restart from epoch {epoch}", "从第 {epoch} 轮重启")
CHART_ONSET = Words("it falls: {when}", "开始下跌：{when}")
CHART_RESUMED = Words("resumed", "恢复训练")
CHART_RATE_STEP = Words("learning rate {old} → {new}", "学习率 {old} → {new}")
CHART_RESTARTED = Words("started anew", "重新开始")
CHART_OF = Words("metric", "指标")
CHART_VALUE = Words("value", "数值")
CHART_WHERE = Words("in the log", "日志位置")

# ------------------------------------------------------------------------------------------------ the page

PAGE_SEVERAL = Words("{count} training runs", "{count} 个训练")
PAGE_CHANGES = Words("Changed", "修改")
PAGE_WHAT_TO_TYPE = Words("What to type", "要执行的命令")
PAGE_ALL = Words("all of the plan", "完整方案")
PAGE_IN_CHART = Words("in the chart", "在图中查看")
PAGE_NOT_DRAWN = Words("Not drawn, for there would be too many lines", "线条太多，以下指标未画出")
PAGE_BAND = Words("The blue area is the forecast after the restart.", "蓝色区域是重启之后的预测。")
PAGE_COPY = Words("copy", "复制")
PAGE_COPIED = Words("copied", "已复制")
PAGE_ELSE = Words(
    "Not in this picture: another metric, or another way of counting", "未画入此图：指标不同，或计数方式不同"
)
