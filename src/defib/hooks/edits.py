"""Changes to a training that goes on: rates and what a scheduler makes them from, the gradient of a branch."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from typing import Any, Mapping, Sequence

RATES = ("lr", "initial_lr", "max_lr", "min_lr")
"""What the schedulers of torch keep in a group of parameters."""


class Edit(NamedTuple):
    """One change, never taken back by itself."""

    kind: str
    """`factor`: all rates times `value`. `cap`: the rate of group `of` stays at or below `value`. `clip`: the gradient of branch `of` is clipped to the norm `value`. `skip`: nothing but the batches in between."""
    value: float = 1.0
    of: str = ""


class Live:
    """The edits that hold, applied again wherever a snapshot from before them is restored."""

    def __init__(self, optimizer: Any, schedulers: Sequence[Any]) -> None:
        """schedulers: those that set the rates of the optimizer."""
        self._optimizer, self._schedulers = optimizer, schedulers
        self.edits: list[Edit] = []
        optimizer.register_step_pre_hook(self._capped)

    @property
    def clips(self) -> dict[str, float]:
        """Branch -> norm to which its gradient is clipped."""
        found: dict[str, float] = {}
        for one in self.edits:
            if one.kind == "clip":
                found[one.of] = min(one.value, found.get(one.of, one.value))
        return found

    def add(self, edits: Sequence[Edit]) -> None:
        """Make these as well, from now on."""
        self.edits += edits
        self.again(len(self.edits) - len(edits))

    def again(self, known: int) -> None:
        """Rates came from a snapshot that knew the first `known` edits: make the others once more."""
        for one in self.edits[known:]:
            if one.kind == "factor":
                self._multiply(one.value)
        self._capped()

    def _multiply(self, factor: float) -> None:
        for group in self._optimizer.param_groups:
            for name in RATES:
                if name in group:
                    group[name] = group[name] * factor
        for scheduler in self._schedulers:
            for name in ("base_lrs", "min_lrs", "max_lrs", "_last_lr"):
                rates = getattr(scheduler, name, None)
                if isinstance(rates, list):
                    setattr(scheduler, name, [rate * factor for rate in rates])

    def _capped(self, *_: Any) -> None:
        caps = {one.of: one.value for one in self.edits if one.kind == "cap"}  # of several the last holds
        for number, group in enumerate(self._optimizer.param_groups if caps else ()):
            cap = caps.get(str(number))
            if cap is not None and float(group["lr"]) > cap:
                group["lr"] = cap


def smallest(
    now: Sequence[float], then: Sequence[float], norms: Mapping[str, tuple[float, float]], *, finite: bool
) -> list[Edit]:
    """The smallest change that the evidence speaks for.

    now, then: rate of each group at the fault and at the snapshot; norms: branch -> its usual gradient norm and that
    before the fault; finite: whether everything that was measured was.
    """
    risen = [
        Edit("cap", old, str(number)) for number, (new, old) in enumerate(zip(now, then)) if new > RISEN_RATE * old > 0
    ]
    if risen:
        return risen
    grown = [Edit("clip", usual, branch) for branch, (usual, late) in norms.items() if late > GROWN * usual > 0]
    if grown:
        return grown
    return [Edit("factor", LOWER)] if finite else [Edit("skip")]


def stronger(then: Sequence[float], norms: Mapping[str, tuple[float, float]]) -> list[Edit]:
    """Everything that may help, together: no rate above that of the snapshot, no gradient above the usual, a tenth of the rate."""
    caps = [Edit("cap", rate, str(number)) for number, rate in enumerate(then) if rate > 0]
    clips = [Edit("clip", usual, branch) for branch, (usual, _) in norms.items() if usual > 0]
    return [*caps, *clips, Edit("factor", LOWER)]


RISEN_RATE = 1.5
"""A rate that has grown by this since the snapshot is the first suspect; a warm-up grows slower between two looks (assumed)."""
GROWN = 3.0
"""So is a branch whose gradient is this much larger than usual (assumed)."""
LOWER = 0.1
"""The folk remedy, where nothing points elsewhere."""
