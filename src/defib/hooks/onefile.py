"""A hook and all that it needs as one file, for environments in which defib cannot be installed.

Only texts are put together here: nothing of a framework is imported.
"""

from __future__ import annotations

import ast
from importlib.resources import files
from typing import NamedTuple

FRAMEWORKS = ("torch", "mmengine", "lightning", "transformers")
PACKAGE = "defib.hooks"
NAME = "defib_hook"
"""What the file is called in what it says of itself."""
HEAD = '''"""The observe-mode hook of defib {version} for {framework}, as one file: `defib hook {framework}` wrote it.

It needs the standard library, torch{more}, and what Python 3.8 understands.

{says}
"""

from __future__ import annotations

{imports}

if TYPE_CHECKING:
{typing}
'''


class _Module(NamedTuple):
    """One file of the package, taken apart."""

    says: str
    needs: list[str]
    imports: list[ast.stmt]
    typing: list[ast.stmt]
    body: str


def onefile(framework: str, version: str) -> str:
    """The text of the file: every module that the framework's one needs, each once, before what needs it."""
    taken: dict[str, _Module] = {}
    _take(framework, taken)
    head = HEAD.format(
        version=version,
        framework=framework,
        more="" if framework == "torch" else f", {framework}",
        says=taken[framework].says.replace(f"{PACKAGE}.{framework}", NAME),
        imports="\n".join(_merged([one for module in taken.values() for one in module.imports])),
        typing="\n".join(
            f"    {line}" for line in _merged([one for module in taken.values() for one in module.typing])
        ),
    )
    parts = [f"# {module.says.splitlines()[0]}\n\n{module.body}" for module in taken.values()]
    return "\n\n".join([head, *parts])


def _take(name: str, taken: dict[str, _Module]) -> None:
    module = _apart(files(PACKAGE).joinpath(f"{name}.py").read_text(encoding="utf-8"))
    for need in module.needs:
        if need not in taken:
            _take(need, taken)
    taken[name] = module


def _apart(text: str) -> _Module:
    tree = ast.parse(text)
    needs: list[str] = []
    imports: list[ast.stmt] = []
    typing: list[ast.stmt] = []
    dropped: list[ast.stmt] = tree.body[:1]
    for node in tree.body[1:]:
        if isinstance(node, ast.If):  # `if TYPE_CHECKING:`
            typing += [inner for inner in node.body if not _of_the_package(inner)]
        elif isinstance(node, ast.ImportFrom) and _of_the_package(node):
            needs.append(str(node.module).removeprefix(f"{PACKAGE}."))
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            imports.append(node)
        else:
            continue
        dropped.append(node)
    gone = {number for node in dropped for number in range(node.lineno, (node.end_lineno or node.lineno) + 1)}
    lines = [line for number, line in enumerate(text.splitlines(), 1) if number not in gone]
    return _Module(ast.get_docstring(tree) or "", needs, imports, typing, "\n".join(lines).strip("\n") + "\n")


def _of_the_package(node: ast.stmt) -> bool:
    return isinstance(node, ast.ImportFrom) and (node.module or "").startswith(PACKAGE)


def _merged(nodes: list[ast.stmt]) -> list[str]:
    """Import lines, one for each module; then what else stands beside them, once."""
    plain = {ast.unparse(node) for node in nodes if isinstance(node, ast.Import)}
    names: dict[str, set[str]] = {}
    for node in nodes:
        if isinstance(node, ast.ImportFrom) and node.module != "__future__":
            names.setdefault(str(node.module), set()).update(ast.unparse(alias) for alias in node.names)
    some = [f"from {module} import {', '.join(sorted(found))}" for module, found in sorted(names.items())]
    rest = {ast.unparse(node) for node in nodes if not isinstance(node, (ast.Import, ast.ImportFrom))}
    return [*sorted(plain), *some, *sorted(rest)]
