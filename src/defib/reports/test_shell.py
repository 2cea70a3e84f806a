import pytest
from rich.cells import cell_len

from defib.reports.shell import folded, monitor, quoted
from defib.reports.test_made_up_plan import NEW, plan

WORDS = (
    ["bash", "tools/dist_train.sh", NEW, "2", "--work-dir", "work dirs/it's here"],
    ["x" * 200, "y z " * 60, "it's " * 40],
    ["中文 目录/" * 20, "a\nb", "\x1b[31mred", 'back\\slash $HOME `id` "q"'],
    ["$", "$x", "$(id)" * 30, "#not a comment", "*"],
)  # fmt: skip
ESCAPES = {"x0a": "\n", "x1b": "\x1b"}


def read_by_a_shell(text):
    """The words of a command as bash reads them; no process is started here."""
    words, word, index, quote = [], None, 0, ""
    while index < len(text):
        sign, following = text[index], text[index + 1 : index + 2]
        index += 1
        if quote == "'" or (quote == "$" and sign != "\\"):
            quote, word = ("", word) if sign == "'" else (quote, word + sign)
        elif sign == "\\":
            escape = text[index : index + 3]
            if quote == "$" and escape in ESCAPES:
                word, index = word + ESCAPES[escape], index + 3
            elif following != "\n":
                word, index = (word or "") + following, index + 1
            else:
                index += 1
        elif quote == '"':
            quote, word = ("", word) if sign == '"' else (quote, word + sign)
        elif sign in "'\"":
            quote, word = sign, word or ""
        elif sign == "$" and following == "'":
            quote, word, index = "$", word or "", index + 1
        elif sign.isspace():
            assert sign != "\n", "the command ends too early"
            words, word = words + ([word] if word is not None else []), None
        else:
            word = (word or "") + sign
    assert not quote
    return words + ([word] if word is not None else [])


@pytest.mark.parametrize("words", WORDS)
@pytest.mark.parametrize("width", [24, 60, 80])
def test_a_shell_reads_a_folded_command_as_the_words_that_went_in(words, width):
    lines = folded(" ".join(quoted(word) for word in words), width)
    assert read_by_a_shell("\n".join(lines)) == words
    assert all(line.isprintable() for line in lines)


@pytest.mark.parametrize("words", WORDS[:2])
def test_folded_lines_fit(words):
    assert max(cell_len(line) for line in folded(" ".join(quoted(word) for word in words), 40)) <= 40


def test_nothing_is_indented_inside_double_quotes_but_a_substitution_is():
    line = 'echo "some words in double quotes $(ls -t one two three)" and plain words behind them'
    assert "".join(part.removesuffix("\\") for part in folded(line, 24)).replace("    ", "") == line
    assert not any(part.startswith("    words") for part in folded(line, 24))


def test_comments_stay_comments():
    assert all(line.startswith("# ") for line in folded("# " + "a long remark " * 12, 40))


def test_plain_words_are_not_quoted():
    assert quoted("work_dirs/a.pth") == "work_dirs/a.pth"


def test_monitor_lines_are_kept():
    follow, *others = monitor(plan())[1:]
    assert monitor(plan())[0] == ["# newest log"]
    assert follow[0].startswith("tail -f")
    assert all(lines[0].startswith("grep") for lines in others)
