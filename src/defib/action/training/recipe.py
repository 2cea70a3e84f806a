"""A training run as data: typed, refused where a key is mistyped, changed from the command line by dotted keys."""

from __future__ import annotations

import difflib
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args, get_origin

import msgspec
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from defib.action.data.config import DataConfig
from defib.action.errors import reason
from defib.action.errors.training import BadValue, NoSuchKey, RecipeUnreadable
from defib.action.model.config import ModelConfig
from defib.action.model.losses import LossConfig
from defib.action.ranges import AtLeastZero, Count, Decay, Positive, Share, Whole, in_words
from defib.words import Words

if TYPE_CHECKING:
    from collections.abc import Sequence

FOLDER = Path(__file__).parent.parent / "recipes"
LARGEST = 2**20
"""Bytes of a recipe."""
NEAREST = 3
NOT_FOUND = Words(en="there is no such file", zh="没有这个文件")
NOT_A_MAPPING = Words(en="it holds no keys", zh="其中没有键")
TOO_LARGE = Words(en="it has {size} bytes", zh="它有 {size} 字节")
NO_EQUALS = Words(en="expected key=value", zh="应写成 key=value")
NOT_A_CHOICE = Words(en="expected one of {known}, found {found}", zh="应为 {known} 之一，实际为 {found}")
NO_MOMENTUM = Words(en="it needs a momentum above 0", zh="需要大于 0 的动量")
NOT_IN_LIST = Words(en="expected a place in the list, 0 to {last}", zh="应为列表中的位置，0 到 {last}")


class OptimConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How weights move."""

    type: Literal["sgd", "adamw"] = "sgd"
    lr: Positive
    """At `base_batch` clips a step; scaled linearly to the batch that is really used (Goyal et al., 2017)."""
    base_batch: Count | None = None
    """The batch that `lr` was tuned for; None takes `lr` as it is."""
    momentum: Decay = 0.9
    nesterov: bool = False
    betas: tuple[Decay, Decay] = (0.9, 0.999)
    weight_decay: AtLeastZero = 1e-4
    decay_norms: bool = True
    """Whether weight decay also pulls at norms and biases, as in mmaction2."""
    clip: Positive | None = 40.0
    """Largest norm of the whole gradient."""
    branch_clip: dict[str, Positive] = {}
    """Largest norm of a branch's own gradient, before the whole is clipped."""
    branch_lr: dict[str, AtLeastZero] = {}
    """Times the rate, for a branch."""

    def __post_init__(self) -> None:
        """Refuse what torch cannot do."""
        if self.nesterov and not self.momentum:
            raise BadValue(path="recipe", key="optim.nesterov", reason=NO_MOMENTUM)


class ScheduleConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How the rate moves, as a pure function of the step."""

    type: Literal["cosine", "steps", "constant"] = "cosine"
    warmup_epochs: AtLeastZero = 0.0
    warmup_start: Share = 0.1
    """Share of the rate at the first step of a warm-up."""
    milestones: tuple[AtLeastZero, ...] = ()
    """Epochs at which `steps` multiplies the rate by `factor`."""
    factor: AtLeastZero = 0.1
    end: AtLeastZero = 0.0
    """Share of the rate at which a cosine ends."""
    ramp: AtLeastZero | None = None
    """Times the rate that training ends with, reached along a straight line: for runs that are meant to collapse."""


class TrainConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How long, how much at a time, and with what numbers."""

    max_epochs: Count
    batch: Count
    """Clips of one process in one forward pass."""
    accumulate: Count = 1
    """Forward passes for one step."""
    workers: Whole = 2
    precision: Literal["fp32", "bf16", "fp16"] = "fp32"
    channels_last: bool = True
    """Faster convolutions on CPUs and tensor cores; the numbers are the same up to rounding."""
    compile: bool = False
    ema: Decay | None = None
    """Decay of averaged weights, which are then evaluated and saved beside the raw ones."""
    log_every: Count = 10
    """Steps."""
    sample_every: Count = 50
    """Steps between measurements that cost something: update-to-weight ratios. The next line of the log has them."""
    most_not_finite: Count = 5
    """Steps in a row without a finite gradient, after which training stops. Each is skipped."""


class EvaluateConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What is measured on held-out clips, and what decides which checkpoint is the best."""

    every: Count = 1
    """Epochs."""
    batch: Count = 16
    clips: Count = 1
    metric: str = "val/top1/fused"
    """The largest is the best, of a loss the least."""
    first: bool = True
    """Before the first step too: a network that was filled wrongly shows at once."""
    expected: float | None = None
    """What that first evaluation should give, in per cent, where it is known."""


class KeepConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Which checkpoints stay."""

    every: Count | None = None
    """Epochs; None keeps only the last and the best."""


class Recipe(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A training run."""

    work_dir: str
    taxonomy: str = "ntu60"
    """A name, or a JSON file."""
    seed: Whole = 0
    deterministic: bool = False
    load_from: str | None = None
    """Weights to begin with; optimizer and schedule begin anew."""
    least_loaded: Share = 0.5
    """Share of the network's tensors that `load_from` must hold."""
    resume: str | bool = False
    """True goes on from the last checkpoint in `work_dir`, a path from that one: everything, as if never interrupted."""
    device: Literal["auto", "cpu"] = "auto"
    model: ModelConfig = ModelConfig()
    loss: LossConfig = LossConfig()
    data: DataConfig
    optim: OptimConfig
    schedule: ScheduleConfig = ScheduleConfig()
    train: TrainConfig
    evaluate: EvaluateConfig = EvaluateConfig()
    keep: KeepConfig = KeepConfig()
    trackers: tuple[str, ...] = ()
    """Of accelerate: tensorboard, wandb, swanlab, mlflow."""


def known() -> list[str]:
    """The recipes that come with the package."""
    return sorted(path.stem for path in FOLDER.glob("*.yaml"))


def read(name: str, changes: Sequence[str] = ()) -> Recipe:
    """A recipe, changed by `key=value` words with dotted keys.

    name: a file, or the name of one that comes with the package.

    Raises RecipeUnreadable, NoSuchKey, BadValue, ModelMisfit.
    """
    tree = _tree(name)
    for change in changes:
        _change(tree, change)
    _unknown(tree, Recipe, name, "")
    try:
        return msgspec.convert(tree, Recipe, strict=False)
    except msgspec.ValidationError as error:
        said, _, place = str(error).partition(" - at `")
        key = place.rstrip("`").removeprefix("$").removeprefix(".") or "-"
        raise BadValue(path=name, key=key, reason=in_words(said)) from None


def to_builtins(recipe: Recipe) -> dict[str, Any]:
    """A recipe as plain values, for saving beside the run."""
    found: dict[str, Any] = msgspec.to_builtins(recipe)
    return found


def _tree(name: str) -> dict[str, Any]:
    path = Path(name)
    packaged = FOLDER / f"{name}.yaml"
    if not path.is_file() and packaged.is_file():
        path = packaged
    try:
        size = path.stat().st_size
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise RecipeUnreadable(path=name, reason=NOT_FOUND, known=", ".join(known())) from None
    except (OSError, UnicodeDecodeError) as error:
        raise RecipeUnreadable(path=name, reason=reason(error), known=", ".join(known())) from None
    if size > LARGEST:
        raise RecipeUnreadable(path=name, reason=TOO_LARGE.fill(size=size), known=", ".join(known()))
    try:
        found = _yaml(text)
    except YAMLError as error:
        raise RecipeUnreadable(path=name, reason=reason(error), known=", ".join(known())) from None
    if not isinstance(found, dict):
        raise RecipeUnreadable(path=name, reason=NOT_A_MAPPING, known=", ".join(known()))
    return found


def _yaml(text: str) -> Any:  # noqa: ANN401 (whatever stands there)
    return YAML(typ="safe", pure=True).load(text)


def _change(tree: dict[str, Any], change: str) -> None:
    """Set one value. A key that is not there yet is made; whether it may be is seen when the whole is checked."""
    key, equals, text = change.partition("=")
    if not equals or not key:
        raise BadValue(path="command line", key=change, reason=NO_EQUALS)
    try:
        value = _yaml(text)
    except YAMLError:
        value = text
    *way, last = key.split(".")
    at: Any = tree
    for part in way:
        if isinstance(at, list):
            at = at[_place(part, at, change)]
            continue
        if not isinstance(at.get(part), dict | list):
            at[part] = {}
        at = at[part]
    if isinstance(at, list):
        at[_place(last, at, change)] = value
    else:
        at[last] = value


def _place(part: str, where: list[Any], change: str) -> int:
    if not re.fullmatch(r"\d+", part) or int(part) >= len(where):
        raise BadValue(path="command line", key=change, reason=NOT_IN_LIST.fill(last=len(where) - 1))
    return int(part)


def _unknown(tree: object, kind: Any, name: str, way: str) -> None:  # noqa: ANN401 (a type)
    """Refuse keys that a part of a recipe does not have, and words that a key does not know.

    Raises NoSuchKey with the nearest that it has, BadValue with the words.
    """
    choices = get_args(kind) if get_origin(kind) is Literal else ()
    if choices and str(tree) not in map(str, choices):
        words = NOT_A_CHOICE.fill(known=", ".join(map(str, choices)), found=tree)
        raise BadValue(path=name, key=way.removesuffix("."), reason=words)
    structs = [one for one in (kind, *get_args(kind)) if isinstance(one, type) and issubclass(one, msgspec.Struct)]
    if not isinstance(tree, dict) or not structs:
        return
    struct = _chosen(structs, tree)
    fields = {field.name: field.type for field in msgspec.structs.fields(struct)}
    tag = struct.__struct_config__.tag_field
    for key, value in tree.items():
        if key == tag:
            continue
        if key not in fields:
            near = difflib.get_close_matches(str(key), fields, NEAREST, 0.3) or sorted(fields)[:NEAREST]
            nearest = ", ".join(f"{way}{one}" for one in near)
            raise NoSuchKey(path=name, key=f"{way}{key}", nearest=nearest)
        _unknown(value, fields[key], name, f"{way}{key}.")


def _chosen(structs: list[type[msgspec.Struct]], tree: dict[str, Any]) -> type[msgspec.Struct]:
    """The one of several kinds that a mapping names; the first where it names none."""
    for struct in structs:
        config = struct.__struct_config__
        if config.tag_field is not None and tree.get(config.tag_field) == config.tag:
            return struct
    return structs[0]
