"""The manual is built as a site in both languages without a warning, and everything in it leads somewhere."""

from __future__ import annotations

import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

ROOT = Path(__file__).parent.parent


class Page(HTMLParser):
    """What a page links to, what it loads, the names of its places and its headings."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.links: list[str] = []
        self.loaded: list[str] = []
        self.places: set[str] = set()
        self.headings: list[str] = []
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.places |= {given["id"]} if given.get("id") else set()
        if re.fullmatch(r"h[1-6]", tag):
            self.headings.append(tag)
        if tag == "a" and given.get("href"):
            self.links.append(given["href"])
        elif tag in {"script", "img", "iframe"} and given.get("src"):
            self.loaded.append(given["src"])
        elif tag == "link" and given.get("rel") == "stylesheet":
            self.loaded.append(given["href"])


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> dict[Path, Page]:
    folder = tmp_path_factory.mktemp("site") / "site"
    build = [sys.executable, str(ROOT / "scripts/manual.py"), str(folder)]
    done = subprocess.run(
        build, capture_output=True, text=True, check=False, timeout=300, env={"PYTHONPATH": str(ROOT / "src")}
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return {path.relative_to(folder): Page(path) for path in folder.rglob("*.html")}


def test_links_within_the_site_lead_somewhere(site):
    for path, page in site.items():
        for link in page.links:
            parts = urlsplit(link)
            if parts.scheme or parts.netloc or not (parts.path or parts.fragment):
                continue
            whole = Path("/") / path.parent / unquote(parts.path) if parts.path else Path("/") / path
            target = Path(re.sub(r"^/", "", str(Path(*normal(whole)))))
            assert target in site, f"{path}: {link}"
            if parts.fragment:
                assert unquote(parts.fragment) in site[target].places, f"{path}: {link}"


def normal(path: Path) -> list[str]:
    """The parts of a path, the steps upwards taken."""
    done: list[str] = []
    for part in path.parts[1:]:
        done = done[:-1] if part == ".." else [*done, part]
    return done


def test_a_page_loads_nothing_from_a_network(site):
    for path, page in site.items():
        for one in page.loaded:
            assert not urlsplit(one).netloc, f"{path}: {one}"


def test_both_languages_have_the_same_pages_and_headings(site):
    english = {path for path in site if path.parts[0] != "zh"}
    assert {Path(*path.parts[1:]) for path in site if path.parts[0] == "zh"} == english
    assert len(english) > 100  # every rule, cause, play, setting and error has one
    for path in english:
        assert site[path].headings == site["zh" / path].headings, path


def test_every_page_leads_to_the_other_language(site):
    for path, page in site.items():
        assert any(normal(Path("/") / path.parent / link) == list(other(path)) for link in page.links), path


def other(path: Path) -> tuple[str, ...]:
    """The same page in the other language."""
    return path.parts[1:] if path.parts[0] == "zh" else ("zh", *path.parts)
