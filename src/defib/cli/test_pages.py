import pytest

from defib.cli.pages import split, wrapped
from defib.words import Words

GOOD = """It fell.

A note that goes
on.
Why it matters: because
it does.
Size: points.

中文：
它下跌了。

一段说明，
换行。
为何重要：因为
重要。
数值含义：百分点。
"""


def test_both_languages_are_read_section_by_section():
    page = split(GOOD, "made_up")
    assert page.summary == Words(en="It fell.", zh="它下跌了。")
    assert page.text == Words(en="A note that goes on.", zh="一段说明，换行。")
    assert page.sections == (
        ("Why it matters", Words(en="because it does.", zh="因为重要。")),
        ("Size", Words(en="points.", zh="百分点。")),
    )


def test_a_page_without_chinese_is_refused_and_the_file_named():
    with pytest.raises(ValueError, match=r"made_up: one line that says 中文："):
        split(GOOD.partition("中文：")[0], "made_up")


def test_two_chinese_pages_are_refused():
    with pytest.raises(ValueError, match="made_up"):
        split(f"{GOOD}\n中文：\n又一页。\n", "made_up")


def test_a_section_that_one_language_lacks_is_refused():
    with pytest.raises(ValueError, match="made_up: the English page has Why it matters, Size, the Chinese one"):
        split(GOOD.replace("数值含义：百分点。\n", ""), "made_up")


def test_an_empty_section_is_refused():
    with pytest.raises(ValueError, match="Size is empty in Chinese"):
        split(GOOD.replace("百分点。", ""), "made_up")


def test_a_line_break_between_chinese_and_latin_is_a_space():
    assert split(GOOD.replace("一段说明，\n", "一段说明\nSGD "), "made_up").text.zh == "一段说明 SGD 换行。"


@pytest.mark.parametrize("width", [10, 40, 100])
def test_wrapping_loses_nothing_and_keeps_to_the_width(width):
    text = "梯度裁剪 clip 的阈值为 10，大多数更新都被裁剪。The rest is English."
    lines = wrapped(text, width)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(len(line.encode("gb18030")) <= width + 2 for line in lines)
