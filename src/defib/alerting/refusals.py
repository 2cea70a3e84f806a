"""Alerts that cannot be set up as asked.

DefibError
`-- AlertRefused                exit code 2
    |-- NoSuchChannel           the address of a channel is not understood
    |-- AlertsMissing           apprise is not installed
    `-- AlertsUnreadable        the file of addresses cannot be read
"""

from __future__ import annotations

from defib.errors import DefibError
from defib.words import Words


class AlertRefused(DefibError):
    """Alerts that cannot be set up as asked; nothing is watched."""

    exit_code = 2


class NoSuchChannel(AlertRefused):
    """The address of a channel is not understood. The rest of it may be a secret and is not repeated."""

    says = Words(
        en="alert address number {number} ({schema}://...) is not understood. Expected one of apprise, such as dingtalk://TOKEN, feishu://TOKEN, "
        "wecombot://KEY, slack://A/B/C, mailtos://USER:PASSWORD@HOST or json://HOST/PATH",
        zh="第 {number} 个告警地址（{schema}://...）无法识别。应为 apprise 的地址，如 dingtalk://TOKEN、feishu://TOKEN、wecombot://KEY、"
        "slack://A/B/C、mailtos://用户:密码@主机 或 json://主机/路径",
    )


class AlertsMissing(AlertRefused):
    """Apprise is not installed."""

    says = Words(
        en="alerts need {module}, which is not installed here: pip install 'defib[alerts]'",
        zh="告警需要 {module}，这里没有安装：pip install 'defib[alerts]'",
    )


class AlertsUnreadable(AlertRefused):
    """The file of addresses cannot be read."""

    says = Words(
        en="{path}: {reason}. Expected a text file with one alert address a line; # begins a comment",
        zh="{path}：{reason}。应为每行一个告警地址的文本文件，# 开头为注释",
    )
