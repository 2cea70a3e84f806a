"""`defib hook` writes a file that can be used, and refuses what it does not know."""

import ast

import pytest

from defib.cli import main


@pytest.mark.parametrize(
    ("framework", "entry"),
    [("torch", "Guard"), ("mmengine", "DefibHook"), ("lightning", "DefibCallback"), ("transformers", "DefibCallback")],
)
def test_the_file_goes_to_standard_output(framework, entry, capsys):
    with pytest.raises(SystemExit) as left:
        main(["hook", framework])
    assert left.value.code == 0
    names = {node.name for node in ast.parse(capsys.readouterr().out).body if isinstance(node, ast.ClassDef)}
    assert entry in names


@pytest.mark.parametrize(("tongue", "said"), [("en", "keras"), ("zh", "keras")])
def test_an_unknown_framework_is_refused_with_what_there_is(tongue, said, capsys):
    with pytest.raises(SystemExit) as left:
        main(["hook", "keras", "--lang", tongue])
    told = capsys.readouterr().err
    assert left.value.code == 2
    assert said in told
    assert "torch, mmengine, lightning, transformers" in told


@pytest.mark.parametrize(("tongue", "said"), [("en", "as one file"), ("zh", "单个文件")])
def test_its_help_teaches(tongue, said, capsys):
    with pytest.raises(SystemExit):
        main(["hook", "--help", "--lang", tongue])
    told = capsys.readouterr().out
    assert said in told
    assert "defib hook mmengine > defib_hook.py" in told
