"""What the live page says, in both languages."""

from __future__ import annotations

from defib.words import Words

PAGE: dict[str, Words] = {
    "runs": Words(en="runs", zh="训练列表"),
    "none": Words(en="no run yet: waiting for the first", zh="还没有训练：等待第一个出现"),
    "live": Words(en="live", zh="实时"),
    "looked": Words(en="looked at", zh="最近查看："),
    "lost": Words(en="connection lost since", zh="连接已断开，自"),
    "nothing": Words(
        en="there is no such run, or nothing of it could be judged yet", zh="没有这次训练，或目前还无法判断"
    ),
    "host": Words(
        en="this server is not called so; use the address that defib printed",
        zh="服务器不是这个名称；请使用 defib 打印的地址",
    ),
    "token": Words(
        en="a token is needed: use the whole address that defib printed", zh="需要令牌：请使用 defib 打印的完整地址"
    ),
}
