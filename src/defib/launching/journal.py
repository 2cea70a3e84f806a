"""The journal of a run: JSON lines, only ever appended to, synced before the next thing is done.

It lies beside the run, in `.defib/NAME.jsonl` of the run's folder, and outlives the supervisor: what is not in it did not happen. A
line that a power cut has torn is left as it is and not read; the next one begins behind it.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

import msgspec
from filelock import SoftFileLock, Timeout

from defib.errors import CannotWrite
from defib.launching.refusals import AlreadySupervised, JournalUnreadable
from defib.records import Entry, from_json, to_json
from defib.words import same

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FOLDER = ".defib"


class Journal:
    """What was done about one run."""

    def __init__(self, run: Path) -> None:
        """run: the run's folder, or its log; nothing is made yet."""
        home, name = (run, "journal") if run.is_dir() else (run.parent, run.name)
        self.path = home / FOLDER / f"{name}.jsonl"

    def entries(self) -> tuple[Entry, ...]:
        """All lines, the oldest first; none where there is no journal.

        Raises JournalUnreadable for a line in the middle that is none of ours.
        """
        try:
            lines = self.path.read_bytes().split(b"\n")
        except FileNotFoundError:
            return ()
        except OSError as error:
            raise JournalUnreadable(path=self.path, line="-", reason=same(error.strerror or str(error))) from None
        found: list[Entry] = []
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                found.append(from_json(line, Entry))
            except (msgspec.DecodeError, UnicodeDecodeError) as error:
                if line[:1] == b"{" and line[-1:] != b"}":  # torn: the machine stopped while it was written
                    continue
                raise JournalUnreadable(path=self.path, line=number, reason=same(str(error))) from None
        return tuple(found)

    def append(self, entry: Entry) -> Entry:
        """Write one line and wait until it is on the disk.

        Raises CannotWrite.
        """
        try:
            new = not self.path.exists()
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self.path.open("a+b") as file:
                file.seek(0, os.SEEK_END)
                if file.tell() and not _ends_a_line(file.fileno()):
                    file.write(b"\n")
                file.write(to_json(entry) + b"\n")
                file.flush()
                os.fsync(file.fileno())
            if new:
                _sync_folder(self.path.parent)
        except OSError as error:
            raise CannotWrite(path=self.path, reason=same(error.strerror or str(error))) from None
        return entry

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the run for this process alone, also on a network file system.

        What a dead supervisor of this machine left is taken over.

        Raises AlreadySupervised, CannotWrite.
        """
        lock = SoftFileLock(self.path.with_suffix(".lock"), timeout=0)
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            lock.acquire()
        except Timeout:
            raise AlreadySupervised(path=self.path.parent.parent, pid=lock.pid or "?", lock=lock.lock_file) from None
        except OSError as error:
            raise CannotWrite(path=self.path.parent, reason=same(error.strerror or str(error))) from None
        try:
            yield
        finally:
            lock.release()


def _ends_a_line(descriptor: int) -> bool:
    size = os.fstat(descriptor).st_size
    return os.pread(descriptor, 1, size - 1) == b"\n"


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
