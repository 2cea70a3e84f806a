"""Why a site cannot be edited, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from defib.errors import SiteNotEditable
from defib.words import Words, shown_value

if TYPE_CHECKING:
    from pathlib import Path

    from defib.records import Site

NOT_THERE = Words(en="the config has no such setting", zh="配置中没有这项设置")
THERE = Words(
    en="the setting is there already, or what stands above it is no dict", zh="该设置已存在，或其上级不是 dict"
)
NO_NAME = Words(en="it is not a name that a setting can have", zh="它不是合法的设置名称")
SHAKEN = Words(
    en="line {line} changes it afterwards in a way that is only known by running the config",
    zh="第 {line} 行会在之后修改它，其结果只有运行配置才能得知",
)
SHARED = Words(
    en="it is shared with, or used to compute, settings that have to stay as they are",
    zh="它与其他须保持不变的设置共享，或用于计算这些设置",
)
INHERITED = Words(
    en="it is inherited from a base config, and a child can override a key but not take it away",
    zh="它继承自基础配置；子配置只能覆盖键，不能删除键",
)
CROWDED = Words(
    en="the statement that sets it does more than that, or its name is used elsewhere",
    zh="设置它的语句还有其他作用，或该名称在别处被使用",
)
OVERLAP = Words(en="two changes meet at the same place in the file", zh="两处修改在文件中重叠")
GONE = Words(en="(removed)", zh="（删除）")


def refused(path: Path, line: int, site: Site, reason: Words) -> SiteNotEditable:
    """The refusal to edit one site."""
    new = GONE if site.action == "delete" else shown_value(site.new)
    return SiteNotEditable(path=path, line=line, site=site.path, reason=reason, new=new)
