from datetime import UTC
from io import StringIO

import msgspec
import pytest
from rich.console import Console

from defib.records import HandEdit
from defib.reports import phrases
from defib.reports.markdown import markdown
from defib.reports.page import html
from defib.reports.terminal import terminal
from defib.reports.test_made_up_cases import seed
from defib.words import Words, same

EDIT = HandEdit(
    key="lr",
    old=0.3125,
    new=0.25,
    where=same("optimizer = ...(lr=...)"),
    why=Words(en="one notch", zh="下调一档"),
)


def on_screen(case, language):
    out = StringIO()
    Console(width=100, file=out).print(terminal(case, language, zone=UTC))
    return out.getvalue()


SHOWN = {"markdown": markdown, "page": lambda case, language: html([case], language), "terminal": on_screen}


def with_edits(*edits):
    case = seed()
    return msgspec.structs.replace(case, plan=msgspec.structs.replace(case.plan, by_hand=edits))


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("form", SHOWN)
def test_what_a_person_changes_is_shown_with_its_place_and_its_values(form, language):
    text = SHOWN[form](with_edits(EDIT), language)
    for wanted in (phrases.BY_HAND.said(language), "0.3125", "0.25", "optimizer", EDIT.why.said(language)):
        assert wanted in text


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("form", SHOWN)
def test_nothing_is_said_of_it_where_the_config_takes_every_change(form, language):
    assert phrases.BY_HAND.said(language) not in SHOWN[form](with_edits(), language)
