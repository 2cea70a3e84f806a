"""How the manual is built, in both languages: `sphinx-build` with `-t zh` for Chinese. `make docs` calls it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sphinx import search

if TYPE_CHECKING:
    from collections.abc import Iterable

tags: set[str]  # Sphinx puts it here before it runs this file
chinese = "zh" in tags  # noqa: F821

project = "defib"
language = "zh_CN" if chinese else "en"
html_title = "defib 手册" if chinese else "The manual of defib"
extensions = ["myst_parser"]
myst_heading_anchors = 3
highlight_language = "none"  # most blocks are what a terminal shows
html_theme = "furo"
html_show_copyright = False
html_show_sphinx = False
html_copy_source = False
html_context = {"chinese": chinese}
html_search_language = "zh" if chinese else "en"
templates_path = ["_templates"]
html_sidebars = {
    "**": [
        "sidebar/brand.html",
        "language.html",
        "sidebar/search.html",
        "sidebar/scroll-start.html",
        "sidebar/navigation.html",
        "sidebar/scroll-end.html",
    ]
}


class Chinese(search.SearchLanguage):
    """Chinese words without a dictionary: every run of characters, and every two neighbours of it.

    A query in the page is cut at punctuation only. Words of two characters are then found exactly, longer ones as a
    part of a run. Sphinx's own class finds no Chinese at all where `jieba` is not installed.
    """

    lang = "zh"
    language_name = "Chinese"

    def split(self, input: str) -> list[str]:  # noqa: A002 (the name that Sphinx gave it)
        """The words of one text."""
        runs = re.findall(r"\w+", input)
        return [*runs, *(pair for run in runs for pair in pairs(run))]

    def word_filter(self, word: str) -> bool:
        """Whether a word goes into the index."""
        return len(word) > 1


def pairs(run: str) -> Iterable[str]:
    """Two neighbouring Chinese characters, at every place of a run."""
    return (
        run[at : at + 2] for at in range(len(run) - 1) if all("\u4e00" <= one <= "\u9fff" for one in run[at : at + 2])
    )


search.languages["zh"] = Chinese
