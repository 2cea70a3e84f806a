"""Every threshold of the rules, with where it comes from, read from their source.

Call: python -m bench.thresholds --docs docs.

Nothing is executed: constants of a module are its assignments of numbers to names in capitals. What is said about one
stands behind it on its line, in the string below it, or in the comment above it. A comment says `measured`, `assumed`
or `not studied`; one that says none of these is listed as not stated.
"""

from __future__ import annotations

import argparse
import ast
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from defib import health
from defib.words import Words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from defib.words import Language

TITLE = Words(en="Thresholds and where they come from", zh="阈值及其来源")
MADE = Words(
    en="Made by `python -m bench.thresholds --docs docs` from the constants of `src/defib/health`. Counts: {counts}.",
    zh="由 `python -m bench.thresholds --docs docs` 根据 `src/defib/health` 中的常量生成。计数：{counts}。说明一栏是代码中的英文注释原文。",
)
HEADING = Words(
    en="| Where | Constant | Value | Basis | What the source says |",
    zh="| 位置 | 常量 | 值 | 依据 | 源码注释（英文原文） |",
)
BASES = {
    "not studied": Words(en="not studied", zh="未研究"),
    "measured": Words(en="measured", zh="实测"),
    "assumed": Words(en="assumed", zh="假定"),
    "": Words(en="not stated", zh="未说明"),
}


class Threshold(NamedTuple):
    """One named number."""

    module: str
    name: str
    value: str
    said: str

    @property
    def basis(self) -> str:
        """`measured`, `assumed`, `not studied`, or nothing."""
        return next((word for word in BASES if word and word in self.said.lower()), "")


def thresholds(module: str, source: str) -> Iterator[Threshold]:
    """The constants of one source.

    >>> list(thresholds("spike", "FACTOR = 5.0  # times the median; assumed"))
    [Threshold(module='spike', name='FACTOR', value='5.0', said='times the median; assumed')]
    """
    lines, body = source.split("\n"), ast.parse(source).body
    for node, following in zip(body, [*body[1:], None], strict=True):
        if not isinstance(node, ast.Assign) or not _is_number(node.value):
            continue
        said = _said(lines, node, following)
        target = node.targets[0]
        names = target.elts if isinstance(target, ast.Tuple) else [target]
        values = node.value.elts if isinstance(node.value, ast.Tuple) else [node.value]
        for name, value in zip(names, values, strict=True):
            if isinstance(name, ast.Name) and name.id.isupper():
                yield Threshold(module, name.id, ast.unparse(value), said)


def _is_number(value: ast.expr) -> bool:
    """Whether it is written with numbers alone."""
    allowed = (ast.Constant, ast.Tuple, ast.UnaryOp, ast.BinOp, ast.operator, ast.unaryop, ast.Load)
    inside = list(ast.walk(value))
    constants = [one.value for one in inside if isinstance(one, ast.Constant)]
    return (
        all(isinstance(one, allowed) for one in inside)
        and bool(constants)
        and all(type(one) in (int, float) for one in constants)
    )


def _said(lines: list[str], node: ast.stmt, following: ast.stmt | None) -> str:
    last = node.end_lineno or node.lineno
    behind = lines[last - 1][node.end_col_offset or 0 :].partition("#")[2].strip()
    if behind:
        return behind
    if isinstance(following, ast.Expr) and isinstance(following.value, ast.Constant):
        return " ".join(str(following.value.value).split())
    above: list[str] = []
    for line in reversed(lines[: node.lineno - 1]):
        if not line.startswith("#"):
            break
        above.insert(0, line.lstrip("# "))
    return " ".join(above)


def all_thresholds() -> list[Threshold]:
    """Those of every rule and of the arithmetic that they share."""
    root = Path(health.__file__).parent
    paths = sorted(path for path in root.rglob("*.py") if not path.name.startswith(("test_", "__")))
    paths.sort(key=lambda path: path.parent != root / "rules")
    return [
        found
        for path in paths
        for found in thresholds(path.relative_to(root).with_suffix("").as_posix(), path.read_text(encoding="utf-8"))
    ]


def page(language: Language) -> str:
    """The page as Markdown."""
    found = all_thresholds()
    counts = ", ".join(
        f"{words.said(language)} {sum(one.basis == basis for one in found)}" for basis, words in BASES.items()
    )
    lines = [f"# {TITLE.said(language)}", "", MADE.fill(counts=counts).said(language), "", HEADING.said(language)]
    lines.append("|---|---|---|---|---|")
    for one in found:
        said = one.said.replace("|", "\\|") or "-"
        lines.append(f"| `{one.module}` | `{one.name}` | {one.value} | {BASES[one.basis].said(language)} | {said} |")
    return "\n".join(lines) + "\n"


def write(docs: Path) -> None:
    """Write the page in both languages."""
    for language, folder in (("en", docs / "evidence"), ("zh", docs / "zh" / "evidence")):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "thresholds.md").write_text(page(language), encoding="utf-8")


def main() -> int:
    """Write the pages."""
    parser = argparse.ArgumentParser(prog="python -m bench.thresholds", description=__doc__)
    parser.add_argument("--docs", type=Path, required=True, help="write below this folder")
    write(parser.parse_args().docs)
    return 0


if __name__ == "__main__":
    sys.exit(main())
