"""A page that cannot be served as asked.

DefibError
`-- ServeRefused                exit code 2
    |-- BadAddress              `--serve` is no address
    |-- NotServed               nothing can listen there
    |-- TokenNeeded             others could read it without a token
    `-- ServerMissing           the server is not installed
"""

from __future__ import annotations

from defib.errors import DefibError
from defib.words import Words


class ServeRefused(DefibError):
    """A page that cannot be served as asked; nothing listens."""

    exit_code = 2


class BadAddress(ServeRefused):
    """`--serve` is no address."""

    says = Words(
        en="--serve {address!r}: expected PORT or HOST:PORT with a port from 0 to 65535, such as 8321 or 127.0.0.1:8321",
        zh="--serve {address!r}：应为 PORT 或 HOST:PORT，端口为 0 到 65535，如 8321 或 127.0.0.1:8321",
    )


class NotServed(ServeRefused):
    """Nothing can listen there: the port is taken, or the host is not this machine."""

    says = Words(
        en="{host}:{port}: {reason}. Take another port, or 0 for a free one",
        zh="{host}:{port}：{reason}。请换一个端口，或用 0 自动选取空闲端口",
    )


class TokenNeeded(ServeRefused):
    """Other machines could read the page without a token."""

    says = Words(
        en="{host} can be reached from other machines, so that the page needs a token of at least {least} characters: --token TEXT or DEFIB_TOKEN. Or serve "
        "on 127.0.0.1 and reach it with ssh -L",
        zh="{host} 可从其他机器访问，因此页面需要至少 {least} 个字符的令牌：--token TEXT 或 DEFIB_TOKEN。也可只在 127.0.0.1 上提供，再用 ssh -L 访问",
    )


class ServerMissing(ServeRefused):
    """The server is not installed."""

    says = Words(
        en="--serve needs {module}, which is not installed here: pip install 'defib[serve]'",
        zh="--serve 需要 {module}，这里没有安装：pip install 'defib[serve]'",
    )
