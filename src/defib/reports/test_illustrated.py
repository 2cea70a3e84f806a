"""Markdown with pictures beside it, and a picture by itself."""

import re
import xml.etree.ElementTree as ET

import msgspec
import pytest

from defib.records import Case, Checkup, Run
from defib.reports.illustrated import MARK, document, first_png, first_svg
from defib.reports.markdown import markdown
from defib.reports.test_made_up_cases import seed


@pytest.mark.parametrize(("language", "asks"), [("en", "which part of it"), ("zh", "跌的是哪一路")])
def test_the_document_shows_each_of_its_pictures(language, asks):
    text, pictures = document([seed()], language, "r.pictures")
    shown = re.findall(r"!\[[^\]]*\]\(([^)]*)\)", text)
    assert shown
    assert shown == [f"r.pictures/{file}" for file in pictures]
    assert asks in text
    assert text.startswith(MARK)


def test_the_pictures_of_several_runs_do_not_take_each_others_place():
    text, pictures = document([seed(), seed()], "en", "r.pictures")
    assert len(pictures) == len(set(re.findall(r"\]\(r.pictures/([^)]*)\)", text))) >= 2


def test_a_picture_by_itself_is_on_white_and_well_formed():
    _, pictures = document([seed()], "zh", "r.pictures")
    for svg in pictures.values():
        assert svg.startswith(MARK)
        assert 'fill="white"' in svg
        ET.fromstring(svg)


def test_an_address_cannot_end_its_link():
    text = markdown(seed(), "en", pictures=[("a b) <script>.pictures/scores.svg", seed().says)])
    assert "](a%20b%29%20%3Cscript%3E.pictures/scores.svg)" in text


def test_a_document_without_pictures_says_nothing_of_them():
    assert "![" not in markdown(seed(), "en")


def test_a_run_without_curves_has_no_picture():
    run = Run(framework="table", path="a", series=())
    case = Case(run=run, checkup=Checkup(), verdict="healthy", says=seed().says)
    assert first_svg([case], "en") is None
    assert first_png([case]) is None
    assert document([case], "en", "p")[1] == {}


def test_one_picture_is_asked_for_in_either_language_and_a_png_only_in_english():
    assert "开始下跌" in first_svg([seed()], "zh")
    assert first_png([seed()])[:4] == b"\x89PNG"


def test_several_runs_are_compared_in_one_picture():
    other = msgspec.structs.replace(seed(), run=msgspec.structs.replace(seed().run, path="/made/up/other"))
    assert "other" in first_svg([seed(), other], "en")
