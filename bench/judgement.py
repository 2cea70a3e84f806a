"""How often defib is right, on labelled logs and on made-up families.

Call: python -m bench.judgement --logs DIR [--docs docs] [--misses] [--jobs N] [--seeds N] [--json FILE] [--kept DIR].

DIR holds `index.csv` (dir, file, label, onset_unit, onset, ...) and the logs. A log is named at its end; "quiet" means
no `act`. `unclear` is listed and not scored. Nothing is fitted here: the numbers are printed, with exact intervals.
`--seeds 0` leaves the families out. With `--kept`, a second call goes on where the first one was stopped.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import track

from bench import by_rule, evidence, losses, tables
from bench.corpus import SEEDS, generated, labelled
from bench.doctors.result import RESULTS, stored
from bench.intervals import exact
from bench.judging import judge, judged_all
from bench.naming import named
from bench.scoring import by_label, scores

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bench.corpus import Case
    from bench.judging import Verdict

__all__ = ["judged", "main", "named", "report"]


def judged(logs: Path) -> Iterable[Verdict]:
    """Every labelled log, read and judged."""
    return map(judge, labelled(logs))


def report(verdicts: Sequence[Verdict]) -> str:
    """Recall, delay, false alarms and wrong names per label, with exact intervals."""
    lines = [f"{len(verdicts)} logs, {sum(one.name != 'unreadable' for one in verdicts)} read"]
    for label, found in by_label(verdicts).items():
        lines.append(f"{label:12} {len(found):3}  named {tables.names(found)}")
    for one in scores(verdicts):
        low, high = exact(one.hits, one.of)
        lines.append(f"{one.says.en}: {one.hits}/{one.of}  [{low:.0%}, {high:.0%}]")
    return "\n".join(lines)


def _watched(cases: Sequence[Case], what: str, given: argparse.Namespace) -> list[Verdict]:
    coming = judged_all(cases, given.jobs, given.kept)
    return list(track(coming, what, total=len(cases), console=Console(stderr=True), transient=True))


def _print(verdicts: Sequence[Verdict], made_up: Sequence[Verdict], *, misses: bool) -> None:
    print(report(verdicts))
    labels, delays, rules = tables.labels(verdicts, "en"), tables.delays(verdicts, "en"), by_rule.table(verdicts, "en")
    print("\n".join(["", *labels, "", *delays, "", *rules]))
    if made_up:
        print("\nMade-up families:", report(made_up))
        families, wrong = tables.families(made_up, "en"), losses.families(made_up, "en")
        print("\n".join(["", *families, "", *wrong, "", *by_rule.table(made_up, "en")]))
    for one in [*verdicts, *made_up] if misses else []:
        if one.name != one.label:
            said = f"{' '.join(one.rules)}{one.problem[:90]}"
            print(f"{one.log:40} {one.written:12} {one.label:11} -> {one.name:11} {said}")


def main() -> int:
    """Score the labelled logs of a folder, and the families."""
    parser = argparse.ArgumentParser(prog="python -m bench.judgement", description=__doc__)
    parser.add_argument("--logs", type=Path, required=True, help="folder with index.csv and the logs")
    parser.add_argument("--json", type=Path, help="write every verdict as one JSON line")
    parser.add_argument("--docs", type=Path, help="write the evidence pages (English, and zh/) below this folder")
    parser.add_argument("--misses", action="store_true", help="list every log that was not named as labelled")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="logs judged at a time")
    parser.add_argument("--seeds", type=int, default=SEEDS, help="runs of each family; 0 for none")
    parser.add_argument("--kept", type=Path, help="keep what is done in this folder, and go on from it")
    given = parser.parse_args()
    if not (given.logs / "index.csv").is_file():
        parser.error(f"{given.logs}: no index.csv here")
    verdicts = _watched(list(labelled(given.logs)), "labelled logs", given)
    with tempfile.TemporaryDirectory() as folder:
        made_up = _watched(list(generated(Path(folder), given.seeds)), "made-up families", given)
    _print(verdicts, made_up, misses=given.misses)
    if given.docs:
        evidence.write(given.docs, verdicts, made_up, stored(RESULTS))
    if given.json:
        lines = [json.dumps(one._asdict()) + "\n" for one in [*verdicts, *made_up]]
        given.json.write_text("".join(lines), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
