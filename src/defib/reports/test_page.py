"""The page says what the Markdown says, holds everything that it needs, and obeys nothing that a run wrote."""

import re
from datetime import UTC
from html.parser import HTMLParser
from math import nan

import msgspec
import numpy as np
import pytest

from defib.records import Case, Checkup, Point, Symptom
from defib.reports.page import html
from defib.reports.test_made_up_cases import EVERY, seed
from defib.samples import run_of
from defib.words import same

MOST_BYTES = 2_000_000


class Outline(HTMLParser):
    """Tags, texts outside of scripts, ids and links of a page."""

    def __init__(self, page):
        super().__init__()
        self.tags, self.ids, self.links, self.words, self.inside = [], [], [], [], ""
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.inside = tag if tag in ("script", "style") else self.inside
        self.ids += [value for name, value in attrs if name == "id"]
        self.links += [value for name, value in attrs if name in ("href", "src")]

    def handle_endtag(self, tag):
        self.inside = "" if tag == self.inside else self.inside

    def handle_data(self, data):
        if not self.inside:
            self.words.append(data)

    @property
    def text(self):
        return re.sub(r"\s+", " ", "".join(self.words))


def page(*cases, language="en"):
    return html(cases, language, zone=UTC)


@pytest.mark.parametrize("name", EVERY)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_made_up_case_becomes_a_page_that_needs_nothing_else(name, language):
    text = page(EVERY[name](), language=language)
    outline = Outline(text)
    assert EVERY[name]().says.said(language) in outline.text
    assert len(text.encode()) < MOST_BYTES
    assert all(link.startswith("#") and link[1:] in outline.ids for link in outline.links)
    assert len(set(outline.ids)) == len(outline.ids)
    assert outline.tags.count("script") == 3
    assert not re.search(r"\{\{|\{%|Words\(", outline.text)


def test_the_story_comes_first_then_charts_evidence_plan_and_limits():
    text = Outline(page(seed())).text
    order = [
        "restart from epoch 11",
        "When did it fall",
        "Causes, the likeliest first",
        "Remedy",
        "Start training",
        "Signs to watch",
        "Stop and think again if",
        "What to change later",
        "What was checked",
    ]
    places = [text.find(part) for part in order]
    assert -1 not in places
    assert places == sorted(places)


def test_the_chinese_page_has_no_english_heading():
    outline = Outline(page(seed(), language="zh"))
    for words in ("训练崩溃修复方案", "什么时候开始下跌", "修复方案", "启动训练", "出现以下情况请停止", "检查范围"):
        assert words in outline.text
    for words in ("Remedy", "What was checked", "Start training"):
        assert words not in outline.text


def test_the_command_and_the_numbers_are_those_of_the_plan():
    case = seed()
    text = Outline(page(case)).text
    assert "57.45%" in text
    assert case.plan.start_from.path in text
    for edit in case.plan.edits:
        assert edit.why.en in text


def test_evidence_links_to_its_moment_in_the_chart():
    text = page(seed())
    assert re.search(r'href="#scores-1" data-at="12(\.0)?"', text)
    assert re.search(r'href="#scores-1" data-at="8(\.0)?"', text)  # the branch that fell first


def test_a_run_that_counts_steps_links_by_steps():
    run = run_of({"val/top1": [50.0, 60.0, 8.0]}, epochs=[nan] * 3)
    run = msgspec.structs.replace(
        run, series=(msgspec.structs.replace(run.series[0], step=np.array([100.0, 200.0, 300.0])),)
    )
    fell = Symptom(
        rule="val_collapse", metric="val/top1", severity="act", onset=Point(step=300), record=2, says=same("x")
    )
    text = page(Case(run=run, checkup=Checkup(symptoms=(fell,)), verdict="watch", says=same("x")))
    assert 'href="#scores-1" data-at="300"' in text


EVIL = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>{{ 7*7 }}\x1b[31m"


def test_strings_of_a_run_do_nothing():
    case = seed()
    run = msgspec.structs.replace(case.run, path=EVIL, framework=EVIL, not_understood=(EVIL,), notes=(same(EVIL),))
    series = tuple(msgspec.structs.replace(one, branch=EVIL) for one in run.series)
    case = msgspec.structs.replace(case, run=msgspec.structs.replace(run, series=series), says=same(EVIL))
    outline = Outline(page(case))
    assert "img" not in outline.tags
    assert outline.tags.count("script") == 3
    assert "alert(1)" in outline.text
    assert "{{ 7*7 }}" in outline.text
    assert "\x1b" not in page(case)


def test_several_runs_share_a_table_a_picture_and_one_page():
    one = seed()
    other = msgspec.structs.replace(one, run=msgspec.structs.replace(one.run, path="work_dirs/other"))
    outline = Outline(page(one, other))
    assert "2 training runs" in outline.text
    assert {"case-1", "case-2", "comparison", "scores-1", "scores-2"} <= set(outline.ids)
    assert "#case-2" in outline.links


def test_the_page_allows_itself_no_request():
    assert "default-src 'none'" in page(seed())


def story(case):
    """The text of the first screen."""
    found = page(case)
    return Outline(found[found.index('<section class="story') : found.index("</section>")]).text


def test_the_first_screen_says_what_changes_and_what_to_type():
    case = seed()
    said = story(case)
    assert "learning rate 0.008 → 0.005" in said
    assert case.plan.command[-1] in said
    assert "start checkpoint" not in said  # said by the sentence itself


def test_the_first_screen_warns_of_a_start_that_is_not_on_disk():
    case = seed()
    for state in ("ready", "listed"):
        start = msgspec.structs.replace(case.plan.start_from, state=state, says=same("where is it?"))
        changed = msgspec.structs.replace(case, plan=msgspec.structs.replace(case.plan, start_from=start))
        assert ("where is it?" in story(changed)) == (state == "listed")


def test_the_first_screen_names_the_new_config_when_the_command_is_not_known():
    case = seed()
    plan = msgspec.structs.replace(case.plan, command=())
    assert "out/new.py" in story(msgspec.structs.replace(case, plan=plan, written={"config": "out/new.py"}))
