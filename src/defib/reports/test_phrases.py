import re
from pathlib import Path

from defib.reports import names, phrases
from defib.words import Words

HERE = Path(__file__).parent
CONSTANTS = {name: words for name, words in vars(phrases).items() if isinstance(words, Words)}
TABLES = [table for table in vars(names).values() if isinstance(table, dict)]
ALIKE = {"EPOCH", "STEP", "TREATS", "PRODUCT"}


def sources():
    files = [*HERE.rglob("*.py"), *HERE.rglob("*.j2")]
    return "\n".join(
        file.read_text(encoding="utf-8") for file in files if file.name != "phrases.py" and "test_" not in file.name
    )


def test_every_sentence_has_the_same_placeholders_in_both_languages():
    for words in [*CONSTANTS.values(), *(words for table in TABLES for words in table.values())]:
        if isinstance(words, Words):
            english, chinese = words.placeholders()
            assert english == chinese, words


def test_every_sentence_is_really_chinese_in_chinese():
    for name, words in CONSTANTS.items():
        if name not in ALIKE:
            assert re.search(r"[\u3000-\u9fff\uff00-\uffef]", words.zh), name
        assert not re.search(r"[\u3000-\u9fff\uff00-\uffef]", words.en), name


def test_every_sentence_is_used():
    text = sources()
    assert [name for name in CONSTANTS if not re.search(rf"\b(?:p|phrases)\.{name}\b", text)] == []


def test_no_sentence_is_written_anywhere_else():
    for template in (HERE / "templates").rglob("*.j2"):
        outside = re.sub(r"\{[{%#].*?[}%#]\}", "", template.read_text(encoding="utf-8"))
        outside = re.sub(r"<[^<>]*>", "", outside) if ".html" in template.name else outside
        assert not re.search(r"[A-Za-z\u4e00-\u9fff]{2,}", outside), template
