"""What a doctor said about a log, in the words in which defib is scored, and where the results are kept."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

RESULTS = Path(__file__).parent.parent / "results" / "doctors.jsonl"

Level = Literal["act", "watch", "note", ""]
Form = Literal["native", "clean"]
FORMS: tuple[Form, ...] = ("native", "clean")


class Result(NamedTuple):
    """One doctor on one log."""

    doctor: str
    version: str
    form: Form
    """The file as it was found, or the clean table made of it."""
    log: str
    read: bool
    level: Level
    """The gravest that it said; empty for nothing, or where it could not read."""
    first: str = ""
    """The first problem of that level, in its own word."""
    crashed: str = ""
    """The kind of error with which it ended, where it did not catch it; `died` where its process was gone."""
    asked: str = ""
    """The digest of the bytes that it was given: another file is another question."""

    @property
    def question(self) -> tuple[str, str, Form, str]:
        """What one result is the answer to."""
        return self.doctor, self.version, self.form, self.log


def stored(file: Path) -> list[Result]:
    """The results of a file; none where there is no file. A half-written last line is left out."""
    if not file.is_file():
        return []
    lines = file.read_text(encoding="utf-8").split("\n")[:-1]
    return [Result(*json.loads(line)) for line in lines]


def compact(file: Path) -> None:
    """Keep the last answer to each question, in the order of doctors, forms and logs."""
    last = {one.question: one for one in stored(file)}
    lines = [json.dumps(last[key], ensure_ascii=False) + "\n" for key in sorted(last)]
    written = file.with_suffix(".tmp")
    written.write_text("".join(lines), encoding="utf-8")
    written.replace(file)


def store(file: Path, results: Iterable[Result]) -> None:
    """Add results to a file."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a", encoding="utf-8") as lines:
        for one in results:
            lines.write(json.dumps(one, ensure_ascii=False) + "\n")
            lines.flush()
