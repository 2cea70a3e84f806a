"""Where the page is served, and who may read it."""

from __future__ import annotations

import hmac
import socket
from typing import NamedTuple

from defib.serving.refusals import BadAddress, NotServed, TokenNeeded
from defib.words import same

HOST, PORT = "127.0.0.1", 8321
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
LEAST = 16
"""Characters of a token: as many as nobody guesses through a network; assumed."""
HIGHEST = 65535


class Address(NamedTuple):
    """A host and a port of this machine, with the token that a reader needs."""

    host: str
    port: int
    token: str | None

    def hosts(self) -> frozenset[str]:
        """What a request may call this server; on loopback nothing else, so that no foreign page reaches it under a name of its own."""
        return LOOPBACK | {self.host} if self.host in LOOPBACK else frozenset()

    def allows(self, token: str | None) -> bool:
        """Whether a reader with this token may read."""
        return self.token is None or (token is not None and hmac.compare_digest(token.encode(), self.token.encode()))


def address(text: str, token: str | None) -> Address:
    """The address that was asked for.

    >>> address("8400", None)
    Address(host='127.0.0.1', port=8400, token=None)
    >>> address("[::1]:0", None).host
    '::1'

    Raises BadAddress, TokenNeeded.
    """
    host, _, port = text.rpartition(":")
    host = (host or HOST).strip("[]")
    if not port.isdigit() or int(port) > HIGHEST or not host:
        raise BadAddress(address=text)
    if token is not None and len(token) < LEAST:
        raise TokenNeeded(host=host, least=LEAST)
    if host not in LOOPBACK and token is None:
        raise TokenNeeded(host=host, least=LEAST)
    return Address(host, int(port), token)


def listening(at: Address) -> socket.socket:
    """A socket that listens there.

    Raises NotServed.
    """
    family = socket.AF_INET6 if ":" in at.host else socket.AF_INET
    opened = socket.socket(family, socket.SOCK_STREAM)
    try:
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        opened.bind((at.host, at.port))
        opened.listen(64)
    except OSError as error:
        opened.close()
        raise NotServed(host=at.host, port=at.port, reason=same(error.strerror or str(error))) from None
    return opened
