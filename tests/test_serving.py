"""The live page: what is served, to whom, and in a real browser while a real training collapses."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import urllib.error
import urllib.request

import pytest

from defib.pipeline import Asked
from defib.serving.address import Address
from defib.serving.app import serve
from defib.serving.board import Board
from defib.serving.refusals import ServerMissing
from defib.watching.watcher import watched
from test_watching import COLLAPSED, HEALTHY, text

CHROMIUM = shutil.which("chromium")
TOKEN = "0123456789abcdef-token"


@pytest.fixture
def runs(tmp_path):
    for name, scores in (("a", COLLAPSED), ("b", HEALTHY)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "log.jsonl").write_text(text(scores))
    (tmp_path / "secret.txt").write_text("hunter2hunter2")
    return tmp_path


@pytest.fixture
def served(runs):
    """Serve some runs; gives (board, address as printed)."""
    stops = []

    def start(*names, token=None, language="en"):
        watcher, board, stop = (
            watched([str(runs / name) for name in names], [], Asked()),
            Board(language),
            threading.Event(),
        )
        board.publish(watcher.look())
        ready, printed = threading.Event(), []
        at = Address("127.0.0.1", 0, token)
        thread = threading.Thread(target=serve, args=(board, at, stop, lambda url: (printed.append(url), ready.set())))
        thread.start()
        stops.append((stop, thread))
        assert ready.wait(20)
        return board, watcher, printed[0]

    yield start
    for stop, thread in stops:
        stop.set()
        thread.join(20)
        assert not thread.is_alive()


def get(url, **headers):
    try:
        with urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=20) as answer:
            return answer.status, dict(answer.headers), answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, dict(error.headers), error.read().decode()


def first_event(url):
    with urllib.request.urlopen(url + "events", timeout=20) as stream:
        for line in stream:
            if line.startswith(b"data: "):
                return json.loads(line[6:])
    return None


def test_the_list_says_what_each_run_is(served):
    _, _, url = served("a", "b")
    rows = first_event(url)
    assert [(row["number"], row["verdict"], row["said"]) for row in rows] == [
        (1, "rescue", "rescue"),
        (2, "healthy", "healthy"),
    ]
    assert rows[0]["best"] == "56.00%"


def test_the_report_of_a_run_is_the_page_of_diagnose(served):
    _, _, url = served("a")
    status, headers, page = get(url + "run/1")
    assert status == 200
    assert "fell from 56.00%" in page
    assert headers["content-security-policy"] == "frame-ancestors 'self'"
    assert headers["referrer-policy"] == "no-referrer"


def test_the_shell_loads_nothing_of_others_and_runs_no_script_but_its_own(served):
    _, _, url = served("a", language="zh")
    _, headers, page = get(url)
    policy = headers["content-security-policy"]
    nonce = re.search(r"script-src 'nonce-([^']+)'", policy)[1]
    assert policy.startswith("default-src 'none'")
    assert page.count(f'nonce="{nonce}"') == 2
    assert "http" not in re.sub(r"<!doctype.*?<body>", "", page, flags=re.DOTALL)
    assert "还没有训练" in page
    assert nonce not in get(url)[2]


@pytest.mark.parametrize(
    "path",
    ["secret.txt", "../secret.txt", "%2e%2e/secret.txt", "run/../../secret.txt", "run/..%2f..%2fsecret.txt", "run/9", "run/-1", "run/1/../2",
     "run//etc/passwd", "static/x", "run/1e3", "docs", "openapi.json", "run/99999999999999999999"],
)  # fmt: skip
def test_nothing_but_the_runs_is_ever_served(served, path):
    _, _, url = served("a")
    status, _, body = get(url + path)
    assert status in (404, 405)
    assert "hunter2" not in body
    assert "root:" not in body


def test_only_reading_is_understood(served):
    _, _, url = served("a")
    for method in ("POST", "PUT", "DELETE"):
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(urllib.request.Request(url, method=method), timeout=20)
        assert refused.value.code == 405
        refused.value.close()


def test_a_foreign_name_for_this_machine_sees_nothing(served):
    _, _, url = served("a")
    for host in ("evil.example", "evil.example:80", "127.0.0.1.evil.example"):
        status, _, body = get(url, Host=host)
        assert (status, body) == (421, "this server is not called so; use the address that defib printed")
    assert get(url, Host="localhost:1")[0] == 200


def test_without_the_token_nothing_is_seen_and_with_it_once_a_cookie_is_enough(served):
    _, _, url = served("a", token=TOKEN, language="zh")
    assert url.endswith(f"?token={TOKEN}")
    bare = url.partition("?")[0]
    for path in ("", "run/1", "events", "health", "?token=wrong"):
        status, _, body = get(bare + path)
        assert status == 401
        assert body.startswith("需要令牌")
    status, headers, _ = get(url)
    assert status == 200
    cookie = headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "samesite=strict" in cookie.lower()
    assert get(bare + "run/1", Cookie=cookie.partition(";")[0])[0] == 200


def test_a_change_is_told_to_who_listens_and_the_page_is_new(served, runs):
    board, watcher, url = served("b")
    with urllib.request.urlopen(url + "events", timeout=30) as stream:
        seen = []
        for line in stream:
            if line.startswith(b"data: "):
                seen.append(json.loads(line[6:])[0])
                if len(seen) == 2:
                    break
                (runs / "b" / "log.jsonl").write_text(text((*HEALTHY, 4, 4, 4)))
                board.publish(watcher.look())
    assert [one["verdict"] for one in seen] == ["healthy", "rescue"]
    assert seen[1]["version"] == seen[0]["version"] + 1
    assert "fell from 59.00%" in get(url + "run/1")[2]


def test_a_look_at_what_has_not_changed_is_no_news(served):
    board, watcher, _ = served("a", "b")
    before = board.version
    for _ in range(5):
        board.publish(watcher.look())
    assert board.version == before


def test_a_run_that_can_not_be_judged_has_no_page_yet(served, runs):
    board, _watcher, url = served("a", "none")
    assert [row.verdict for row in board.rows()] == ["rescue", "unknown"]
    status, _, body = get(url + "run/2")
    assert (status, body) == (404, "there is no such run, or nothing of it could be judged yet")


def test_what_is_not_installed_is_said(monkeypatch):
    monkeypatch.setitem(sys.modules, "starlette.applications", None)
    from defib.serving.app import application

    with pytest.raises(ServerMissing) as refused:
        application(Board("en"), Address("127.0.0.1", 0, None))
    assert "pip install 'defib[serve]'" in refused.value.words.en
    assert "没有安装" in refused.value.words.zh


def test_a_watch_that_fails_ends_the_page_too(runs, monkeypatch, capsys):
    from typed import typed

    def broken(*_):
        msg = "made up"
        raise RuntimeError(msg)

    monkeypatch.setattr("defib.watching.watcher.Watcher.look", broken)
    assert typed("watch", runs / "a", "--serve", "0", "--lang", "en") == 70
    assert "internal error in defib (RuntimeError: made up" in capsys.readouterr().err


@pytest.fixture
def training(tmp_path):
    """A real training that collapses by itself, and the page that watches it."""
    surroundings = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONUNBUFFERED": "1"}
    run = tmp_path / "run"
    train = [
        sys.executable,
        "-m",
        "defib",
        "train",
        "synth_micro_aggressive",
        f"work_dir={run}",
        "data.train=240",
        "data.val=100",
    ]
    watch = [sys.executable, "-m", "defib", "watch", str(run), "--serve", "0", "--every", "1", "--lang", "en"]
    trainer = subprocess.Popen(train, env=surroundings, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    watcher = subprocess.Popen(watch, env=surroundings, stdout=subprocess.PIPE, text=True)
    yield re.search(r"http://\S+", watcher.stdout.readline())[0], watcher
    for one in (trainer, watcher):
        if one.poll() is None:
            one.send_signal(signal.SIGTERM)
            one.wait(30)
    watcher.stdout.close()


@pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed (apt-get install chromium)")
def test_a_real_collapse_shows_in_a_browser_that_nobody_reloads(training):
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    url, watcher = training
    pictures = os.environ.get("DEFIB_PICTURES")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1200, "height": 900})
        said = []
        page.on("pageerror", lambda error: said.append(str(error)))
        page.goto(url)
        page.wait_for_selector("#said.healthy", timeout=120_000)  # a function would need `eval`, which the page forbids
        page.evaluate("window.mine = true")
        page.wait_for_selector("#said.rescue", timeout=180_000)  # a function would need `eval`, which the page forbids
        assert page.evaluate("window.mine") is True
        page.frame_locator("iframe.shown").get_by_text("fell from").first.wait_for(timeout=60_000)
        if pictures:
            page.wait_for_timeout(1500)
            page.screenshot(path=f"{pictures}/live.png")
        page.set_viewport_size({"width": 390, "height": 844})
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        inside = next(one for one in page.frames if "/run/" in one.url)
        assert inside.evaluate("document.documentElement.scrollWidth") <= 390
        if pictures:
            page.wait_for_timeout(1500)
            page.screenshot(path=f"{pictures}/live-phone.png")
        watcher.send_signal(signal.SIGTERM)
        page.wait_for_selector("#state.lost", timeout=60_000)  # a function would need `eval`, which the page forbids
        assert said == []
        browser.close()
    assert watcher.wait(30) == 1
