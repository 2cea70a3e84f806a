"""Which process is which: a number alone is given out again, a number with its moment of birth is not."""

from __future__ import annotations

import socket

import psutil

from defib.records import Process

APART = 1.0
"""Seconds by which two readings of one moment of birth may differ: the system counts in ticks since it was started."""


def identity(pid: int) -> Process:
    """The process that has this number now.

    Raises psutil.NoSuchProcess.
    """
    return Process(pid=pid, started=psutil.Process(pid).create_time(), host=socket.gethostname())


def alive(process: Process) -> bool | None:
    """Whether that very process still runs; None for one of another machine, which cannot be seen from here."""
    if process.host != socket.gethostname():
        return None
    try:
        found = psutil.Process(process.pid)
        same_birth = abs(found.create_time() - process.started) <= APART
        return bool(same_birth and found.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


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
