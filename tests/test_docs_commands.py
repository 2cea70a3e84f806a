"""Every command that a page shows is run, page by page and in order, and what the page shows after it is compared.

A page shows commands in blocks marked `console`: `$ command`, the lines of a here-document, then the output, in which a
line of three dots stands for any lines. In unmarked blocks a line that begins with a program's name is a command.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGES = [
    *sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "docs").rglob("*.md")),
    "README.md",
    "README.zh-CN.md",
    "CONTRIBUTING.md",
]
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
PROGRAMS = ("defib ", "make ", "pip ", "python ", "scripts/")

# What is not run, and why. A command that no page shows any more fails the test: the list cannot rot.
NOT_RUN = {
    "make demo": "sets up .venv from a package registry; `defib demo` itself is run by the tutorial",
    "make test": "runs this test",
    "pip install .": "needs a package registry",
    "pip wheel . -w wheels": "needs a package registry; tests/test_wheel.py builds and installs the wheel",
    "pip install --no-index -f wheels defib": "follows the line above",
    "pip install '.[action,export]'": "needs a package registry",
    "defib train ntu60_rgb_only data.store=data/ntu60_store": "needs NTU RGB+D and a GPU",
    "defib train ntu60_pose_only data.store=data/ntu60_store": "needs NTU RGB+D and a GPU",
    "defib merge runs/ntu60_rgb_only runs/ntu60_pose_only -o merged.safetensors": "needs NTU RGB+D and a GPU",
    "defib train ntu60_rgbpose data.store=data/ntu60_store load_from=merged.safetensors": "needs NTU RGB+D and a GPU",
    "defib predict S001C001P001R001A001_rgb.avi --pose S001C001P001R001A001.skeleton --checkpoint runs/ntu60_rgbpose": "needs NTU RGB+D and a GPU",
    "defib export runs/ntu60_rgbpose -o model.onnx": "needs NTU RGB+D and a GPU",
    "defib watch work_dirs/my_run": "stays until it is interrupted; tests/test_watching.py watches",
    "defib watch --all work_dirs": "stays until it is interrupted; tests/test_watching.py watches",
    "defib watch --all work_dirs --serve 8321": "stays until it is interrupted; tests/test_serving.py serves",
    "defib watch --all work_dirs --alerts ~/.defib-alerts": "stays, and needs addresses of one's own; tests/test_alerts.py sends",
    "defib watch --all work_dirs --once --alerts ~/.defib-alerts": "needs addresses of one's own; tests/test_alerts.py sends",
    "defib watch --try-alerts --alert 'dingtalk://TOKEN'": "needs a token of one's own; tests/test_alerts.py sends",
    "pip install 'defib[serve]'": "needs a package registry",
    "pip install 'defib[alerts]'": "needs a package registry",
    "defib --install-completion": "writes to the start-up file of the shell; tests/test_completion.py asks the protocol",
}


def steps(text: str) -> list[tuple[str, list[str]]]:
    """The commands of a page, each with the output that is shown."""
    found: list[tuple[str, list[str]]] = []
    for kind, block in BLOCK.findall(text):
        lines = iter(block.splitlines())
        for line in lines:
            if kind == "console" and line.startswith("$ "):
                command = line[2:]
                if end := re.search(r"<<'(\w+)'", command):
                    for more in lines:
                        command += "\n" + more
                        if more == end[1]:
                            break
                found.append((command, []))
            elif kind == "console":
                found[-1][1].append(line)
            elif kind in {"", "sh", "bash"} and line.startswith(PROGRAMS):
                found.append((re.split(r"\s+#", line)[0].strip(), ["..."]))
    return found


def alike(shown: list[str], printed: list[str]) -> bool:
    """Whether the output is what the page shows, dots standing for any lines."""
    parts = [".*" if line.strip() == "..." else re.escape(line.rstrip() + "\n") for line in shown]
    return bool(re.fullmatch("".join(parts), "".join(line.rstrip() + "\n" for line in printed), re.DOTALL))


@pytest.fixture
def room(tmp_path):
    """A folder with `defib` on its path and a run in work_dirs/my_run, as the pages assume."""
    tools = tmp_path / "tools"
    tools.mkdir()
    program = tools / "defib"
    program.write_text(
        f'#!{sys.executable}\nimport os\nos.environ["LC_ALL"] = os.environ["TONGUE"]\nfrom defib.cli import main\nif __name__ == "__main__":\n    main()\n'
    )
    program.chmod(0o755)
    here = tmp_path / "here"
    shutil.copytree(ROOT / "src/defib/demo/runs/mmaction2-lr-jump", here / "work_dirs/my_run")
    return here, tools


def told_twice(page: str) -> bool:
    """Whether a Chinese page shows the very commands and lines of its English twin: then one run proves both."""
    twin = page.replace("docs/zh/", "docs/")
    texts = [(ROOT / one).read_text(encoding="utf-8") for one in (page, twin) if (ROOT / one).is_file()]
    return page != twin and len(texts) > 1 and steps(texts[0]) == steps(texts[1])


@pytest.mark.parametrize("page", [page for page in PAGES if not told_twice(page)])
def test_a_page_shows_what_its_commands_print(page: str, room, tmp_path_factory):
    here, tools = room
    cache = tmp_path_factory.getbasetemp().parent / "cache"  # one for all pages: it holds only what can be made again
    tongue = "zh_CN.UTF-8" if "zh" in page else "en_GB.UTF-8"
    path = f"{tools}{os.pathsep}{os.environ['PATH']}"
    surroundings = {"PATH": path, "PYTHONPATH": str(ROOT / "src"), "TONGUE": tongue, "LC_ALL": "C.UTF-8"}
    surroundings |= {
        "COLUMNS": "80",
        "HOME": str(here),
        "XDG_CACHE_HOME": str(cache),
        "PYTHONWARNINGS": "ignore",
        "OMP_NUM_THREADS": "1",
    }
    for command, shown in steps((ROOT / page).read_text(encoding="utf-8")):
        if command in NOT_RUN or NOT_HERE.get(page):
            continue
        done = subprocess.run(
            ["bash", "-c", command],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            env=surroundings,
            cwd=here,
            check=False,
            timeout=240,  # a small training among them, beside everything else that the machine does
        )
        assert done.returncode in {0, 1}, f"{command}\n{done.stdout}"
        assert alike(shown, done.stdout.splitlines()), f"{command}\n{done.stdout}"


# Pages whose commands need what a stranger does not have.
NOT_HERE = {
    "CONTRIBUTING.md": "its commands change the checkout or run the whole suite",
    "docs/predictions.md": "needs NTU data and a GPU: mmaction2 writes the predictions",
    "docs/zh/predictions.md": "needs NTU data and a GPU: mmaction2 writes the predictions",
}


def test_what_is_not_run_is_still_shown_somewhere():
    shown = {command for page in PAGES for command, _ in steps((ROOT / page).read_text(encoding="utf-8"))}
    assert set(NOT_RUN) <= shown, set(NOT_RUN) - shown
    for page in NOT_HERE:
        assert steps((ROOT / page).read_text(encoding="utf-8")), f"{page} shows no command: take it off the list"


def test_a_page_that_lies_is_found_out():
    assert alike(["a", "...", "c"], ["a", "b", "b", "c"])
    assert not alike(["a", "...", "d"], ["a", "b", "c"])
    assert not alike([], ["something"])
    page = "```console\n$ cat <<'END'\nx\nEND\nx\n```\n"
    assert steps(page) == [("cat <<'END'\nx\nEND", ["x"])]


HOW_TO = {
    "docs/how-to": ["What to point at", "What to log", "Try it", "What a rescue writes", "What it can not know"],
    "docs/zh/how-to": ["指向哪里", "应当记录什么", "试一试", "修复会写出什么", "它无法知道什么"],
}


@pytest.mark.parametrize("page", [page for page in PAGES if "how-to/" in page and "index" not in page])
def test_a_page_about_a_program_answers_the_same_questions_as_the_others(page: str):
    text = (ROOT / page).read_text(encoding="utf-8")
    folder, _, name = page.rpartition("/")
    assert re.findall(r"^## (.+)$", text, flags=re.MULTILINE) == HOW_TO[folder]
    assert name.removesuffix(".md") in (ROOT / folder / "index.md").read_text(encoding="utf-8").split()


@pytest.mark.parametrize("page", PAGES)
def test_python_on_a_page_is_true(page: str, tmp_path: Path):
    import doctest

    known: dict[str, object] = {
        "folder": tmp_path
    }  # the reader's own folder; the blocks of a page go on from each other
    for kind, block in BLOCK.findall((ROOT / page).read_text(encoding="utf-8")):
        if kind in {"python", "pycon"} and ">>>" in block:
            test = doctest.DocTestParser().get_doctest(block, known, page, page, 0)
            runner = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE)
            assert not runner.run(test, clear_globs=False).failed
            known |= test.globs
