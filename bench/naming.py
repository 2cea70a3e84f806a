"""The one word for a checkup, in the words of the labels."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from defib.records import Checkup

FALLS = {"val_collapse", "loss_divergence", "branch_collapse"}
MANY = 4
"""Falls that healed, from which a run is said to swing rather than to have spiked; assumed."""


def named(checkup: Checkup) -> str:
    """The one word for a checkup, the gravest first, in the words of the labels."""
    lasting = {one.rule for one in checkup.symptoms if one.severity == "act" and one.cleared is None}
    seen = {one.rule for one in checkup.symptoms if one.severity != "note"}
    standing = {one.rule for one in checkup.symptoms if one.cleared is None}
    below = {one.rule for one in checkup.symptoms if one.severity == "watch" and one.cleared is None}
    healed = {(one.rule, one.onset) for one in checkup.symptoms if one.rule in FALLS and one.cleared is not None}
    words = (
        ("nan", "non_finite" in lasting),
        ("collapse", bool(lasting & FALLS)),
        ("plateau", "plateau" in standing),
        ("overfit", "overfitting" in seen or "val_collapse" in below),
        ("oscillating", len(healed) >= MANY),
        ("spike", bool(healed)),
        ("oscillating", "oscillation" in seen),
    )
    return next((word for word, holds in words if holds), "healthy")
