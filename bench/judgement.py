"""How often defib is right on labelled logs.

Call: python -m bench.judgement --logs DIR [--misses] [--json FILE].

DIR holds `index.csv` (dir, file, label, onset_unit, onset, ...) and the logs. A log is named at its end; "quiet" means
no `act`. `unclear` is listed and not scored. Nothing is fitted here: the numbers are printed, with exact intervals.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from bench.evidence import page
from bench.intervals import exact
from bench.naming import named
from bench.scoring import Verdict, by_label, scores
from defib import health, reading
from defib.errors import DefibError

if TYPE_CHECKING:
    from collections.abc import Iterable


def judged(logs: Path) -> Iterable[Verdict]:
    """Every labelled log, read and judged."""
    with (logs / "index.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        path, log = logs / row["dir"] / row["file"], row["dir"]
        try:
            checkup = health.check(reading.read(path))
        except DefibError as error:
            yield Verdict(log, row["label"], "unreadable", act=False, watch=False, rules=(), problem=error.words.en)
            continue
        severities = {one.severity for one in checkup.symptoms}
        told = Counter(f"{one.rule}:{one.severity}{'-' if one.cleared else ''}" for one in checkup.symptoms)
        rules = tuple(f"{rule} x{count}" if count > 1 else rule for rule, count in told.items())
        yield Verdict(log, row["label"], named(checkup), "act" in severities, "watch" in severities, rules)


def report(verdicts: list[Verdict]) -> str:
    """Recall, false alarms and wrong names per label, with exact intervals."""
    lines = [f"{len(verdicts)} logs, {sum(one.name != 'unreadable' for one in verdicts)} read"]
    for label, found in by_label(verdicts).items():
        names = Counter(one.name for one in found)
        lines.append(f"{label:12} {len(found):3}  named " + ", ".join(f"{name} {n}" for name, n in names.most_common()))
    for words, hits, of in scores(verdicts):
        low, high = exact(hits, of)
        lines.append(f"{words.en}: {hits}/{of}  [{low:.0%}, {high:.0%}]")
    return "\n".join(lines)


def main() -> int:
    """Score the labelled logs of a folder."""
    parser = argparse.ArgumentParser(prog="python -m bench.judgement", description=__doc__)
    parser.add_argument("--logs", type=Path, required=True, help="folder with index.csv and the logs")
    parser.add_argument("--json", type=Path, help="write every verdict as one JSON line")
    parser.add_argument("--docs", type=Path, help="write the evidence pages (English, and zh/) below this folder")
    parser.add_argument("--misses", action="store_true", help="list every log that was not named as labelled")
    given = parser.parse_args()
    if not (given.logs / "index.csv").is_file():
        parser.error(f"{given.logs}: no index.csv here")
    verdicts = list(judged(given.logs))
    print(report(verdicts))
    if given.misses:
        for one in verdicts:
            if one.name != one.label:
                print(f"{one.log:40} {one.label:11} -> {one.name:11} {' '.join(one.rules)}{one.problem[:90]}")
    if given.docs:
        for language, folder in (("en", given.docs / "evidence"), ("zh", given.docs / "zh" / "evidence")):
            folder.mkdir(parents=True, exist_ok=True)
            (folder / "judgement.md").write_text(page(verdicts, language), encoding="utf-8")
    if given.json:
        given.json.write_text("".join(json.dumps(one._asdict()) + "\n" for one in verdicts), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
