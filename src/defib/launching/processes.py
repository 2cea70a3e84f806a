"""Which process is which: a number alone is given out again, a number with its moment of birth is not."""

from __future__ import annotations

import socket
from pathlib import Path

import psutil

from defib.records import Process

APART = 1.0
"""Seconds by which two readings of one moment of birth may differ: the system counts in ticks since it was started."""


def identity(pid: int) -> Process:
    """The process that has this number now.

    Raises psutil.NoSuchProcess.
    """
    started = psutil.Process(pid).create_time()
    return Process(pid=pid, started=started, host=socket.gethostname(), ticks=_ticks(pid), boot=_boot())


def alive(process: Process) -> bool | None:
    """Whether that very process still runs; None for one of another machine, which cannot be seen from here."""
    if process.host != socket.gethostname():
        return None
    if process.boot is not None and _boot() not in (None, process.boot):
        return False  # the machine was started anew since
    try:
        found = psutil.Process(process.pid)
        ticks = _ticks(process.pid)
        if process.ticks is not None and ticks is not None:
            same_birth = ticks == process.ticks
        else:
            same_birth = abs(found.create_time() - process.started) <= APART
        return bool(same_birth and found.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def _ticks(pid: int) -> int | None:
    """Field 22 of /proc/PID/stat (proc_pid_stat(5)), behind the name, which may hold blanks and brackets."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
        return int(text.rpartition(")")[2].split()[19])
    except (OSError, ValueError, IndexError):
        return None


def _boot() -> str | None:
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except OSError:
        return None


def end(process: Process, patience: float = 30.0) -> None:
    """Ask a process and its children to end, and end them after `patience` seconds. Another one with its number is let be."""
    if not alive(process):
        return
    try:
        parent = psutil.Process(process.pid)
        family = [*parent.children(recursive=True), parent]
    except psutil.NoSuchProcess:
        return
    for one in family:
        _signalled(one, hard=False)
    _, left = psutil.wait_procs(family, timeout=patience)
    for one in left:
        _signalled(one, hard=True)
    psutil.wait_procs(left, timeout=patience)


def _signalled(one: psutil.Process, *, hard: bool) -> None:
    try:
        one.kill() if hard else one.terminate()
    except psutil.NoSuchProcess:
        return
