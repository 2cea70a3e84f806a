"""A text with `name value` pairs, as training scripts print it: one line a step or an epoch, for people to read.

Step unit: as the text counts. A count within an epoch (`Epoch: [3][100/5005]`, `Iter 20` below `Training epoch: 3`) is
made a step by the length of an epoch; epochs are left as they are counted. A line that names no epoch belongs to the
last one that was named, and to the split of the last heading (`Eval epoch: 3`).
Of `Loss 6.9 (7.0)` the first number is read in training, and the average in an evaluation, of whose progress only the
end counts. Where training and validation losses begin far apart before anything was learned, the training's is a sum.
Gives up: on a text in which no metric that is known stands on three lines with moments of their own; on lines that say
neither; on best values so far; on progress bars that are not full. The last evaluation is
left for next time while only its progress is written, and so is a half-written last line.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from defib.reading.console_lines import console_lines
from defib.reading.format import Format
from defib.reading.jsonlines import HALF
from defib.reading.ledger import Ledger
from defib.reading.programs import only, run_from
from defib.reading.sums import is_summed, of_sum
from defib.reading.told import SILENT, Told
from defib.reading.within import moments_of
from defib.words import Words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from defib.metrics import Meaning
    from defib.reading.source import Source
    from defib.records import Run

LOOKED_AT = 2 * 2**20  # bytes; some programs print their own source before the first step
LINES = 20_000  # of them; where nothing was told by then, the text is about something else
MOMENTS = 3  # different moments at which one metric must be known; assumed
ROWS_PER_LINE = 0.01  # of all lines; assumed: a text with fewer is about something else

SUMMED = Words(
    en="{file}: before anything was learned the training loss is {times} times the validation loss, so it is a sum and not compared with it",
    zh="{file}：尚未开始学习时，训练损失就是验证损失的 {times} 倍，说明它是求和而不是平均，因此不与验证损失比较",
)

_CLOCKS = re.compile(rb"(?i)epoch|step|iter|round|episode|update|\xe7\xac\xac|\d\s+(?:train|val)\s")


def _recognises(source: Source) -> bool:
    if source.binary or not _CLOCKS.search(source.data[:LOOKED_AT]):
        return False
    told = Told()
    moments: dict[str, set[tuple[float | None, float | None]]] = {}
    seen = 0
    enough = False
    for number, line in console_lines(source.data[:LOOKED_AT].decode("utf-8", "replace")):
        if number > LINES:
            break
        told.line(number, line)
        for row in told.rows[seen:]:
            here = (row.moment.epoch, row.moment.at)
            for name, _ in row.values if here != (None, None) else ():
                meaning = told.meanings.get((row.split, name))
                if meaning is not None and meaning.measure.name not in SILENT:
                    known = moments.setdefault(meaning.key, set())
                    known.add(here)
                    enough = enough or len(known) >= MOMENTS
        seen = len(told.rows)
        if enough and seen >= ROWS_PER_LINE * told.lines:
            return True
    return False


def _read(sources: Sequence[Source]) -> Run:
    source = only(sources)
    text = source.text
    told = Told()
    for number, line in console_lines(text):
        told.line(number, line)
    rows = told.done()
    notes = [HALF.fill(file=source.name)] if text.rpartition("\n")[2].strip() else []
    times = is_summed(rows, told.meanings)
    if times:
        notes.append(SUMMED.fill(file=source.name, times=round(times)))
    ledger = Ledger()
    for row, at in zip(rows, moments_of(rows), strict=True):
        ledger.add(row.split, row.values, at=at, place=(0, row.line))

    def meaning(raw: str, split: str) -> Meaning | None:
        found = told.meanings.get((split, raw))
        return of_sum(found) if times and found is not None and found.key == "train/loss" else found

    return run_from("text", source, ledger, meaning=meaning, percent=told.percent.__contains__, notes=notes)


name_value = Format(
    name="name_value",
    framework="text",
    says=Words(en="a text log with name-value pairs", zh="含“名称 数值”的文本日志"),
    rank=95,
    recognises=_recognises,
    read=_read,
)
