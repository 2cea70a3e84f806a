"""Alerts through real servers on this machine: HTTP and SMTP."""

from __future__ import annotations

import email
import email.policy
import json
import logging
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from aiosmtpd.controller import Controller

from defib.alerting import Channels
from defib.alerting.channels import FAILED, addresses
from defib.alerting.news import Message
from defib.alerting.refusals import AlertsMissing, AlertsUnreadable, NoSuchChannel
from defib.words import Words
from test_watching import COLLAPSED, HEALTHY, text
from typed import typed

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(64))
MESSAGE = Message("opened", Words("my_run: needs a rescue", "my_run：需要修复"), Words("it fell to 27 %", "跌到 27 %"))
SECRETS = ("hunter2hunter2", "abcdefgh-1234-secret", "TIiajkdnlazkcOXrIdevi7FQ")


class Heard(ThreadingHTTPServer):
    """A server that keeps what it is sent."""

    def __init__(self, answers):
        self.requests, self.answers = [], list(answers)
        super().__init__(("127.0.0.1", 0), _Handler)


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.requests.append((self.path, dict(self.headers), body))
        answer = self.server.answers.pop(0) if self.server.answers else 200
        if answer == "hang":
            threading.Event().wait(6)
            answer = 200
        self.send_response(answer)
        self.end_headers()
        self.wfile.write(b'{"errcode": 0, "code": 0, "StatusCode": 0}')

    def log_message(self, *_):
        pass


@pytest.fixture
def served():
    started = []

    def serve(*answers):
        server = Heard(answers)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        started.append(server)
        return server

    yield serve
    for server in started:
        server.shutdown()
        server.server_close()


class Box:
    """A mail server that keeps what it is sent."""

    def __init__(self):
        self.found = []
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]

    async def handle_DATA(self, _server, _session, envelope):  # noqa: N802 (aiosmtpd's name)
        self.found.append(email.message_from_bytes(envelope.content, policy=email.policy.default))
        return "250 OK"


@pytest.fixture
def mails():
    box = Box()
    controller = Controller(box, hostname="127.0.0.1", port=box.port)
    controller.start()
    yield box
    controller.stop()


def channels(*urls, language="en", slept=None):
    return Channels(urls, language, (slept if slept is not None else []).append)


def test_a_webhook_gets_title_text_and_picture(served):
    server = served()
    assert channels(f"json://127.0.0.1:{server.server_port}/hook", language="zh").send(MESSAGE, PNG) == ()
    ((path, _, body),) = server.requests
    sent = json.loads(body)
    assert path == "/hook"
    assert (sent["title"], sent["message"], sent["type"]) == ("my_run：需要修复", "跌到 27 %", "failure")
    assert len(sent["attachments"]) == 1


def test_a_server_that_fails_twice_is_tried_three_times_with_growing_pauses(served):
    server, slept = served(500, 500, 200), []
    assert channels(f"json://127.0.0.1:{server.server_port}/", slept=slept).send(MESSAGE) == ()
    assert len(server.requests) == 3
    assert slept == [1.0, 4.0]


def test_a_server_that_never_takes_it_is_named_without_its_secret_and_the_others_are_told(served):
    bad, good = served(*[500] * 9), served()
    urls = (f"json://me:{SECRETS[0]}@127.0.0.1:{bad.server_port}/{SECRETS[1]}", f"json://127.0.0.1:{good.server_port}/")
    (failure,) = channels(*urls).send(MESSAGE)
    assert len(good.requests) == 1
    assert failure.says == FAILED.fill(channel="JSON (127.0.0.1)", tries=3)
    assert "did not take the message (3 tries)" in failure.says.en
    assert "没有收下消息" in failure.says.zh
    assert not any(secret in failure.says.en + failure.says.zh for secret in SECRETS)


def test_nobody_listening_is_a_failure_and_no_crash():
    (failure,) = channels("json://127.0.0.1:9/").send(MESSAGE)
    assert failure.channel == "JSON (127.0.0.1)"


def test_a_server_that_hangs_does_not_hang_the_watch(served):
    server = served(*["hang"] * 3)
    (failure,) = channels(f"json://127.0.0.1:{server.server_port}/?rto=0.5&cto=0.5").send(MESSAGE)
    assert failure.channel == "JSON (127.0.0.1)"


def test_mail_arrives_in_chinese_with_the_picture(mails):
    address = f"127.0.0.1:{mails.port}/?smtp=127.0.0.1&from=defib@example.org&to=me@example.org&mode=insecure"
    sender = channels(f"mailto://{address}", language="zh")
    assert sender.send(MESSAGE, PNG) == ()
    (mail,) = mails.found
    assert mail["subject"] == "my_run：需要修复"
    parts = list(mail.walk())
    assert any("跌到 27 %" in part.get_content() for part in parts if part.get_content_type() == "text/plain")
    assert any(part.get_content_type() == "image/png" and part.get_content() == PNG for part in parts)


@pytest.mark.parametrize(
    ("url", "where"),
    [
        ("dingtalk://abcdefgh12345678", "msgtype"),
        ("feishu://abcdefgh1234", "msg_type"),
        ("wecombot://abcdefgh-1234-1234-1234-123456789012", "msgtype"),
    ],
)
def test_the_chat_programs_of_chinese_offices_get_their_own_format(served, url, where):
    server = served()
    sender = channels(url, language="zh")
    plugin = sender._servers[0]
    for name in ("notify_url", "api_url"):  # the real plugin, pointed at this machine
        if isinstance(getattr(plugin, name, None), str):
            setattr(plugin, name, f"http://127.0.0.1:{server.server_port}/")
    assert sender.send(MESSAGE, PNG) == ()
    ((_, _, body),) = server.requests
    assert where in json.loads(body)
    assert "跌到 27 %" in json.dumps(json.loads(body), ensure_ascii=False)


def test_an_address_that_is_not_understood_shows_its_first_word_only():
    for language, said in (("en", "is not understood"), ("zh", "无法识别")):
        with pytest.raises(NoSuchChannel) as refused:
            channels("json://127.0.0.1/", f"nonsense://{SECRETS[0]}")
        words = refused.value.words.said(language)
        assert said in words
        assert "number 2 (nonsense://...)" in refused.value.words.en
        assert SECRETS[0] not in words
    with pytest.raises(NoSuchChannel) as refused:
        channels(SECRETS[0])
    assert SECRETS[0] not in refused.value.words.en


def test_addresses_come_from_options_a_file_and_the_environment(tmp_path):
    file = tmp_path / "alerts"
    file.write_text("# ours\njson://b\n\n json://c \n")
    assert addresses(["json://a"], file, {"DEFIB_ALERTS": "json://a json://d"}) == (
        "json://a", "json://b", "json://c", "json://d",
    )  # fmt: skip
    with pytest.raises(AlertsUnreadable) as refused:
        addresses([], tmp_path / "none", {})
    assert "one alert address a line" in refused.value.words.en
    assert "每行一个告警地址" in refused.value.words.zh
    file.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(AlertsUnreadable):
        addresses([], file, {})


def test_what_is_not_installed_is_said(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "apprise", None)
    with pytest.raises(AlertsMissing) as refused:
        channels("json://127.0.0.1/")
    assert "pip install 'defib[alerts]'" in refused.value.words.en
    assert "没有安装" in refused.value.words.zh


@pytest.fixture
def run(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "log.jsonl").write_text(text(COLLAPSED))
    return tmp_path / "a"


def test_cron_tells_of_an_incident_once_and_of_its_end_once(run, served, capsys):
    server = served()
    url = f"json://127.0.0.1:{server.server_port}/"
    for _ in range(3):
        assert typed("watch", run, "--once", "--alert", url, "--lang", "en") == 1
    assert [json.loads(body)["title"] for _, _, body in server.requests] == ["a: needs a rescue"]
    (run / "log.jsonl").write_text(text((*COLLAPSED, 30, 50, 57, 58, 59, 60)))
    for _ in range(3):
        assert typed("watch", run, "--once", "--alert", url, "--lang", "en") == 0
    assert [json.loads(body)["title"] for _, _, body in server.requests][1:] == ["a: over"]
    assert len(json.loads(server.requests[0][2])["attachments"]) == 1


def test_a_healthy_run_wakes_nobody(run, served):
    server = served()
    for count in range(3, len(HEALTHY) + 1):
        (run / "log.jsonl").write_text(text(HEALTHY[:count]))
        typed("watch", run, "--once", "--alert", f"json://127.0.0.1:{server.server_port}/", "--lang", "en")
    assert server.requests == []


def test_what_nobody_has_heard_is_told_again(run, served, capsys):
    server = served(500, 500, 500, 200)
    url = f"json://127.0.0.1:{server.server_port}/"
    typed("watch", run, "--once", "--alert", url, "--lang", "en")
    assert "it is tried again at the next look" in capsys.readouterr().err
    typed("watch", run, "--once", "--alert", url, "--lang", "en")
    typed("watch", run, "--once", "--alert", url, "--lang", "en")
    assert len(server.requests) == 4


def test_no_secret_is_printed_logged_or_kept(run, served, capsys, caplog):
    caplog.set_level(logging.DEBUG)
    bad = served(*[500] * 9)
    url = f"json://me:{SECRETS[0]}@127.0.0.1:{bad.server_port}/{SECRETS[1]}?+X-Key={SECRETS[2]}"
    typed("watch", run, "--once", "--alert", url, "--lang", "en")
    said = capsys.readouterr()
    kept = "".join(path.read_text(errors="replace") for path in run.rglob("*") if path.is_file())
    logged = "".join(record.getMessage() for record in caplog.records if record.name.startswith(("apprise", "defib")))
    for secret in SECRETS:
        assert secret not in said.out + said.err
        assert secret not in kept
        assert secret not in logged


def test_a_trial_goes_through_every_channel(served, capsys):
    good, bad = served(), served(*[500] * 3)
    urls = [f"json://127.0.0.1:{one.server_port}/" for one in (good, bad)]
    assert typed("watch", "--try-alerts", "--alert", urls[0], "--alert", urls[1], "--lang", "en") == 1
    assert "1 of 2 channels took the trial message" in capsys.readouterr().out
    assert "this is a trial" in json.loads(good.requests[0][2])["title"]
    assert typed("watch", "--try-alerts", "--alert", urls[0], "--lang", "zh") == 0
    assert "1 个渠道中有 1 个收下了测试消息" in capsys.readouterr().out
    assert "测试消息" in json.loads(good.requests[1][2])["title"]
    assert typed("watch", "--try-alerts", "--lang", "en") == 2
