"""What a config inherits: its base files, found, read in turn and merged by mmengine's rules."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from defib.configs.cells import Leaf, Node, Opaque, Table, resolve, table
from defib.words import Words

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Rules:
    """Where the families of configs differ in how a child is laid over its base."""

    deletes: bool = False
    """`_delete_: true` in a dict replaces the base's instead of merging into it."""
    clashes: bool = True
    """A dict over something that is no dict is refused; otherwise it takes its place."""
    missing: str | None = None
    """A value that stands for "not given", so that the base's is kept."""


MMENGINE = Rules(deletes=True)
FVCORE = Rules()  # `CfgNode.load_yaml_with_base`: detectron2, PySlowFast
OMEGACONF = Rules(clashes=False, missing="???")

DELETE = "_delete_"
MOST_BASES = 100

MISSING = Words(
    en="line {line}: the base config {base} was not found; the settings in it are not known",
    zh="第 {line} 行：未找到基础配置 {base}，其中的设置未知",
)
UNREAD = Words(
    en="line {line}: the base config {base} is not a Python file of this project and was not read; the settings in it are not known",
    zh="第 {line} 行：基础配置 {base} 不是本项目中的 Python 文件，未读取，其中的设置未知",
)
UNREAD_NAME = Words(
    en="line {line}: the base config {base} has no setting {name} that is known without running it",
    zh="第 {line} 行：基础配置 {base} 中没有无需运行即可得知的设置 {name}",
)
CIRCLE = Words(
    en="line {line}: the base config {base} is one of those that lead here; it was not read again",
    zh="第 {line} 行：基础配置 {base} 构成循环引用，未再次读取",
)
MANY = Words(
    en="line {line}: the base config {base} was not read, because there are more than {most} of them",
    zh="第 {line} 行：基础配置超过 {most} 个，{base} 未读取",
)
TWICE = Words(
    en="line {line}: the base configs set {keys} more than once, which mmengine refuses; the last one counts here",
    zh="第 {line} 行：多个基础配置重复设置了 {keys}（mmengine 会报错），此处以最后一个为准",
)


def located(folder: Path, entry: str) -> Path | None:
    """Where an entry of `_base_` points; None when it is no Python file beside this config.

    >>> from pathlib import Path
    >>> located(Path("configs/pose"), "../default.py").as_posix(), located(Path("."), "mmdet::x.py")
    ('configs/pose/../default.py', None)
    """
    if "::" in entry or not entry.endswith(".py") or "\0" in entry:
        return None
    return folder / entry


def merged(child: Table, base: Table, rules: Rules = MMENGINE) -> Table:
    """A child's settings over those of its base: dicts are merged, all else is replaced.

    The `local` of what comes out is the part of it that the file being read wrote, whichever of the two holds that.

    >>> mine, theirs = table({"lr": Leaf(1)}, span=None), table({"lr": Leaf(2), "type": Leaf("SGD")}, span=None)
    >>> {key: resolve(value).value for key, value in merged(mine, theirs).entries.items()}
    {'lr': 1, 'type': 'SGD'}
    """
    entries: dict[str, Node] = dict(base.entries)
    for key, value in child.entries.items():
        cell = resolve(value)
        if not isinstance(cell, Table) or key not in base.entries:
            given = key not in base.entries or rules.missing is None or getattr(cell, "value", None) != rules.missing
            entries[key] = value if given else base.entries[key]
            continue
        below = resolve(base.entries[key])
        deletes = resolve(cell.entries[DELETE]) if rules.deletes and DELETE in cell.entries else None
        kept = {name: node for name, node in cell.entries.items() if not rules.deletes or name != DELETE}
        if isinstance(deletes, Leaf) and deletes.value:
            entries[key] = table(kept, span=None, local=value)
        elif isinstance(below, Table):
            entries[key] = merged(table(kept, span=None, local=value), below, rules)
        else:
            entries[key] = _refused(key, cell, rules) if rules.clashes else value
    return table(entries, span=None, local=_local(child, base))


def _local(child: Table, base: Table) -> Node:
    """The base's part where that stands in the file, as it does when a file's own settings are not the last ones."""
    written = base if base.span is not None else base.local
    if written is not None and resolve(written).span is not None:
        return written
    return child.local if child.local is not None else child


def _refused(key: str, cell: Table, rules: Rules) -> Opaque:
    """A dict over something of the base that is no dict: the framework refuses to read it."""
    line = cell.span.line if cell.span is not None else 1
    needs = f"; it needs {DELETE}=True" if rules.deletes else ""
    return Opaque(source=f"{key} = dict(...)  # over a base that has no dict here{needs}", line=line)
