"""What `pip install defib` gives: the built wheel, in an environment of its own, with the source out of reach."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LARGEST = 260_000_000  # bytes, everything that the engine brings along
NOT_OURS = ("pip", "setuptools", "_distutils_hack")

pytestmark = pytest.mark.wheel


def succeed(*command: str | Path, cwd: Path) -> str:
    """Run a command and return what it printed; what it said is the message when it fails."""
    # Without PYTHONPATH, which would lead back to the source.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    done = subprocess.run(command, capture_output=True, text=True, cwd=cwd, env=environment, check=False)
    assert done.returncode == 0, f"{command}\n{done.stdout[-2000:]}{done.stderr[-4000:]}"
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from a copy that holds nothing but what a build needs."""
    source = tmp_path_factory.mktemp("source")
    for name in ("pyproject.toml", "README.md", "LICENSE", ".gitignore"):
        shutil.copy(ROOT / name, source)
    shutil.copytree(ROOT / "src", source / "src", ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
    out = tmp_path_factory.mktemp("wheel")
    succeed(sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "-w", out, source, cwd=out)
    shutil.rmtree(source)
    return next(out.glob("defib-*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh environment with the wheel and what it asks for: no extras."""
    home = tmp_path_factory.mktemp("installed") / "venv"
    succeed(sys.executable, "-m", "venv", home, cwd=wheel.parent)
    constraints = ROOT / "constraints.txt"
    succeed(home / "bin/python", "-m", "pip", "install", "-q", "-c", constraints, wheel, cwd=wheel.parent)
    return home


def test_the_wheel_holds_the_package_and_no_tests(wheel: Path):
    names = zipfile.ZipFile(wheel).namelist()
    assert "defib/cli/__init__.py" in names
    assert "defib/py.typed" in names
    assert any(name.startswith("defib/demo/runs/") and name.endswith("scalars.json") for name in names)
    assert not [name for name in names if name.rpartition("/")[2].startswith("test_")]
    assert not [name for name in names if not name.startswith(("defib/", "defib-"))]


def test_every_file_of_the_package_is_in_the_wheel(wheel: Path):
    names = set(zipfile.ZipFile(wheel).namelist())
    package = ROOT / "src" / "defib"
    for path in package.rglob("*"):
        if path.is_file() and "__pycache__" not in path.parts and not path.name.startswith("test_"):
            assert f"defib/{path.relative_to(package).as_posix()}" in names


def test_the_engine_brings_no_training_framework(installed: Path):
    site = next(installed.glob("lib/python*/site-packages"))
    found = {path.name for path in site.iterdir()}
    assert "defib" in found
    assert not found & {"torch", "mmengine", "mmcv", "transformers", "lightning", "pytest", "hypothesis"}


def test_the_engine_stays_small(installed: Path):
    site = next(installed.glob("lib/python*/site-packages"))
    size = sum(
        path.stat().st_size
        for folder in site.iterdir()
        if not folder.name.startswith(NOT_OURS)
        for path in ([folder] if folder.is_file() else folder.rglob("*"))
        if path.is_file()
    )
    assert size < LARGEST, f"{size / 1e6:.0f} MB"


@pytest.mark.parametrize("arguments", [["--help"], ["diagnose", "--help"], ["rescue", "--help"], ["explain"]])
def test_the_installed_command_answers(installed: Path, tmp_path: Path, arguments: list[str]):
    assert succeed(installed / "bin/defib", *arguments, cwd=tmp_path).strip()


def test_the_installed_demo_tells_its_story(installed: Path, tmp_path: Path):
    assert succeed(installed / "bin/defib", "demo", cwd=tmp_path).strip()
