"""The evidence pages say the same in both languages, and thresholds are read from the source."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent.parent))

from bench import evidence
from bench.judging import Act, Verdict

from defib.cli.constants import constants

SOURCE = '''
"""A rule."""

FACTOR = 5.0  # times the median; measured
ROW, LEFT = 8, 0.2  # assumed
BARE = 3
LONG = 7
"""Evaluations; not studied."""

# In points; assumed
ABOVE = -1.5
INSIDE = (
    6  # on a line within; published: a handbook
)
NAMES = ("a", "b")
TRUE = True
lower = 4
'''


def test_every_number_in_capitals_is_listed_with_its_comment():
    found = {one.name: (one.value, one.basis, one.said) for one in constants("x", SOURCE)}
    assert found == {
        "FACTOR": ("5.0", "measured", "times the median; measured"),
        "ROW": ("8", "assumed", "assumed"),
        "LEFT": ("0.2", "assumed", "assumed"),
        "BARE": ("3", "", ""),
        "LONG": ("7", "not studied", "Evaluations; not studied."),
        "ABOVE": ("-1.5", "assumed", "In points; assumed"),
        "INSIDE": ("6", "published", "on a line within; published: a handbook"),
    }


VERDICTS = [
    Verdict("a/b", "collapse", "collapse", act=True, watch=False, rules=("val_collapse:act",), onset="epoch 6",
            placed=True, acts=(Act("val_collapse", "val/top1", -3), Act("val_collapse", "val/top1", 1))),
    Verdict("a/c", "nan", "unreadable", act=False, watch=False, rules=(), problem="nothing readable"),
    Verdict("a/d", "healthy", "spike", act=False, watch=True, rules=("val_collapse:watch- x2", "lr_jump:note")),
]  # fmt: skip


MADE_UP = [
    Verdict("noisy_validation/0", "healthy", "healthy", act=False, watch=False, rules=(), family="noisy_validation"),
    Verdict("divergence/0", "collapse", "collapse", act=True, watch=True, rules=("loss_divergence:act",),
            family="divergence", onset="step 90", placed=True, acts=(Act("loss_divergence", "train/loss", 0),)),
]  # fmt: skip


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_page_names_delays_early_acts_and_misses(language):
    page = evidence.pages(VERDICTS, MADE_UP, [], language)["judgement.md"]
    assert "| `a/b` | collapse | epoch 6 | val_collapse | `val/top1` | +1 | val_collapse -3 |" in page
    assert "`a/c`" in page
    assert "| `val_collapse` | 1 / 0 / 0 | 0 / 1 / 0 |" in page
    assert "| `lr_jump` | - | 0 / 0 / 1 |" in page


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_families_are_called_made_up_and_their_losses_are_listed(language):
    page = evidence.pages(VERDICTS, MADE_UP, [], language)["families.md"]
    assert {"en": "made up", "zh": "人工生成"}[language] in page
    assert "`divergence`" in page


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_thresholds_stand_beside_how_their_rules_did(language):
    page = evidence.pages(VERDICTS, MADE_UP, [], language)["thresholds.md"]
    assert "`ROW`" in page
    assert "`val_collapse`" in page


def test_both_languages_have_the_same_tables():
    english, chinese = (evidence.pages(VERDICTS, MADE_UP, [], language) for language in ("en", "zh"))
    assert english.keys() == chinese.keys()
    for name in english:
        shapes = [[line.count("|") for line in pages[name].split("\n")] for pages in (english, chinese)]
        assert shapes[0] == shapes[1], name


def test_the_pages_are_written_in_both_languages(tmp_path):
    evidence.write(tmp_path, VERDICTS, MADE_UP, [])
    names = {"judgement.md", "families.md", "doctors.md", "thresholds.md"}
    for folder in (tmp_path / "evidence", tmp_path / "zh" / "evidence"):
        assert {path.name for path in folder.iterdir()} == names


def test_a_watch_that_is_over_does_not_stand():
    assert not VERDICTS[2].stands
    assert VERDICTS[0].stands
