"""Where a checkpoint keeps its weights, and how far the run had come when it was written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from defib.reading.checkpoint import problems
from defib.reading.checkpoint.problems import Broken
from defib.reading.checkpoint.tensors import DTYPE_WIDTH, STORAGE_WIDTH, tensor
from defib.reading.checkpoint.unpickling import Built, Global

if TYPE_CHECKING:
    from defib.reading.checkpoint.unpickling import Pickle

STATE_DICT_KEYS = ("state_dict", "model_state_dict", "model_state", "model")
"""In this order. mmengine, Lightning and timm use the first, PySlowFast the third, detectron2 the last."""
MOST_SCORES = 100  # metrics that a checkpoint holds; assumed

# What torch.load(weights_only=True) accepts, as far as a file of mere weights names it (torch 2.6 to 2.13).
_WEIGHTS_GLOBALS = {
    "torch": {"Size", "Tensor", "device", *DTYPE_WIDTH, *STORAGE_WIDTH},
    "torch.storage": {"TypedStorage", "UntypedStorage"},
    "torch._tensor": {"_rebuild_from_type_v2"},
    "torch.nn.parameter": {"Parameter"},
    "torch.serialization": {"_get_layout"},
    "collections": {"OrderedDict", "Counter"},
    "_codecs": {"encode"},
    "builtins": {"set", "bytearray", "complex"},
    "__builtin__": {"set", "bytearray", "complex"},
}
_WEIGHTS_PROTOCOL = 2  # the only pickle protocol whose opcodes weights_only=True knows


@dataclass(frozen=True, slots=True)
class Contents:
    """A checkpoint's state dict and its place in the run. `full`: it holds more than weights."""

    state_dict: dict[str, object] | None
    """None for a pickled model, which the program that wrote it loads and which is not to be taken apart here."""
    epoch: int | None
    step: int | None
    full: bool
    scores: dict[str, float] | None = None
    """Metrics that were written down with the weights, under their raw names."""


def contents(pickle: Pickle) -> Contents:
    """Find the state dict, the epoch and the step.

    Raises Broken when there is no state dict, or when one of its tensors does not fit into its storage.
    """
    top = pickle.value
    if isinstance(top, Built):
        raise Broken(problems.WHOLE_MODEL.fill(kind=top.function if isinstance(top.function, Global) else "object"))
    if not isinstance(top, dict):
        raise Broken(problems.NO_STATE_DICT)
    pickled = _ultralytics(top)
    if pickled is not None:
        return pickled
    refused = pickle.protocol != _WEIGHTS_PROTOCOL or not all(map(_is_of_weights, pickle.globals))
    for key in STATE_DICT_KEYS:
        weights = _state_dict(top.get(key))
        if weights is not None:
            epoch, step = _progress(top)
            return Contents(weights, epoch, step, refused or not top.keys() <= {key, "meta"})
    weights = _state_dict(top)
    if weights is None:
        raise Broken(problems.NO_STATE_DICT)
    return Contents(weights, None, None, refused)


def _ultralytics(top: dict[str, object]) -> Contents | None:
    """A checkpoint of Ultralytics: the model itself is in it, as an object; None for any other file.

    `epoch` counts from 0; it is -1 once the run is over and the optimizer was taken out. `train_metrics` are those of the
    epoch that the weights are from (ultralytics/ultralytics, engine/trainer.py, save_model; utils/torch_utils.py,
    strip_optimizer).
    """
    if "best_fitness" not in top or not any(isinstance(top.get(key), Built) for key in ("ema", "model")):
        return None
    epoch, scores = top.get("epoch"), top.get("train_metrics")
    done = _count(epoch + 1) if type(epoch) is int and epoch >= 0 else None
    return Contents(None, done, None, full=True, scores=_scores(scores) if isinstance(scores, dict) else None)


def _scores(found: dict[object, object]) -> dict[str, float]:
    rows = [(name, value) for name, value in found.items() if isinstance(name, str) and type(value) in (int, float)]
    return {name: float(value) for name, value in rows[:MOST_SCORES] if isinstance(value, int | float)}


def _state_dict(value: object) -> dict[str, object] | None:
    """A dict whose keys are names and which holds at least one tensor."""
    if not isinstance(value, dict) or not all(isinstance(key, str) for key in value):
        return None
    tensors = [name for name, item in value.items() if tensor(name, item) is not None]
    return value if tensors else None


def _is_of_weights(found: Global) -> bool:
    if found.module == "torch._utils":
        return found.name.startswith("_rebuild_")
    return found.name in _WEIGHTS_GLOBALS.get(found.module, ())


def _progress(top: dict[str, object]) -> tuple[int | None, int | None]:  # noqa: PLR0911 (one for each framework)
    """The epoch, counted from 1, and the step; None where this framework's convention is not known."""
    epoch: object = None
    step: object = None
    match top:
        case {"meta": dict() as meta}:  # mmengine and mmcv: epochs and steps that are finished
            epoch, step = meta.get("epoch"), meta.get("iter")
        case {"pytorch-lightning_version": _}:
            epoch, step = _lightning_epoch(top), top.get("global_step")
        case {"model_state": _, "optimizer_state": _, "cfg": _, "epoch": int() as last}:
            epoch = last + 1  # PySlowFast (slowfast/utils/checkpoint.py): the last epoch done, from 0
        case {"arch": _, "version": int() as version, "epoch": int() as last}:
            epoch = last + (version > 1)  # timm (timm/utils/checkpoint_saver.py); version 1 had added the 1 already
        case {"model": _, "iteration": last}:
            step = last  # detectron2 (engine/train_loop.py): from 0, as in its log
    return _count(epoch), _count(step)


def _lightning_epoch(top: dict[str, object]) -> int | None:
    """Lightning's `epoch` counts finished ones from 0 inside an epoch; its progress record says how many were begun."""
    match top:
        case {"loops": {"fit_loop": {"epoch_progress": {"current": {"ready": int() as begun}}}}}:
            return _count(begun)
        case {"epoch": int() as finished}:
            return _count(finished + 1)
    return None


def _count(value: object) -> int | None:
    # Beyond 2**53 it is no count of anything, and the record's float would no longer hold it.
    return value if type(value) is int and 0 <= value <= 2**53 else None
