"""The live demo: a real training that collapses by itself, and what is said of it."""

from __future__ import annotations

import json

import pytest

from defib.cli import telling
from defib.cli.trainer.needed import demanded
from defib.demo import drawn, story
from defib.errors import CannotWrite
from typed import typed

SMALL = ("data.train=240", "data.val=100")


def test_one_story_from_beginning_to_end(tmp_path, capsys, monkeypatch):
    """With real trainings in processes of their own, minutes long: lived once, and looked at from all sides."""
    told, went = [], []
    found = story.live(tmp_path, 7, told.append, went.append, SMALL)
    _really_collapses_is_seen_and_planned_for(found, told, tmp_path)
    _all_arms_spend_the_same_epochs_and_no_more(found, went)
    _ends_far_above_the_run_that_was_left_alone(found)
    _is_told_with_one_picture_and_one_table_in_both_languages(found, capsys, tmp_path, monkeypatch)


def _really_collapses_is_seen_and_planned_for(found, told, home):
    alone = found.arms[0]
    assert alone.name == "alone"
    assert alone.final < 25.0 < alone.best
    assert found.seen is not None
    assert found.case.verdict == "rescue"
    assert any(edit.key == "schedule_factor" for edit in found.case.plan.edits)
    assert "nothing is injected" in told[0].en
    assert "没有注入任何故障" in told[0].zh
    assert told[1].en.startswith(f"seen after {found.seen} epochs: ")
    assert told[1].zh.startswith(f"第 {found.seen} 轮后发现：")
    assert (home / "alone" / "recipe.json").is_file()


def _all_arms_spend_the_same_epochs_and_no_more(found, went):
    assert [arm.name for arm in found.arms] == ["alone", "tenth", "rescued", "twin"]
    for arm in found.arms:
        spent = arm.first + len(arm.scores)
        assert spent == story.EPOCHS or (
            arm.name == "rescued" and found.outcome != "recovered" and spent < story.EPOCHS
        )
        assert arm.scores[0][0] == arm.first + 1
    assert went[-1]["twin"] == story.EPOCHS


def _ends_far_above_the_run_that_was_left_alone(found):
    arms = {arm.name: arm for arm in found.arms}
    assert found.outcome == "recovered"
    assert arms["rescued"].final > arms["alone"].final + 15.0


def _is_told_with_one_picture_and_one_table_in_both_languages(found, capsys, tmp_path, monkeypatch):
    assert drawn.png(found).startswith(b"\x89PNG")
    monkeypatch.setattr(telling, "live", lambda *_: found)
    for language, words in (
        ("en", ("rescued by defib", "epochs spent", "not the best on the way", "picture: ")),
        ("zh", ("由 defib 修复", "训练轮数", "而不是途中最佳", "图：")),
    ):
        assert telling.tell(tmp_path, 7, language) == 0
        said = capsys.readouterr().out
        assert all(one in said for one in words)
        assert (tmp_path / "live-7" / "story.png").is_file()


def test_a_run_that_does_not_collapse_is_said_to_be_so(capsys, tmp_path, monkeypatch):
    arms = (story.Arm("alone", tmp_path, 0, ((1.0, 40.0),)), story.Arm("twin", tmp_path, 0, ((1.0, 50.0),)))
    monkeypatch.setattr(telling, "live", lambda *_: story.Story(1, arms, None, None, None))
    assert telling.tell(tmp_path, 1, "en") == 0
    assert "40.00%" in capsys.readouterr().out
    assert "did not collapse" in story.NOT_SEEN.en
    assert "没有崩溃" in story.NOT_SEEN.zh


def test_a_rescue_that_failed_is_an_exit_code(tmp_path, monkeypatch):
    arms = (story.Arm("alone", tmp_path, 0, ((1.0, 40.0),)),)
    monkeypatch.setattr(telling, "live", lambda *_: story.Story(1, arms, 3, "relapsed", None))
    assert telling.tell(tmp_path, 1, "zh") == 1


def test_what_is_missing_is_said_before_anything_is_started(monkeypatch, capsys):
    monkeypatch.setattr("defib.cli.trainer.needed.find_spec", lambda name: None if name == "torch" else name)
    assert typed("demo", "--live", "--lang", "en") == 3
    assert "defib[action]" in capsys.readouterr().err
    monkeypatch.undo()
    demanded()


def test_a_folder_that_cannot_be_made_is_said(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(CannotWrite) as refused:
        telling.tell(tmp_path / "file", 0, "en")
    assert "live-0" in refused.value.words.en


def test_a_seed_that_was_lived_is_not_lived_again(tmp_path, monkeypatch):
    import sys
    from pathlib import Path

    sys.path.insert(0, str(Path(__file__).parent.parent))
    from bench import story as bench

    arms = {
        name: {"final": final, "best": 50.0, "spent": 26}
        for name, final in (("alone", 10.0), ("tenth", 40.0), ("rescued", 60.0), ("twin", 65.0))
    }
    one = {"seed": 3, "seen": 9, "outcome": "recovered", "arms": arms}
    (tmp_path / "3.json").write_text(json.dumps(one))
    monkeypatch.setattr(bench, "live", lambda *_: pytest.fail("it was lived again"))
    assert bench._told(3, tmp_path) == one
    other = {"seed": 4, "seen": None, "outcome": None, "arms": {"alone": arms["alone"], "twin": arms["twin"]}}
    text = bench.report([one, one, other])
    assert "2 of 3 collapsed; of these the rescue ended ahead of lr / 10 in 2, level (within 6.3 points) in 0." in text
    assert "| 4 | - | - | 10.0 | - | - | 65.0 |" in text
