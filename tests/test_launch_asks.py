"""What a run does not tell is asked of who sits there; where nobody does it is refused, never guessed."""

import sys

import pytest

from typed import typed


@pytest.fixture
def somebody(monkeypatch):
    """Somebody at the terminal, and what was asked."""
    asked = []

    def prompt(text, **_):
        asked.append(text)
        return 2 if "GPU" in text else f"{sys.executable} -c pass {{config}}"

    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    monkeypatch.setattr("typer.prompt", prompt)
    return asked


def dry(seed, *words):
    table, config = seed
    return typed("rescue", table, "--config", config, "--dry-run", *words)


def test_the_number_of_gpus_is_asked_for_and_planned_with(seed, somebody, capsys):
    assert dry(seed, "--lang", "en") == 0
    assert somebody == ["How many GPUs did the run have?"]
    shown = capsys.readouterr().out
    command = next(line for line in shown.splitlines() if line.startswith("command:"))
    assert command.split()[-3:-1] == ["2", "--work-dir"] or " 2 " in command
    assert "<GPUS>" not in command
    assert "0.005" in shown  # fitted to the batch, which two GPUs make known


def test_less_than_one_gpu_is_asked_again(seed, monkeypatch, capsys):
    answers = iter((0, 2))
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    monkeypatch.setattr("typer.prompt", lambda *_, **__: next(answers))
    assert dry(seed, "--lang", "en") == 0
    assert next(answers, None) is None
    assert "<GPUS>" not in next(line for line in capsys.readouterr().out.splitlines() if line.startswith("command:"))


def test_it_is_asked_in_chinese_too(seed, somebody):
    assert dry(seed, "--lang", "zh") == 0
    assert somebody == ["这次训练用了几块 GPU？"]


def test_what_was_said_is_not_asked(seed, somebody):
    assert dry(seed, "--gpus", "2", "--lang", "en") == 0
    assert somebody == []


def test_where_nobody_sits_it_is_refused(seed, capsys, monkeypatch):
    monkeypatch.setattr(sys.stdin, "isatty", lambda: False, raising=False)
    assert dry(seed, "--lang", "en") == 2
    assert "the number of GPUs is not known: say it with --gpus N" in capsys.readouterr().err
    assert dry(seed, "--lang", "zh") == 2
    assert "请用 --gpus N 给出" in capsys.readouterr().err


def test_a_plan_alone_asks_nothing(seed, somebody):
    table, config = seed
    assert typed("rescue", table, "--config", config, "--lang", "en") == 1
    assert somebody == []


@pytest.mark.parametrize(("language", "question"), [("en", "How is the run started?"), ("zh", "这次训练如何启动？")])
def test_a_command_that_no_program_tells_is_asked_for(tmp_path, somebody, capsys, language, question):
    import json

    rows = [{"epoch": at, "lr": 2.0, "val_acc": score} for at, score in enumerate((0.2, 0.4, 0.5, 0.6, 0.02, 0.02), 1)]
    (tmp_path / "log.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    config = tmp_path / "mine.yaml"
    config.write_text("optim:\n  type: sgd\n  lr: 2.0\nwork_dir: runs/a\n")
    assert typed("rescue", tmp_path, "--config", config, "--dry-run", "--lang", language) == 0
    assert [text.splitlines()[0].startswith(question) for text in somebody] == [True]
    assert "mine_rescue.yaml" in capsys.readouterr().out
