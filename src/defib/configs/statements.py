"""The statements of a config, in order: assignments bind names, everything else is left out and said so."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from defib.configs.cells import Leaf, Listing, Opaque, resolve
from defib.configs.changes import Changes
from defib.configs.lazy import imported, imports_base, reads_bases
from defib.configs.lookups import BASE
from defib.words import Words

if TYPE_CHECKING:
    from defib.configs.cells import Node, Span
    from defib.configs.evaluation import Evaluator

SKIPPED = Words(
    en="line {line}: this statement ({kind}) was not carried out; what it sets is not known",
    zh="第 {line} 行：该语句（{kind}）未被执行，它所设置的内容未知",
)
DELETED = Words(
    en="line {line}: `del` was followed: the names are no settings from here on",
    zh="第 {line} 行：已按 `del` 处理，其后这些名称不再是设置",
)


@dataclass(slots=True)
class Assignment:
    """The last top-level statement that bound a name."""

    span: Span
    alone: bool
    """It binds this one name and nothing else."""
    first: bool
    """Nothing bound the name before it."""


@dataclass(slots=True)
class Carried:
    """What carrying out the assignments of a file left behind."""

    notes: list[Words] = field(default_factory=list)
    assignments: dict[str, Assignment] = field(default_factory=dict)
    twice: dict[str, str] = field(default_factory=dict)
    """Names bound to the same object by `a = b = ...`: later -> first."""


def carry_out(module: ast.Module, evaluator: Evaluator) -> Carried:
    """Carry out every top-level assignment; nothing else is.

    Raises ConfigTooLarge when a value is nested too deep or multiplies itself.
    """
    carried = Carried()
    changes = Changes(evaluator)
    for statement in module.body:
        _walruses(statement, evaluator)
        if changes.carry_out(statement) or (evaluator.lazy and reads_bases(statement)):
            continue
        if evaluator.lazy and imports_base(statement):
            continue
        if isinstance(statement, ast.Assign):
            _assign(statement, statement.targets, statement.value, evaluator, carried)
        elif isinstance(statement, ast.AnnAssign) and statement.value is not None:
            _assign(statement, [statement.target], statement.value, evaluator, carried)
        elif isinstance(statement, ast.AugAssign) and _countable(statement, evaluator):
            _augment(statement, evaluator, carried)
        elif not _harmless(statement):
            _leave_out(statement, evaluator, carried)
    if changes.made:
        changes.remeasure(evaluator.names.values())
    return carried


def base_entries(module: ast.Module, evaluator: Evaluator) -> tuple[list[Leaf], list[str], int] | None:
    """The entries of `_base_`, those that would have to be computed, and the line; None where there is no `_base_`."""
    for statement in module.body:
        if isinstance(statement, ast.Assign) and _is_base(statement.targets[0]):  # mmengine takes the first one
            cell = resolve(evaluator.value(statement.value))
            cells = [resolve(item) for item in cell.items] if isinstance(cell, Listing) else [cell]
            texts = [item for item in cells if isinstance(item, Leaf) and isinstance(item.value, str)]
            others = [item.source if isinstance(item, Opaque) else "?" for item in cells if item not in texts]
            return texts, others, statement.lineno
    return None


def _is_base(target: ast.expr) -> bool:
    return isinstance(target, ast.Name) and target.id == BASE


def _assign(
    statement: ast.Assign | ast.AnnAssign,
    targets: list[ast.expr],
    expression: ast.expr,
    evaluator: Evaluator,
    carried: Carried,
) -> None:
    if _is_base(targets[0]):
        return
    if not all(isinstance(target, ast.Name | ast.Tuple | ast.List) for target in targets):
        _skip(statement, evaluator, carried)  # `model['depth'] = 50` changes an object that others may share
        return
    value = evaluator.value(expression)
    for target in targets:
        _bind(target, value, statement, evaluator, carried)
        if isinstance(target, ast.Name) and isinstance(targets[0], ast.Name):
            carried.twice.pop(target.id, None)
            if target is not targets[0]:
                carried.twice[target.id] = targets[0].id
            carried.assignments[target.id].alone = len(targets) == 1


def _bind(target: ast.expr, value: Node, statement: ast.stmt, evaluator: Evaluator, carried: Carried) -> None:
    if isinstance(target, ast.Name):
        evaluator.names[target.id] = value
        first = target.id not in carried.assignments
        carried.assignments[target.id] = Assignment(span=evaluator.source.span(statement), alone=False, first=first)
        return
    cell = resolve(value)
    parts = target.elts if isinstance(target, ast.Tuple | ast.List) else []
    fits = isinstance(cell, Listing) and len(cell.items) == len(parts)
    for index, part in enumerate(parts):
        if fits and isinstance(cell, Listing) and isinstance(part, ast.Name):
            _bind(part, cell.items[index], statement, evaluator, carried)
        else:
            for name in _stored(part):
                _lose(name, statement, evaluator, carried)


def _augment(statement: ast.AugAssign, evaluator: Evaluator, carried: Carried) -> None:
    """`lr *= 2` is `lr = lr * 2`."""
    assert isinstance(statement.target, ast.Name)
    before = ast.copy_location(ast.Name(statement.target.id, ast.Load()), statement.target)
    value = ast.copy_location(ast.BinOp(before, statement.op, statement.value), statement)
    _bind(statement.target, _nowhere(evaluator.value(value)), statement, evaluator, carried)


def _nowhere(node: Node) -> Node:
    """A value that no single expression in the file stands for."""
    if isinstance(node, Leaf | Opaque):
        node.span = None
    return node


def _leave_out(statement: ast.stmt, evaluator: Evaluator, carried: Carried) -> None:
    """Statements that are no assignments: what they import, define, delete or may change is not known from here on."""
    if isinstance(statement, ast.Import | ast.ImportFrom):
        _hide(statement, evaluator)
        found = imported(statement) if evaluator.lazy else {}
        evaluator.imported.update(found)
        relative = isinstance(statement, ast.ImportFrom) and statement.level > 0  # it may bring settings
        if not found or relative:
            carried.notes.append(SKIPPED.fill(line=statement.lineno, kind="import"))
    elif isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        evaluator.lean(statement)
        evaluator.names.pop(statement.name, None)  # mmengine drops functions
        for declared in ast.walk(statement):
            for name in declared.names if isinstance(declared, ast.Global) else ():
                _lose(name, statement, evaluator, carried)
        carried.notes.append(SKIPPED.fill(line=statement.lineno, kind="def"))
    elif isinstance(statement, ast.Delete) and all(isinstance(target, ast.Name) for target in statement.targets):
        for target in statement.targets:
            evaluator.lean(target)
            evaluator.names.pop(target.id if isinstance(target, ast.Name) else "", None)
        carried.notes.append(DELETED.fill(line=statement.lineno))
    else:
        _skip(statement, evaluator, carried)


def _skip(statement: ast.stmt, evaluator: Evaluator, carried: Carried) -> None:
    """Leave a statement out, say so, and keep in mind what it may have set or changed."""
    kind = type(statement).__name__.lower()
    carried.notes.append(SKIPPED.fill(line=statement.lineno, kind=kind))
    evaluator.lean(statement)
    evaluator.shake(statement, statement.lineno)
    for node in ast.walk(statement):
        if isinstance(node, ast.Import | ast.ImportFrom):
            _hide(node, evaluator)
    for name in _stored(statement):
        _lose(name, statement, evaluator, carried)


def _lose(name: str, statement: ast.stmt, evaluator: Evaluator, carried: Carried) -> None:
    """A name whose value would only be known by running the config."""
    source = evaluator.source.written(evaluator.source.span(statement))
    evaluator.names[name] = Opaque(source=source, line=statement.lineno)
    carried.assignments[name] = Assignment(span=evaluator.source.span(statement), alone=False, first=False)


def _walruses(statement: ast.stmt, evaluator: Evaluator) -> None:
    for node in ast.walk(statement):
        if isinstance(node, ast.NamedExpr):
            source = evaluator.source.written(evaluator.source.span(node))
            evaluator.names[node.target.id] = Opaque(source=source, line=node.lineno)


def _stored(node: ast.AST) -> list[str]:
    found = {name.id for name in ast.walk(node) if isinstance(name, ast.Name) and isinstance(name.ctx, ast.Store)}
    return sorted(found - {BASE})


def _hide(statement: ast.Import | ast.ImportFrom, evaluator: Evaluator) -> None:
    """Modules are no settings."""
    for alias in statement.names:
        evaluator.names.pop(alias.asname or alias.name.partition(".")[0], None)


def _harmless(statement: ast.stmt) -> bool:
    """`pass`, a docstring, or an annotation without a value."""
    text = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
    return text or isinstance(statement, ast.Pass | ast.AnnAssign)


def _countable(statement: ast.AugAssign, evaluator: Evaluator) -> bool:
    """Whether `+=` makes a new value (numbers, texts) rather than changing a list that others may share."""
    if not isinstance(statement.target, ast.Name) or statement.target.id not in evaluator.names:
        return False
    return isinstance(resolve(evaluator.names[statement.target.id]), Leaf)
