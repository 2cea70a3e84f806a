"""The page, opened from disk in a real browser: charts are drawn, the pointer is answered, nothing is requested."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from defib import pipeline
from defib.reports.page import html

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
CHROMIUM = shutil.which("chromium")
MARKED = '.vega-embed .mark-rule line[opacity="0.55"]'
"""The line at the moment that the reader points at. Asked for by selector: the page forbids `eval`."""


@pytest.fixture(scope="module")
def browser():
    if CHROMIUM is None:
        pytest.skip("chromium is not installed (apt-get install chromium)")
    with playwright.sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """The real run's page in both languages."""
    folder = tmp_path_factory.mktemp("pages")
    demo = Path(pipeline.__file__).parent / "demo" / "runs" / "mmaction2-lr-jump"
    copied = Path(shutil.copytree(demo, folder / "run"))
    case = pipeline.rescue(pipeline.diagnose(pipeline.open_run(copied)), out=folder / "out")
    for language in ("en", "zh"):
        (folder / f"{language}.html").write_text(html([case], language), encoding="utf-8")
    return folder


def opened(browser, path, **context):
    page = browser.new_context(**context).new_page()
    page.said, page.asked = [], []
    page.on("console", lambda message: page.said.append(message.text))
    page.on("pageerror", lambda error: page.said.append(str(error)))
    page.on("request", lambda request: page.asked.append(request.url))
    page.goto(path.as_uri())
    page.wait_for_selector("#gradient-1 .vega-embed svg")
    return page


@pytest.mark.parametrize("language", ["en", "zh"])
def test_all_charts_come_alive_in_silence(browser, pages, language):
    page = opened(browser, pages / f"{language}.html")
    assert page.locator(".vega-embed svg").count() == 4
    assert page.said == []
    assert page.asked == [(pages / f"{language}.html").as_uri()]


def test_a_point_under_the_pointer_tells_its_value_and_place(browser, pages):
    page = opened(browser, pages / "en.html")
    page.locator("#scores-1 .mark-symbol.role-mark path").last.hover()
    page.wait_for_selector("#vg-tooltip-element.visible")
    told = page.locator("#vg-tooltip-element").inner_text()
    assert "scalars.json:" in told
    assert "%" in told


def test_pointing_at_one_chart_marks_the_moment_in_all(browser, pages):
    page = opened(browser, pages / "en.html")
    page.locator("#rate-1 svg").hover(position={"x": 300, "y": 100})
    playwright.expect(page.locator(MARKED)).to_have_count(4)


def test_a_link_in_the_evidence_leads_to_its_moment(browser, pages):
    page = opened(browser, pages / "en.html")
    page.locator("a[data-at]").first.click()
    assert "#" in page.url
    playwright.expect(page.locator(MARKED)).to_have_count(4)


def test_without_scripts_and_on_paper_the_drawn_pictures_are_there(browser, pages):
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto((pages / "en.html").as_uri())
    assert page.locator("figure svg").count() == 4
    assert len(page.pdf()) > 10_000


@pytest.mark.parametrize("width", [360, 1200])
def test_no_page_is_wider_than_the_screen(browser, pages, width):
    page = opened(browser, pages / "zh.html", viewport={"width": width, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_dark_paper_has_light_ink(browser, pages):
    inks = []
    for scheme in ("light", "dark"):
        page = opened(browser, pages / "en.html", color_scheme=scheme)
        inks.append(page.evaluate("getComputedStyle(document.querySelector('#scores-1 svg text')).fill"))
    assert inks[0] != inks[1]


def test_copying_the_command_says_that_it_did(browser, pages):
    page = opened(browser, pages / "en.html")
    button = page.locator("button.copy").first
    button.click()
    playwright.expect(button).to_have_text("copied")
