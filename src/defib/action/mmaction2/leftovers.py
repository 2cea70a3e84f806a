"""What of a config no recipe has a place for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from defib.action.mmaction2.reading import opaque

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from defib.action.mmaction2.reading import Reading

PASSING = (
    "default_scope", "default_hooks.runtime_info", "default_hooks.timer", "default_hooks.logger", "default_hooks.param_scheduler",
    "default_hooks.sampler_seed", "default_hooks.sync_buffers", "env_cfg", "log_processor", "log_level", "launcher", "vis_backends",
    "visualizer", "dist_params", "log_config", "workflow", "find_unused_parameters", "gpu_ids", "custom_imports",
    "data_preprocessor", "model.data_preprocessor", "model.type", "val_cfg", "test_cfg", "val_evaluator", "test_evaluator",
    "model.test_cfg", "model.train_cfg", "randomness.diff_rank_seed",
)  # fmt: skip
"""What a recipe has no key for and does not need one."""


def left(config: Reading) -> Iterator[tuple[str, object]]:
    """What was not looked at, each key once, without copies of what was: variables that the config also uses elsewhere."""
    used = [
        value for value in (config.at(path) for path in list(config.seen)) if isinstance(value, dict | list) and value
    ]
    taken = {*_ends(config), *PASSING}
    for path, value in _leaves(config.tree, ""):
        if (
            not _within(path, taken)
            and not any(value is one or value == one for one in used)
            and not _variable(config, path)
        ):
            yield path, value


def _ends(config: Reading) -> set[str]:
    """Paths whose whole value was used; those that were only looked into have longer ones beside them."""
    return {path for path in config.seen if not any(other.startswith(f"{path}.") for other in config.seen)} | {
        path for path in config.seen if path.rsplit(".", 1)[-1].isdigit()
    }


def _variable(config: Reading, path: str) -> bool:
    """Whether a key at the top is only a name for something that stands elsewhere in the config too."""
    top = path.split(".", 1)[0]
    value = config.tree[top]
    return isinstance(value, dict | list) and any(
        value == other for name, part in config.tree.items() if name != top for other in _parts(part)
    )


def _parts(value: object) -> Iterator[object]:
    yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _parts(inner)


def _leaves(value: object, way: str) -> Iterator[tuple[str, object]]:
    items: Iterable[tuple[object, object]] = ()
    if isinstance(value, dict) and not opaque(value):
        items = value.items()
    elif isinstance(value, list) and any(isinstance(one, dict) for one in value):
        items = enumerate(value)
    else:
        yield way, value
        return
    for key, inner in items:
        yield from _leaves(inner, f"{way}.{key}" if way else str(key))


def _within(path: str, fronts: Iterable[str]) -> bool:
    return any(path == front or path.startswith(f"{front}.") for front in fronts)
