"""Draw the pictures of README and manual anew: python scripts/screenshots.py. Needs chromium.

The page that `defib rescue` writes for the real run of `defib demo`, opened in a browser: the first screen in both
languages, and on a phone in the dark.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

DOCS = Path(__file__).resolve().parent.parent / "docs"
RUN = "mmaction2-lr-jump"
HEIGHT = 1330
"""Pixels: the story, the scores and the learning rate."""
SIZES = {
    "report": ({"width": 1080, "height": HEIGHT}, "light"),
    "report-phone": ({"width": 390, "height": HEIGHT}, "dark"),
}


def main() -> None:
    """Write docs/pictures/*.png and docs/zh/pictures/*.png."""
    chromium = shutil.which("chromium") or sys.exit("chromium is not installed (apt-get install chromium)")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as driver:
        subprocess.run(["defib", "demo", "--out", "demo"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
        browser = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for language, home in (("en", DOCS), ("zh", DOCS / "zh")):
            page = f"{language}.html"
            asked = ["defib", "rescue", RUN, "--lang", language, "--format", "html", "--out", "new", "-o", page]
            subprocess.run(asked, cwd=Path(folder, "demo"), check=False)  # 1: action is needed
            for name, (size, scheme) in SIZES.items():
                opened = browser.new_page(viewport=size, color_scheme=scheme)
                opened.goto(Path(folder, "demo", page).as_uri())
                opened.wait_for_selector("#rate-1 .vega-embed svg")
                target = home / "pictures" / f"{name}.png"
                target.parent.mkdir(exist_ok=True)
                opened.screenshot(path=target)
                print(target)


if __name__ == "__main__":
    main()
