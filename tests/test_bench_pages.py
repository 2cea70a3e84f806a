"""The evidence pages say the same in both languages, and thresholds are read from the source."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent.parent))

from bench import evidence, thresholds
from bench.judging import Act, Verdict

SOURCE = '''
"""A rule."""

FACTOR = 5.0  # times the median; measured
ROW, LEFT = 8, 0.2  # assumed
BARE = 3
LONG = 7
"""Evaluations; not studied."""

# In points; assumed
ABOVE = -1.5
NAMES = ("a", "b")
TRUE = True
lower = 4
'''


def test_every_number_in_capitals_is_listed_with_its_comment():
    found = {one.name: (one.value, one.basis, one.said) for one in thresholds.thresholds("x", SOURCE)}
    assert found == {
        "FACTOR": ("5.0", "measured", "times the median; measured"),
        "ROW": ("8", "assumed", "assumed"),
        "LEFT": ("0.2", "assumed", "assumed"),
        "BARE": ("3", "", ""),
        "LONG": ("7", "not studied", "Evaluations; not studied."),
        "ABOVE": ("-1.5", "assumed", "In points; assumed"),
    }


def test_the_page_lists_the_thresholds_of_the_rules():
    assert "| `rules/plateau` | `ROW` |" in thresholds.page("en")


VERDICTS = [
    Verdict("a/b", "collapse", "collapse", act=True, watch=False, rules=("val_collapse:act",), onset="epoch 6",
            placed=True, acts=(Act("val_collapse", "val/top1", -3), Act("val_collapse", "val/top1", 1))),
    Verdict("a/c", "nan", "unreadable", act=False, watch=False, rules=(), problem="nothing readable"),
    Verdict("a/d", "healthy", "spike", act=False, watch=True, rules=("val_collapse:watch- x2", "lr_jump:note")),
]  # fmt: skip


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_page_names_delays_early_acts_and_misses(language):
    page = evidence.page(VERDICTS, [], [], language)
    assert "| `a/b` | collapse | epoch 6 | val_collapse | `val/top1` | +1 | val_collapse -3 |" in page
    assert "`a/c`" in page
    assert "| val_collapse | 1 / 0 / 0 | 0 / 1 / 0 | - | 1/1 [" in page
    assert "| lr_jump | - | 0 / 0 / 1 | - | 0/1 [" in page


def test_both_languages_have_the_same_tables():
    pages = [evidence.page(VERDICTS, [], [], language) for language in ("en", "zh")]
    shapes = [[line.count("|") for line in page.split("\n")] for page in pages]
    assert shapes[0] == shapes[1]
