"""Attempts as Slurm jobs, against stand-ins that really run them (see slurm_stand_in)."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

import slurm_stand_in
import test_supervision
from defib.launching import slurm
from defib.launching.journal import Journal
from defib.launching.refusals import BadCommand, NotSubmitted
from defib.supervision import Bedside, Orders
from test_supervision import bedside, kinds

ward = test_supervision.ward
"""The run that collapsed, with the program that trains it."""


@pytest.fixture
def cluster(tmp_path, monkeypatch):
    """The folder of the stand-ins' state, with the programs on the path."""
    home = slurm_stand_in.install(tmp_path)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}")
    yield home
    for file in home.glob("*.json"):
        slurm.cancel(file.stem)


@pytest.fixture
def submitted(cluster, tmp_path):
    """Submit a line of shell; gives its job's number."""

    def submit(line="true", options="", name="defib-x-1-1"):
        file = tmp_path / "job.sh"
        file.write_text(f"#!/bin/sh\n{line}\n")
        return slurm.submit(file, name, options, os.environ, tmp_path / "out.txt")

    return submit


def until(job, state):
    for _ in range(100):
        if slurm.runs(job) is state:
            return True
        time.sleep(0.1)
    return False


def test_a_job_runs_prints_ends_and_is_gone(submitted, tmp_path):
    job = submitted("echo hello; sleep 0.5")
    assert slurm.runs(job) is True
    assert until(job, False)
    assert (tmp_path / "out.txt").read_text() == "hello\n"


def test_what_fails_and_what_is_cancelled_is_gone_too(submitted):
    assert until(submitted("exit 3"), False)
    job = submitted("sleep 60")
    slurm.cancel(job)
    assert until(job, False)
    slurm.cancel(job)  # again: it is let be


def test_a_job_that_waits_is_not_gone(submitted, cluster):
    (cluster / "held").touch()
    job = submitted()
    assert slurm.runs(job) is True
    (cluster / "held").unlink()
    assert until(job, False)


@pytest.mark.parametrize("trouble", ["down", "lag"])
def test_what_nobody_answers_is_not_known_and_never_gone(submitted, cluster, trouble):
    job = submitted()
    assert until(job, False)
    (cluster / trouble).touch()
    assert slurm.runs(job) is None


def test_a_controller_that_does_not_answer_is_not_waited_for_without_end(submitted, cluster, monkeypatch):
    job = submitted()
    (cluster / "deaf").touch()
    monkeypatch.setattr(slurm, "PATIENCE", 0.5)
    assert slurm.runs(job) is None
    with pytest.raises(NotSubmitted) as refused:
        slurm.found("x")
    assert "did not answer within" in refused.value.words.en
    assert "没有响应" in refused.value.words.zh
    (cluster / "deaf").unlink()


def test_without_accounting_a_job_that_left_the_queue_is_gone(submitted, cluster):
    (cluster / "no-accounting").touch()
    assert until(submitted(), False)


def test_a_job_is_found_by_its_name_while_it_is_there_and_not_later(submitted):
    job = submitted("sleep 60", name="defib-abc-1-1")
    assert slurm.found("defib-abc-1-1") == job
    assert slurm.found("defib-abc-1-2") is None
    slurm.cancel(job)
    assert until(job, False)
    assert slurm.found("defib-abc-1-1") is None


def test_the_users_options_reach_sbatch_as_words(submitted, cluster):
    (cluster / "cluster").touch()
    job = submitted(options="--partition=gpu --comment='two words; and more'")
    assert job.isdigit()  # `1000;alpha` of a federation
    calls = [json.loads(line) for line in (cluster / "calls").read_text().splitlines()]
    assert calls[0][1:3] == ["--partition=gpu", "--comment=two words; and more"]
    with pytest.raises(BadCommand):
        submitted(options="--comment='open")


def test_what_sbatch_refuses_is_said_in_its_own_words(submitted, cluster):
    (cluster / "refuse").touch()
    with pytest.raises(NotSubmitted) as refused:
        submitted()
    assert "Invalid partition name specified" in refused.value.words.en
    assert "No job was submitted" in refused.value.words.en
    assert "没有提交作业" in refused.value.words.zh


def test_without_slurm_it_is_said(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NotSubmitted) as refused:
        slurm.submit(tmp_path / "a.sh", "x", "", {"PATH": str(tmp_path)}, tmp_path / "o")
    assert "login node" in refused.value.words.en
    assert "登录节点" in refused.value.words.zh


def test_a_rescue_is_carried_through_as_a_job(ward, cluster):
    nurse, told = bedside(ward, slurm="--gpus=2")
    assert nurse.run() == "recovered"
    assert [one for one in kinds(told) if one[0] != "decision"] == [
        ("plan", 1),
        ("start", 1),
        ("read-back", 1),
        ("end", 1),
    ]
    start = told[1]
    assert (start.job, start.process) == ("1000", None)
    assert "Slurm job 1000 submitted (defib-" in start.says.en
    assert "已提交 Slurm 作业 1000" in start.says.zh
    job = json.loads((cluster / "1000.json").read_text())
    assert sys.prefix not in job["env"].get("VIRTUAL_ENV", "")
    assert f"{sys.prefix}/bin" not in job["env"]["PATH"].split(os.pathsep)


def test_a_relapse_cancels_the_job(ward, cluster):
    nurse, _told = bedside(ward, "hopeless", slurm="", attempts=1)
    assert nurse.run() == "relapsed"
    assert until("1000", False)


def test_a_supervisor_killed_before_it_wrote_the_start_down_finds_the_job_and_submits_no_second(ward, cluster):
    from defib import pipeline

    nurse, _ = bedside(ward, "slow", slurm="")
    (cluster / "dies-after").touch()
    code = (
        "import sys; from pathlib import Path; from defib import pipeline; from defib.supervision import Bedside, Orders\n"
        "case = pipeline.open_case(Path(sys.argv[1]))\n"
        "Bedside(case, Orders(template=sys.argv[2], pause=0.05, slurm='')).run()\n"
    )
    killed = subprocess.run(
        [sys.executable, "-c", code, nurse.case.written["plan"], nurse.orders.template], check=False, timeout=60
    )
    assert killed.returncode == -9
    assert [one.kind for one in Journal(ward).entries()] == ["plan"]
    (cluster / "dies-after").unlink()
    told = []
    case = pipeline.open_case(Path(nurse.case.written["plan"]))
    again = Bedside(case, Orders(template=nurse.orders.template, pause=0.05, slurm=""), told.append)
    assert again.run() == "recovered"
    start = next(one for one in told if one.kind == "start")
    assert "is there already" in start.says.en
    assert "已存在" in start.says.zh
    assert (start.job, start.attempt) == ("1000", 1)
    assert len(list(cluster.glob("*.json"))) == 1


def test_the_one_that_carries_on_looks_after_the_job(ward, cluster):
    nurse, _ = bedside(ward, "slow", slurm="")
    code = (
        "import sys, os, signal; from pathlib import Path; from defib import pipeline; from defib.supervision import Bedside, Orders\n"
        "case = pipeline.open_case(Path(sys.argv[1]))\n"
        "die = lambda entry: os.kill(os.getpid(), signal.SIGKILL) if entry.kind == 'start' else None\n"
        "Bedside(case, Orders(template=sys.argv[2], pause=0.05, slurm=''), die).run()\n"
    )
    subprocess.run(
        [sys.executable, "-c", code, nurse.case.written["plan"], nurse.orders.template], check=False, timeout=60
    )
    assert [one.kind for one in Journal(ward).entries()] == ["plan", "start"]
    assert nurse.carry_on() == "recovered"
    assert len(list(cluster.glob("*.json"))) == 1
