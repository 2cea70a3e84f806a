"""Where one value is written more than once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from defib.settings.tree import at, has

if TYPE_CHECKING:
    from defib.records import Config
    from defib.settings.tree import Tree

# (where the framework uses it, the variable from which a dump keeps a dead copy)
_DUMPED = (
    ("train_dataloader.dataset.pipeline", "train_pipeline"),
    ("train_dataloader.dataset.dataset.pipeline", "train_pipeline"),
    ("val_dataloader.dataset.pipeline", "val_pipeline"),
    ("test_dataloader.dataset.pipeline", "test_pipeline"),
    ("model.cls_head", "head_cfg"),
)


def twins(config: Config, path: str) -> tuple[str, ...]:
    """The other paths that hold the same value because they are, or were, the same object.

    A config as written links them by variables (`Config.links`); a config as dumped repeats them, and then the
    conventional variables (`train_pipeline`, `head_cfg`, ...) count where they hold the same value.
    """
    found = [path]
    for seen in found:  # grows while we walk: a link may lead to another link
        for usage, variable in config.links.items():
            for one, other in ((usage, variable), (variable, usage)):
                if seen == one or seen.startswith(f"{one}."):
                    copy = other + seen.removeprefix(one)
                    if copy not in found:
                        found.append(copy)
    for seen in list(found):
        for used, variable in _DUMPED:
            copy = variable + seen.removeprefix(used)
            held = seen.startswith(f"{used}.") and has(config.tree, copy)
            if held and copy not in found and _same_step(config.tree, seen, copy):
                found.append(copy)
    return tuple(other for other in found[1:] if has(config.tree, other))


def _same_step(tree: Tree, path: str, copy: str) -> bool:
    """Whether a dead copy still agrees: the value itself, and for a transform also its type."""
    if at(tree, path) != at(tree, copy):
        return False
    parent, other = path.rpartition(".")[0], copy.rpartition(".")[0]
    mine, theirs = at(tree, parent) if parent else tree, at(tree, other) if other else tree
    return not isinstance(mine, dict) or not isinstance(theirs, dict) or mine.get("type") == theirs.get("type")
