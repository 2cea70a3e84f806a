"""In which numbers a run computes: read from its config, never run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from defib import settings

if TYPE_CHECKING:
    from defib.records import Run


@dataclass(frozen=True, slots=True, kw_only=True)
class Precision:
    """What a config says about its numbers."""

    kind: Literal["half", "bfloat", "full"]
    path: str
    value: Any
    fixed_scale: float | None = None
    """The loss scale, where it is a number and does not adapt."""


def precision(run: Run) -> Precision | None:
    """The numbers of a run; None where no config says it.

    >>> from defib.samples import run_of
    >>> wrapper = {"type": "AmpOptimWrapper", "dtype": "bfloat16"}
    >>> precision(run_of({"val/top1": [1.0]}, config={"optim_wrapper": wrapper})).kind
    'bfloat'
    """
    tree = {} if run.config is None else run.config.tree
    for name, kind in (("fp16", "half"), ("bf16", "bfloat")):
        path = f"strategy.{name}.enabled"
        if settings.has(tree, path) and settings.at(tree, path) is True:
            return Precision(kind="half" if kind == "half" else "bfloat", path=path, value=True)
    if isinstance(tree.get("fp16"), dict):
        return Precision(kind="half", path="fp16", value=tree["fp16"], fixed_scale=_scale(tree["fp16"]))
    for key in ("optim_wrapper", "optimizer_config"):
        held = tree.get(key)
        if isinstance(held, dict) and settings.EXPRESSION not in held:
            return _of(key, held)
    return None


def _of(key: str, held: dict[str, Any]) -> Precision | None:
    kind = held.get("type", "OptimWrapper")
    path = f"{key}.type" if "type" in held else key
    if not isinstance(kind, str):
        return None
    if kind == "AmpOptimWrapper" and "dtype" in held:
        dtype = held["dtype"]
        named: Literal["half", "bfloat", "full"] | None = _DTYPES.get(dtype if isinstance(dtype, str) else None)
        return (
            None if named is None else Precision(kind=named, path=f"{key}.dtype", value=dtype, fixed_scale=_scale(held))
        )
    if kind in ("AmpOptimWrapper", "ApexOptimWrapper") or "Fp16" in kind:
        return Precision(kind="half", path=path, value=kind, fixed_scale=_scale(held))
    return Precision(kind="full", path=path, value=kind) if kind in _FULL else None


_DTYPES: dict[str | None, Literal["half", "bfloat", "full"]] = {
    None: "half",  # what torch takes on a GPU when nothing is said
    "float16": "half",
    "bfloat16": "bfloat",
    "float32": "full",
}
_FULL = ("OptimWrapper", "OptimizerHook", "GradientCumulativeOptimizerHook")


def _scale(held: dict[str, Any]) -> float | None:
    scale = held.get("loss_scale")
    return float(scale) if isinstance(scale, int | float) and not isinstance(scale, bool) else None
