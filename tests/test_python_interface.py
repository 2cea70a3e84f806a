"""The Python interface: the pages about it run as they are printed, and it stays small, typed and light."""

from __future__ import annotations

import doctest
import inspect
import re
import subprocess
import sys
import typing
from pathlib import Path

import pytest

import defib
from defib import interface
from defib.demo import fetch
from defib.errors import NoConfigToRewrite, NoSuchMetric, NothingReadable

ROOT = Path(__file__).parent.parent
FUNCTIONS = ("open_run", "check", "diagnose", "plan", "rewrite")


@pytest.mark.parametrize("page", ["docs/python.md", "docs/zh/python.md"])
def test_the_page_runs_as_printed(page: str, tmp_path: Path):
    text = (ROOT / page).read_text(encoding="utf-8")
    code = "\n".join(re.findall(r"^```python\n(.*?)^```", text, re.MULTILINE | re.DOTALL))
    test = doctest.DocTestParser().get_doctest(code, {"folder": tmp_path}, page, page, 0)
    assert len(test.examples) > 15
    told: list[str] = []
    failed, _ = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE).run(test, out=told.append)
    assert not failed, "".join(told)


@pytest.mark.parametrize("name", defib.__all__)
def test_every_name_is_there_and_documented(name: str):
    assert inspect.getdoc(getattr(defib, name))
    assert name in dir(defib)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_function_is_typed(name: str):
    function = getattr(interface, name)
    parameters = inspect.signature(function).parameters.values()
    assert all(one.annotation is not inspect.Parameter.empty for one in parameters)
    assert function.__annotations__["return"]


def test_a_name_that_is_not_there_is_an_ordinary_error():
    with pytest.raises(AttributeError, match="has no attribute 'resuscitate'"):
        _ = typing.cast("typing.Any", defib).resuscitate


def test_importing_it_loads_nothing_heavy():
    code = "import sys, defib; print([name for name in ('numpy', 'msgspec', 'jinja2') if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT / "src")
    assert done.stdout.strip() == "[]"


def test_nothing_is_written_into_the_run(tmp_path: Path):
    folder = fetch(tmp_path)
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*")}
    plan = defib.plan(defib.diagnose(defib.open_run(folder)))
    assert plan is not None
    assert defib.rewrite(plan)
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*")} == before


def test_a_healthy_run_has_no_plan(tmp_path: Path):
    table = tmp_path / "scores.csv"
    table.write_text("epoch,val_acc\n" + "".join(f"{one},{40 + 3 * one}\n" for one in range(1, 15)), encoding="utf-8")
    case = defib.diagnose(defib.open_run(table))
    assert case.verdict == "healthy"
    assert defib.plan(case) is None


def test_a_plan_without_a_config_is_refused_in_both_languages(tmp_path: Path):
    table = tmp_path / "scores.csv"
    scores = [20, 30, 40, 50, 55, 60, 62, 64, 20, 18, 19, 20, 18]
    table.write_text("epoch,val_acc\n" + "".join(f"{i},{v}\n" for i, v in enumerate(scores, 1)), encoding="utf-8")
    plan = defib.plan(defib.diagnose(defib.open_run(table)))
    assert plan is not None
    with pytest.raises(NoConfigToRewrite) as refused:
        defib.rewrite(plan)
    assert "config=FILE" in refused.value.words.en
    assert "config=FILE" in refused.value.words.zh


def test_a_wrong_metric_and_an_empty_folder_are_refused(tmp_path: Path):
    with pytest.raises(NoSuchMetric):
        defib.open_run(fetch(tmp_path / "demo"), metric="val/bleu")
    (tmp_path / "empty").mkdir()
    with pytest.raises(NothingReadable):
        defib.open_run(tmp_path / "empty")


def test_a_saved_case_is_a_run_too(tmp_path: Path):
    run = defib.open_run(fetch(tmp_path))
    saved = tmp_path / "case.json"
    saved.write_bytes(defib.to_json(defib.diagnose(run)))
    assert defib.open_run(saved).path == run.path
