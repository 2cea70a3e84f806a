"""The two languages of the few sentences that a hook says: that of the reader's environment."""

from __future__ import annotations

import os


def said(english: str, chinese: str, **words: object) -> str:
    """The sentence in the language of the locale, its places filled.

    >>> said("cannot write {path}", "无法写入 {path}", path="a.jsonl") in ("cannot write a.jsonl", "无法写入 a.jsonl")
    True
    """
    locale = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return (chinese if locale.lower().startswith("zh") else english).format(**words)
