"""What a stranger meets first: the command line's start, the two READMEs, the size of the files."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "src" / "defib"
READMES = ("README.md", "README.zh-CN.md")
LONGEST = 300  # lines

# numpy and the rest are loaded by the command that needs them, so that `--help` and a typing error answer at once.
HEAVY = ("numpy", "jinja2", "torch", "mmengine", "defib.records", "defib.pipeline")
START = """
import json, sys
import defib.cli
before = sorted(sys.modules)
sys.argv = ["defib", "--help"]
try:
    defib.cli.main()
except SystemExit as end:
    assert not end.code, end.code
print()
print(json.dumps([before, sorted(sys.modules)]))
"""


@pytest.fixture(scope="module")
def loaded() -> tuple[list[str], list[str]]:
    """The modules that are loaded after importing the command line, and after `defib --help`."""
    here = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    done = subprocess.run([sys.executable, "-c", START], capture_output=True, text=True, env=here, check=False)
    assert done.returncode == 0, done.stderr
    before, after = json.loads(done.stdout.splitlines()[-1])
    return before, after


@pytest.mark.parametrize("module", HEAVY)
def test_the_command_line_starts_without_the_engine(loaded: tuple[list[str], list[str]], module: str):
    before, after = loaded
    assert module not in before, "loaded by `import defib.cli`"
    assert module not in after, "loaded by `defib --help`"


def test_no_file_is_longer_than_a_person_reads():
    for path in PACKAGE.rglob("*.py"):
        if "runs" in path.parts or path.name.startswith("test_"):
            continue
        lines = len(path.read_text(encoding="utf-8").splitlines())
        assert lines <= LONGEST, f"{path}: {lines} lines; split it"


def headings(name: str) -> list[int]:
    """The levels of a page's headings, in order; what stands in code blocks is no heading."""
    text = re.sub(r"^```.*?^```", "", (ROOT / name).read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    return [len(marks) for marks in re.findall(r"^(#+) ", text, flags=re.MULTILINE)]


def commands(name: str) -> list[str]:
    """The command lines that a page shows."""
    blocks = re.findall(r"^```\w*\n(.*?)^```", (ROOT / name).read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    lines = [
        line.removeprefix("$ ").split("  #")[0].split("  ")[0].strip()
        for block in blocks
        for line in block.splitlines()
    ]
    return [line for line in lines if line.startswith(("make ", "defib ", "pip "))]


@pytest.mark.parametrize("name", READMES)
def test_the_two_commands_stand_on_the_first_screen(name: str):
    screen = (ROOT / name).read_text(encoding="utf-8").splitlines()[:40]
    for command in ("make demo", "make test"):
        assert any(command in line for line in screen)


def pages(folder: str) -> list[str]:
    """The pages below a folder, those of the other language aside."""
    here = ROOT / folder
    names = (path.relative_to(here).as_posix() for path in here.rglob("*.md"))
    return sorted(name for name in names if not name.startswith("zh/"))


PAIRS = [READMES, *((f"docs/{name}", f"docs/zh/{name}") for name in pages("docs"))]


@pytest.mark.parametrize(("english", "chinese"), PAIRS)
def test_both_languages_have_the_same_headings_and_commands(english: str, chinese: str):
    assert headings(english) == headings(chinese)
    assert commands(english) == commands(chinese)


def test_no_page_exists_in_one_language_only():
    assert pages("docs") == pages("docs/zh")


@pytest.mark.parametrize(
    "page", [*READMES, "CONTRIBUTING.md", "CHANGELOG.md", *(one for pair in PAIRS for one in pair)]
)
def test_links_between_pages_lead_somewhere(page: str):
    for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", (ROOT / page).read_text(encoding="utf-8")):
        assert (ROOT / page).parent.joinpath(target).exists(), target


def ours() -> list[Path]:
    """Every text file of the repository, the real run's own logs and configs aside."""
    if not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    listed = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    names = subprocess.run(listed, capture_output=True, text=True, check=True, cwd=ROOT).stdout.split("\0")
    paths = [ROOT / name for name in names if name and "/runs/" not in name and name != "LICENSE"]
    return [path for path in paths if path.is_file() and path.suffix != ".png"]


def test_nothing_names_a_machine_that_it_was_built_on():
    folders = "work|root|opt"
    machine = re.compile(rf"(?<![\w.~-])/({folders})/[\w.]|--(extra-)?index-url|--find-links|--trusted-host")
    for path in ours():
        if path == Path(__file__):
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            assert not machine.search(line), f"{path.name}, line {number}: {line.strip()[:100]}"
