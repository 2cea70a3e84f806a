"""mmaction2's `--dump` pickle (mmengine's DumpResults), and the lists of scores that pyskl and mmaction2 0.x write.

A list with one entry for each sample: a dict with `pred_score` (mmaction2 1.2: a tensor, or a dict of one tensor for
each branch) or `pred_scores` (1.0 and 1.1: a dict whose `item` is the tensor), and `gt_label` or `gt_labels`; or
the scores alone, and then there are no labels.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from defib.predictions.table import FUSED
from defib.reading.checkpoint.problems import Broken
from defib.reading.checkpoint.unpickling import Built, unpickle
from defib.reading.predictions import problems
from defib.reading.predictions.problems import Unfit, Unreadable
from defib.reading.predictions.stacking import stacked
from defib.reading.predictions.values import Values, refuse_others

if TYPE_CHECKING:
    from collections.abc import Iterator

    from defib.predictions import Table
    from defib.reading.predictions.stacking import Row

BYTES_EACH = 2  # a dump has at least so many for each instruction (measured: 20 and more), a bomb has one
FREE = 100_000  # instructions of a small file, which may have shorter ones
MOST = 30_000_000  # instructions: a million samples with a tensor each; up to 100 bytes of memory go with each. Assumed
SCORES = ("pred_score", "pred_scores", "scores")
LABELS = ("gt_label", "gt_labels", "label")
NAMES = ("name", "frame_dir", "filename", "video_id", "img_key")
ONE = "item"  # what mmengine's LabelData calls its only value


def read_pickle(file: str, data: bytes) -> Table:
    """Read a dump without executing it.

    Raises Unsafe when it names what scores do not need, Unreadable, Unfit.
    """
    try:
        pickle = unpickle(data, most=min(len(data) // BYTES_EACH + FREE, MOST))
    except Broken:
        raise Unreadable(problems.PICKLE) from None
    refuse_others(pickle.globals)
    samples = pickle.value
    if not isinstance(samples, list | tuple):
        raise Unreadable(problems.NOT_SAMPLES.fill(found=_kind(samples)))
    if not samples:
        raise Unreadable(problems.NOT_SAMPLES.fill(found="[]"))
    if len(samples) > len(data):
        raise Unreadable(problems.REPEATS)
    return stacked(file, "pickle", _rows(samples, Values(most=len(data))))


def _rows(samples: list[object] | tuple[object, ...], values: Values) -> Iterator[Row]:
    for index, sample in enumerate(samples):
        if not isinstance(sample, dict):
            yield {FUSED: _row(values, index, FUSED, sample)}, None, None
            continue
        found = _scores(sample)
        if not found:
            raise Unreadable(problems.NO_SCORES.fill(index=index))
        scores = {branch: _row(values, index, branch, value) for branch, value in found.items()}
        yield scores, _label(values, index, sample), _name(sample)


def _scores(sample: dict[object, object]) -> dict[str, object]:
    """The scores by branch, as they stand in the pickle."""
    found: dict[str, object] = {}
    for key in SCORES:
        held = sample.get(key)
        if isinstance(held, dict):
            found |= {FUSED if name == ONE else str(name): value for name, value in held.items()}
        elif held is not None:
            found[FUSED] = held
        if found:
            return found
    named = {str(key): value for key, value in sample.items() if str(key).startswith("scores_")}
    if named:
        return {key.removeprefix("scores_"): value for key, value in named.items()}
    bare = all(isinstance(value, Built | list | tuple) for value in sample.values())  # pyskl: {"rgb": array, ...}
    return {str(key): value for key, value in sample.items()} if bare else {}


def _row(values: Values, index: int, branch: str, value: object) -> np.ndarray:
    found = values.array(value)
    if found is not None and found.ndim == 2 and len(found) == 1:  # noqa: PLR2004 (a batch of one)
        found = found[0]
    if found is None or found.ndim != 1:
        raise Unreadable(problems.NOT_VALUES.fill(name=branch, index=index))
    return found


def _label(values: Values, index: int, sample: dict[object, object]) -> float | None:
    held = next((sample[key] for key in LABELS if sample.get(key) is not None), None)
    if isinstance(held, dict):
        held = held.get(ONE)
    if held is None:
        return None
    found = values.array(held)
    if found is None:
        raise Unreadable(problems.NOT_VALUES.fill(name="label", index=index))
    if found.size != 1:
        raise Unfit(problems.MANY_LABELS.fill(index=index, count=found.size))
    return float(np.ravel(found)[0])


def _name(sample: dict[object, object]) -> str | None:
    return next((value for key in NAMES if isinstance(value := sample.get(key), str)), None)


def _kind(value: object) -> str:
    return str(value.function) if isinstance(value, Built) else type(value).__name__
