"""What a shell gets when it asks for completions, by typer's own protocol."""

from __future__ import annotations

import os
import shutil
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


@pytest.mark.parametrize(
    ("shell", "file"), [("bash", ".bashrc"), ("zsh", ".zshrc"), ("fish", ".config/fish/completions/defib.fish")]
)
def test_completion_is_installed_into_the_shells_own_files(shell: str, file: str, tmp_path: Path):
    told = {"_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION": "1"}  # the shell is named, not found among the parents
    surroundings = {**os.environ, **told, "HOME": str(tmp_path), "PYTHONPATH": str(ROOT / "src")}
    program = [sys.executable, "-c", "import sys; sys.argv[0] = 'defib'; from defib.cli import main; main()"]
    done = subprocess.run(
        [*program, "--install-completion", shell], capture_output=True, text=True, env=surroundings, check=False
    )
    assert done.returncode == 0, done.stderr
    written = "".join(path.read_text(encoding="utf-8") for path in tmp_path.rglob("*") if path.is_file())
    assert (tmp_path / file).is_file()
    assert "_DEFIB_COMPLETE=complete_" in written


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_is_shown_without_a_file_being_written(shell: str, tmp_path: Path):
    told = {"_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION": "1"}
    surroundings = {**os.environ, **told, "HOME": str(tmp_path), "PYTHONPATH": str(ROOT / "src")}
    program = [sys.executable, "-c", "import sys; sys.argv[0] = 'defib'; from defib.cli import main; main()"]
    done = subprocess.run(
        [*program, "--show-completion", shell], capture_output=True, text=True, env=surroundings, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "_DEFIB_COMPLETE=complete_" in done.stdout
    assert not list(tmp_path.iterdir())


@pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not installed")
def test_bash_completes_with_what_was_installed(tmp_path: Path):
    program = tmp_path / "tools" / "defib"
    program.parent.mkdir()
    program.write_text(f"#!{sys.executable}\nfrom defib.cli import main\nmain()\n")
    program.chmod(0o755)
    told = {"_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION": "1", "HOME": str(tmp_path), "PYTHONPATH": str(ROOT / "src")}
    told |= {"PATH": f"{program.parent}{os.pathsep}{os.environ['PATH']}"}
    surroundings = {**os.environ, **told}
    subprocess.run([str(program), "--install-completion", "bash"], capture_output=True, env=surroundings, check=True)
    # What a Tab does: bash calls the function that was registered for the word, and takes the words that it leaves.
    tab = (
        '. "$HOME/.bashrc"; function=$(complete -p defib | sed "s/.*-F \\([^ ]*\\).*/\\1/"); '
        'COMP_WORDS=(defib explain val_co); COMP_CWORD=2; "$function" defib; printf "%s\\n" "${COMPREPLY[@]}"'
    )
    done = subprocess.run(["bash", "-c", tab], capture_output=True, text=True, env=surroundings, check=False)
    assert done.stdout.split() == ["val_collapse"], done.stderr
