"""scripts/new writes an entry that works at once, and that is refused until it has been finished."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FOLDERS = {"rule": "health/rules", "cause": "diagnosis/causes", "play": "playbook/plays", "format": "reading/formats"}
KINDS = pytest.mark.parametrize("kind", FOLDERS)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A checkout of its own."""
    ignore = shutil.ignore_patterns("__pycache__", "*.egg-info")
    for folder in ("src", "scripts", "tests"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=ignore)
    for name in ("pyproject.toml", "README.md", "README.zh-CN.md"):
        shutil.copy(ROOT / name, tmp_path)
    return tmp_path


def new(copy: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, copy / "scripts" / "new", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def run_pytest(copy: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=copy)


def files(copy: Path) -> set[str]:
    return {path.relative_to(copy).as_posix() for path in copy.rglob("*.py")}


@KINDS
def test_it_writes_the_two_files_and_nothing_else(copy: Path, kind: str):
    before = files(copy)
    done = new(copy, kind, "made_up_thing")
    assert done.returncode == 0, done.stderr
    folder = f"src/defib/{FOLDERS[kind]}"
    assert files(copy) - before == {f"{folder}/made_up_thing.py", f"{folder}/test_made_up_thing.py"}


@KINDS
def test_what_it_writes_works_at_once(copy: Path, kind: str):
    new(copy, kind, "made_up_thing")
    done = run_pytest(copy, f"src/defib/{FOLDERS[kind]}/test_made_up_thing.py")
    assert done.returncode == 0, done.stdout
    ruff = [sys.executable, "-m", "ruff"]
    written = [f"src/defib/{FOLDERS[kind]}/{prefix}made_up_thing.py" for prefix in ("", "test_")]
    for command in (["check", "--no-cache"], ["format", "--check", "--no-cache"]):
        done = subprocess.run([*ruff, *command, *written], capture_output=True, text=True, check=False, cwd=copy)
        assert done.returncode == 0, done.stdout


@KINDS
def test_what_it_writes_is_refused_until_it_is_translated(copy: Path, kind: str):
    new(copy, kind, "made_up_thing")
    done = run_pytest(copy, "tests/test_every_sentence.py", "-k", "made_up_thing")
    assert done.returncode == 1, done.stdout
    assert re.search(r"^FAILED .*is_translated\[.*made_up_thing\.py", done.stdout, re.MULTILINE)


@pytest.mark.parametrize(
    "arguments",
    [
        ("rule", "val_collapse"),
        ("play", "val_collapse"),
        ("rule", "Loss-Plateau"),
        ("rule", "2fast"),
        ("rule", "class"),
        ("rule", "test_this"),
        ("rule", "../outside"),
        ("rule", ""),
        ("opinion", "made_up_thing"),
        ("rule",),
        (),
    ],
)
def test_it_refuses_what_can_not_be_an_entry_and_writes_nothing(copy: Path, arguments: tuple[str, ...]):
    before = files(copy)
    done = new(copy, *arguments)
    assert done.returncode == 2
    assert done.stderr.strip()
    assert files(copy) == before


EXAMPLE = re.compile(r"`(src/defib/\S+\.py)`:\n\n```python\n(.*?)```", re.DOTALL)


def test_the_examples_of_the_contributors_page_keep_every_promise(copy: Path):
    """Two files an entry, nothing else edited, and the shared tests adopt them."""
    examples = EXAMPLE.findall((ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"))
    assert len(examples) == 2 * len(FOLDERS)
    for path, code in examples:
        (copy / path).write_text(code, encoding="utf-8")
    names = [Path(path).stem for path, _ in examples if "/test_" not in path]
    done = run_pytest(copy, *(path for path, _ in examples if "/test_" in path))
    assert done.returncode == 0, done.stdout
    shared = ["tests/test_shared_promises.py", "tests/test_log_promises.py", "tests/test_every_sentence.py"]
    done = run_pytest(copy, *shared, "-k", " or ".join(names))
    assert done.returncode == 0, done.stdout
    ruff = [sys.executable, "-m", "ruff"]
    for command in (["check", "--no-cache"], ["format", "--check", "--no-cache"]):
        paths = [path for path, _ in examples]
        done = subprocess.run([*ruff, *command, *paths], capture_output=True, text=True, check=False, cwd=copy)
        assert done.returncode == 0, done.stdout
