import socket

import pytest

from defib.serving.address import Address, address, listening
from defib.serving.refusals import BadAddress, NotServed, TokenNeeded

TOKEN = "0123456789abcdef"


@pytest.mark.parametrize("text", ["", "x", "70000", "127.0.0.1", "127.0.0.1:", ":-1", "8080:x"])
def test_what_is_no_address_is_refused_with_an_example(text):
    with pytest.raises(BadAddress) as refused:
        address(text, None)
    assert "expected PORT or HOST:PORT" in refused.value.words.en
    assert "127.0.0.1:8321" in refused.value.words.zh


@pytest.mark.parametrize(("text", "token"), [("0.0.0.0:8321", None), ("10.0.0.5:1", None), ("8321", "short")])
def test_other_machines_need_a_token_that_nobody_guesses(text, token):
    with pytest.raises(TokenNeeded) as refused:
        address(text, token)
    assert "at least 16 characters" in refused.value.words.en
    assert "至少 16 个字符" in refused.value.words.zh


def test_loopback_needs_none_and_answers_to_its_own_names_only():
    assert address("8321", None) == Address("127.0.0.1", 8321, None)
    assert "evil.example" not in address("localhost:0", None).hosts()
    assert address("0.0.0.0:0", TOKEN).hosts() == frozenset()


def test_a_token_is_compared_whole():
    at = address("0.0.0.0:0", TOKEN)
    assert at.allows(TOKEN)
    assert not any(at.allows(one) for one in (None, "", TOKEN[:-1], TOKEN + "0", TOKEN.upper(), "é"))


def test_a_port_that_is_taken_is_said():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(NotServed) as refused:
            listening(Address("127.0.0.1", port, None))
    assert str(port) in refused.value.words.en
    assert "请换一个端口" in refused.value.words.zh
    with pytest.raises(NotServed):
        listening(Address("192.0.2.1", 0, None))
