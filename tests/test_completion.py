"""What a shell gets when it asks for completions, by typer's own protocol."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


def asked(line: str, shell: str) -> str:
    words = line.split(" ")
    told = {"_DEFIB_COMPLETE": f"complete_{shell}", "COMP_WORDS": line, "COMP_CWORD": str(len(words) - 1)}
    told |= {"_TYPER_COMPLETE_ARGS": line, "_TYPER_COMPLETE_FISH_ACTION": "get-args"}
    surroundings = {**os.environ, **told, "PYTHONPATH": str(ROOT / "src")}
    program = [sys.executable, "-c", "from defib.cli import main; main()"]
    return subprocess.run(program, capture_output=True, text=True, env=surroundings, check=False).stdout


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_shell_completes_values_and_names(shell: str):
    assert "conservative" in asked("defib rescue --profile c", shell)
    assert "minimal" not in asked("defib rescue --profile c", shell)
    assert "val_collapse" in asked("defib explain val_c", shell)


def test_languages_and_formats_are_completed():
    assert asked("defib diagnose --lang z", "bash").split() == ["zh"]
    assert asked("defib diagnose --format h", "bash").split() == ["html"]
