"""The closed loop's results as tables."""

from __future__ import annotations

import statistics
from typing import Any

from bench.intervals import exact
from bench.loop.faults import EPOCHS
from bench.markdown import row

ARMS = ("alone", "kept", "unchanged", "tenth", "rescued", "twin")
HEADS = {
    "alone": "left alone",
    "kept": "stopped, best kept",
    "unchanged": "best, unchanged",
    "tenth": "best, lr / 10",
    "rescued": "rescued",
    "twin": "clean twin",
}


def report(found: list[dict[str, Any]]) -> str:
    """Markdown."""
    faulty = [one for one in found if "fault" in one]
    names = dict.fromkeys(one["fault"] for one in faulty)
    text = f"Final held-out accuracy in per cent after {EPOCHS} epochs in all, mean ± deviation; never the best of a run.\n\n"
    heads = ["fault", "seeds", "seen", *HEADS.values(), "recovered", "attempts", "epochs spent", "cause first"]
    rows = [_row(name, [one for one in faulty if one["fault"] == name]) for name in names]
    text += "\n".join(row(cells) for cells in (heads, ["---"] * len(heads), *rows)) + "\n\n"
    heads = ["fault", "seed", "seen after", *HEADS.values(), "outcome", "edits"]
    rows = [_single(one) for one in faulty]
    text += "\n".join(row(cells) for cells in (heads, ["---"] * len(heads), *rows)) + "\n\n"
    healthy = [one for one in found if "healthy" in one]
    rows = [
        [
            one["healthy"],
            str(one["seed"]),
            one["verdict"],
            f"{one['alone']['best']:.1f}",
            f"{one['alone']['final']:.1f}",
        ]
        for one in healthy
    ]
    acted = sum(one["seen"] is not None for one in healthy)
    low, high = exact(acted, len(healthy))
    text += f"Healthy runs on which a rescue would have begun: {acted} of {len(healthy)} [{low:.0%} - {high:.0%}].\n\n"
    heads = ["healthy run", "seed", "last verdict", "best", "final"]
    return text + "\n".join(row(cells) for cells in (heads, ["---"] * len(heads), *rows)) + "\n"


def _row(name: str, cases: list[dict[str, Any]]) -> list[str]:
    seen = [one for one in cases if one["seen"] is not None]
    spent = [one["rescued"]["spent"] for one in seen]
    return [
        name,
        str(len(cases)),
        f"{len(seen)}",
        *(_spread([value for one in cases if (value := final(one, arm)) is not None]) for arm in ARMS),
        f"{sum(one.get('outcome') == 'recovered' for one in seen)} of {len(seen)}",
        _spread([one["attempts"] for one in seen]),
        _spread(spent),
        ", ".join(dict.fromkeys(one["causes"][0] if one["causes"] else "-" for one in seen)) or "-",
    ]


def _single(one: dict[str, Any]) -> list[str]:
    values = [final(one, arm) for arm in ARMS]
    edits = [f"{key} {old} -> {new}" for key, old, new in one.get("edits", ()) if key not in ("load_from", "work_dir")]
    return [
        one["fault"],
        str(one["seed"]),
        "-" if one["seen"] is None else str(one["seen"]),
        *("-" if value is None else f"{value:.1f}" for value in values),
        one.get("outcome") or one["verdict"],
        "; ".join(edits) or "-",
    ]


def final(one: dict[str, Any], arm: str) -> float | None:
    """The last score of an arm; of `kept` that of the checkpoint from which the rescue began."""
    if arm == "kept":
        value = one.get("kept")
        return None if value is None else float(value)
    found = one.get(arm)
    return None if found is None or found["final"] is None else float(found["final"])


def _spread(values: list[float]) -> str:
    if not values:
        return "-"
    mean = f"{statistics.mean(values):.1f}"
    return f"{mean} ± {statistics.stdev(values):.1f}" if len(values) > 1 else mean
