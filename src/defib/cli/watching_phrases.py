"""What `watch` says, in both languages."""

from __future__ import annotations

from defib.words import Words

SAYS: dict[str, Words] = {
    "live": Words(
        en="looked at {at}; Ctrl-C ends the watch and touches no training",
        zh="最近查看：{at}；Ctrl-C 结束监视，不影响训练",
    ),
    "looked": Words(en="looked at {at}", zh="查看时间：{at}"),
    "none": Words(en="no run below {folder} yet: waiting for the first", zh="{folder} 下还没有训练：等待第一个出现"),
    "unreadable": Words(en="cannot be judged now: {said}", zh="目前无法判断：{said}"),
    "left": Words(en="{time} left", zh="还需 {time}"),
    "ahead": Words(
        en="at the planned end {low} to {high}, as three curve families go on",
        zh="按三种曲线外推，计划结束时为 {low} 至 {high}",
    ),
    "best": Words(en="best", zh="最佳"),
    "best-at": Words(en="{value} (epoch {epoch})", zh="{value}（第 {epoch} 轮）"),
    "last": Words(en="last", zh="最近"),
    "trend": Words(en="trend", zh="走势"),
    "phase": Words(en="phase", zh="进度"),
    "signs-health": Words(en="signs of health: {shown} of {all} shown", zh="健康迹象：{all} 项中已出现 {shown} 项"),
    "sign-danger": Words(en="sign of danger: {says}", zh="危险迹象：{says}"),
    "serving": Words(
        en="the page is at {address} ; Ctrl-C ends it and touches no training",
        zh="页面地址：{address} ；Ctrl-C 结束，不影响训练",
    ),
    "trial": Words(
        en="{taken} of {all} channels took the trial message", zh="{all} 个渠道中有 {taken} 个收下了测试消息"
    ),
    "changed": Words(en="{at}  {path}  {verdict}: {says}", zh="{at}  {path}  {verdict}：{says}"),
    "gone": Words(en="{at}  {path}  cannot be judged now: {says}", zh="{at}  {path}  目前无法判断：{says}"),
}
HELP: dict[str, Words] = {
    "watch": Words(
        en="Watch runs while they train: the same rules on the growing log.",
        zh="在训练过程中监视：对不断增长的日志应用同样的规则。",
    ),
    "watch-epilog": Words(
        en="Examples:\n\ndefib watch work_dirs/my_run   # live, until Ctrl-C\n\ndefib watch --all work_dirs   # every run below, also one that begins later\n\n"
        "defib watch --all work_dirs --once   # one look, for cron; exit code 1 when a run needs action",
        zh="示例：\n\ndefib watch work_dirs/my_run   # 实时监视，Ctrl-C 结束\n\ndefib watch --all work_dirs   # 该目录下的所有训练，包括之后开始的\n\n"
        "defib watch --all work_dirs --once   # 只看一次，适合 cron；有训练需要处理时退出码为 1",
    ),
    "all": Words(
        en="watch every run below this folder, also one that begins later; may be given several times",
        zh="监视该目录下的每次训练，包括之后开始的；可多次给出",
    ),
    "once": Words(
        en="look once, say it, and leave with the exit code of `diagnose`: for cron",
        zh="只看一次，输出结果，退出码与 `diagnose` 相同：适合 cron",
    ),
    "alert": Words(
        en="tell people through this channel: an address of apprise (dingtalk://, feishu://, wecombot://, slack://, mailtos://, json://); "
        "may be given several times. Keep secrets out of the command line with --alerts or DEFIB_ALERTS",
        zh="通过该渠道通知：apprise 的地址（dingtalk://、feishu://、wecombot://、slack://、mailtos://、json://）；可多次给出。"
        "为避免密钥出现在命令行中，可用 --alerts 或环境变量 DEFIB_ALERTS",
    ),
    "alerts": Words(
        en="a file with one such address a line; # begins a comment", zh="每行一个此类地址的文件；# 开头为注释"
    ),
    "alert-trial": Words(
        en="send a trial message through every channel, and leave", zh="向每个渠道发送一条测试消息，然后退出"
    ),
    "serve": Words(
        en="serve the report page, live, at PORT or HOST:PORT (8321 is free on most machines, 0 finds a free one); on 127.0.0.1 unless another host is named",
        zh="在 PORT 或 HOST:PORT 提供实时报告页面（8321 通常空闲，0 自动选取）；未指定主机时只在 127.0.0.1 上",
    ),
    "token": Words(
        en="what a reader of the page has to know, 16 characters or more; needed for any host but this machine's own, also from DEFIB_TOKEN",
        zh="查看页面所需的令牌，至少 16 个字符；在本机以外的地址上必须提供，也可用环境变量 DEFIB_TOKEN",
    ),
    "every": Words(
        en="seconds between two looks where nothing tells of a change, as on network file systems (default 30)",
        zh="没有变更通知时（如网络文件系统）两次查看的间隔秒数，默认 30",
    ),
}
