import re
from datetime import UTC, timedelta, timezone
from io import StringIO

import msgspec
import pytest
from rich.cells import cell_len
from rich.console import Console

from defib.records import Forecast, HistoryRow, Incident, Point, Site, Unseen
from defib.reports import phrases
from defib.reports.terminal import terminal
from defib.reports.test_made_up_cases import EVERY, checkup, fact, minimal, seed, seed_run, unreadable
from defib.reports.test_made_up_plan import plan
from defib.words import Words, same

HOSTILE = "[red]x[/red]\x1b[31m\x1b]8;;evil\x07|`<b>\n# y\u202e"


def shown(case, language="en", width=80, *, colour=False, zone=UTC):
    out = StringIO()
    console = Console(width=width, file=out, force_terminal=colour, color_system="truecolor" if colour else None)
    console.print(terminal(case, language, zone=zone))
    return out.getvalue()


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("name", EVERY)
@pytest.mark.parametrize("width", [60, 80, 140])
def test_no_line_is_wider_than_the_screen(name, language, width):
    assert max(cell_len(line) for line in shown(EVERY[name](), language, width).splitlines()) <= width


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_verdict_comes_first_and_says_the_one_sentence(language):
    first = "".join(line.strip("│ ") for line in shown(seed(), language).splitlines()[:4])
    assert seed().says.said(language)[:20] in first
    assert ("rescue" if language == "en" else "需要修复") in first


def test_the_verdict_has_its_colour():
    assert "\x1b[31m" in shown(seed(), colour=True)
    assert "\x1b[32m" in shown(EVERY["healthy"](), colour=True)


def test_without_a_terminal_there_are_no_colours():
    assert "\x1b" not in shown(seed())


def test_the_history_shows_the_deciding_branch_first_and_the_best_in_bold():
    text = shown(seed(), colour=True)
    assert text.index("RGBPose") < text.index("Pose", text.index("RGBPose") + 8)
    assert re.search(r"\x1b\[1m *57\.45%", text)
    assert not re.search(r"\x1b\[1m *56\.13%", text)


def test_a_long_history_keeps_its_turning_points_and_counts_what_is_left_out():
    rows = tuple(
        HistoryRow(epoch=float(n), values={"val/top1/fused": float(n % 90)}, mark="fell" if n == 50 else "up", says=same("s"))
        for n in range(1, 101)
    )  # fmt: skip
    text = shown(seed(checkup=msgspec.structs.replace(checkup(), history=rows)))
    assert text.count("evaluations not shown") == 2
    assert re.search(r" 50 +50\.00%", text)
    assert len([line for line in text.splitlines() if line.endswith("s") and "%" in line]) < 24


def test_numbers_appear_with_their_units():
    text = shown(seed())
    for expected in (
        "57.45%",
        "27.69%",
        "0.008",
        "0.005",
        "13.5 min",
        "11.25 h",
        "60% to 65%",
        "addresses cause 1",
        "95%",
        "reference recipe",
    ):
        assert expected in text
    assert "11.25 小时" in shown(seed(), "zh")


def test_evidence_on_both_sides_names_its_place():
    text = " ".join(shown(seed(), width=140).split())
    for expected in ("+ For", "- Against", "? To settle it", "20251122_010203.log:4101", "weak evidence"):
        assert expected in text


def test_causes_are_ranked_by_standing():
    text = shown(seed())
    assert text.index("[likely]") < text.index("[possible]") < text.index("Not the cause")


def test_the_end_is_told_in_the_zone_that_was_asked_for():
    assert "2025-11-23 02:45 UTC" in shown(seed())
    assert "2025-11-23 10:45 UTC+08:00" in shown(seed(), zone=timezone(timedelta(hours=8)))
    assert re.search("Expected end +not known", shown(seed(plan=plan(ends_at=1e300))))


@pytest.mark.parametrize(("language", "unknown"), [("en", "not known"), ("zh", "未知")])
def test_what_is_unknown_is_called_unknown(language, unknown):
    text = shown(minimal(), language)
    assert text.count(unknown) >= 4
    assert "None" not in text
    assert "nan" not in text.lower()


def test_an_unknown_folder_is_marked_as_to_be_filled_in():
    run = seed_run()
    config = msgspec.structs.replace(run.config, tree={"default_scope": "mmaction"})
    case = seed(run=msgspec.structs.replace(run, config=config), plan=plan(cwd=None))
    assert "cd <your mmaction2 folder>  # fill this in" in shown(case)
    assert "cd <你的 mmaction2 目录>" in shown(case, "zh")
    assert "cd <your project folder>" in shown(minimal())


def test_without_a_plan_nothing_is_said_about_what_to_do():
    text = shown(EVERY["without_plan"]())
    for heading in (phrases.REMEDY, phrases.LAUNCH, phrases.TIME, phrases.OUTLOOK, phrases.LADDER, phrases.BASELINE):
        assert f"\n{heading.en}\n" not in text
    assert "Causes" in text


@pytest.mark.parametrize("language", ["en", "zh"])
def test_silence_is_not_health(language):
    text = shown(unreadable(), language)
    assert phrases.NOTHING_CHECKED.said(language) in text
    assert unreadable().checkup.unseen[0].reason.said(language) in text


def test_no_language_leaks_into_the_other():
    chinese, english = shown(seed(), "zh"), shown(seed(), "en")
    for name, words in vars(phrases).items():
        if isinstance(words, Words) and words.en != words.zh and len(words.en) > 8 and "{" not in words.en:
            assert words.en not in chinese, name
            assert words.zh not in english, name


@pytest.mark.parametrize("colour", [True, False])
def test_strings_from_the_run_are_inert(colour):
    run = msgspec.structs.replace(seed_run(), path=HOSTILE, not_understood=(HOSTILE,), notes=(same(HOSTILE),))
    found = msgspec.structs.replace(
        checkup(),
        unseen=(Unseen(rule=HOSTILE, reason=same(HOSTILE)),),
        checked=(HOSTILE,),
        incident=Incident(key=HOSTILE, onset=Point(epoch=12.0), rule="x", best=fact(HOSTILE, 1.0, 11.0, 1)),
        history=(HistoryRow(epoch=1.0, values={HOSTILE: 1.0}, mark="up", says=same(HOSTILE)),),
    )
    changed = plan(
        command=("run", HOSTILE), cwd=HOSTILE, environment={"A": HOSTILE}, new_config=HOSTILE, monitor=(HOSTILE,)
    )
    text = shown(
        seed(run=run, checkup=found, plan=changed, says=same(HOSTILE), written={HOSTILE: HOSTILE}),
        width=200,
        colour=colour,
    )
    assert "[red]x[/red]" in text
    assert "evil" not in text.replace("\\x1b]8;;evil\\x07", "")
    assert "\u202e" not in text
    assert "\x1b]" not in text
    if not colour:
        assert "\x1b" not in text
    else:
        assert "\x1b[31m|" not in text


def test_a_word_cut_in_half_is_still_printed():
    assert "\ufffd" in shown(seed(says=same("x\udce4y")))


def test_too_few_evaluations_give_no_band_and_no_claim_about_it():
    promise = Forecast(key="val/top1/fused", points=2, target=95.0, says=Words("two are too few", "两次太少"))
    text = shown(seed(plan=plan(forecast=promise)))
    assert "two are too few" in text
    assert "The target is 95%; when it is reached cannot be said." in text
    assert phrases.BAND_IS.en[:20] not in text


@pytest.mark.parametrize(
    ("reached", "expected"),
    [
        ((12.0, 30.4), "12 to 31 epochs"),
        ((None, None), "not reached by any curve"),
        ((float("inf"), None), "not reached by any curve"),
        ((80.0, None), "80 epochs after the restart at the earliest"),
    ],
)
def test_when_the_target_is_reached_is_said_as_it_is(reached, expected):
    promise = msgspec.structs.replace(plan().forecast, reached=reached)
    assert expected in " ".join(shown(seed(plan=plan(forecast=promise))).split())


def test_a_checkpoint_that_is_not_there_is_said_to_be_missing():
    begin = msgspec.structs.replace(plan().start_from, state="listed", wanted=10.0)
    text = " ".join(shown(seed(plan=plan(start_from=begin))).split())
    assert "not found on disk" in text
    assert "epoch 10 was wanted" in text


def test_one_fall_is_told_once_in_its_gravest_form():
    early = msgspec.structs.replace(checkup().symptoms[1], severity="watch", says=same("it may be falling"))
    found = msgspec.structs.replace(checkup(), symptoms=(early, *checkup().symptoms))
    assert "it may be falling" not in shown(seed(checkup=found))


def test_an_edit_that_deletes_and_moves_what_follows_is_shown_as_removed():
    sites = (Site(path="param_scheduler.0", action="delete"), Site(path="param_scheduler.1.begin", old=5, new=0))
    edit = msgspec.structs.replace(plan().edits[4], sites=sites)
    assert "removed" in shown(seed(plan=plan(edits=(edit,))))


def test_the_difference_is_shown_line_by_line():
    out = StringIO()
    Console(width=80, file=out).print(terminal(seed(plan=plan(diff="--- a\n+++ b\n-lr=0.008\n+lr=[red]0.005\n")), "en"))
    assert "  -lr=0.008\n  +lr=[red]0.005" in re.sub(" +\n", "\n", out.getvalue())
