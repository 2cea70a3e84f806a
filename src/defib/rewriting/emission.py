"""Operations become changes to the text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from defib.configs.cells import Listing
from defib.rewriting.literals import called, literal, wrapped
from defib.rewriting.operations import Add, Append, Drop, Erase, Remove, Replace
from defib.rewriting.removal import remove
from defib.rewriting.splices import LONGEST_LINE

if TYPE_CHECKING:
    from defib.rewriting.layout import Bracketed, Segment
    from defib.rewriting.operations import Operation
    from defib.rewriting.splices import Splices


class Emission:
    """Writes operations into a text."""

    def __init__(self, splices: Splices) -> None:
        """Begin with the text as it is."""
        self.splices = splices
        self.layout = splices.layout
        self.source = splices.source
        self.quote = self.layout.quote()

    def emit(self, operations: list[Operation]) -> None:
        """Write all operations down; those on one container together."""
        removals: dict[int, list[Remove]] = {}
        additions: dict[int, list[Add]] = {}
        for operation in operations:
            match operation:
                case Replace():
                    self._replace(operation)
                case Remove():
                    removals.setdefault(id(operation.container), []).append(operation)
                case Add():
                    additions.setdefault(id(operation.container), []).append(operation)
                case Append():
                    head = f"{operation.name} = "
                    value = wrapped(operation.value, self.quote, "", len(head))
                    used = len(f"{head}{value}".rpartition("\n")[2])
                    self.splices.at_end(f"{head}{value}{self._comment(operation.label, used)}")
                case Erase():
                    text = f"del {operation.target}"
                    self.splices.at_end(f"{text}{self._comment(operation.label, len(text))}")
                case Drop():
                    self._drop(operation)
        for group in removals.values():
            self._remove(group)
        for key, added in additions.items():
            self._add(added, first=key in removals)

    def _replace(self, operation: Replace) -> None:
        span = operation.span
        written = self.source.written(span)
        quote = written[0] if written[:1] in ("'", '"') else self.quote
        exponent = "e" in written.lower() and not isinstance(operation.value, str)
        if isinstance(operation.value, dict | list):
            text = wrapped(operation.value, quote, self.layout.indent(span.line), span.column)
        else:
            text = literal(operation.value, quote, exponent=exponent)
        self.splices.put((span.line, span.column), (span.end_line, span.end_column), text, operation.label)

    def _remove(self, group: list[Remove]) -> None:
        container = group[0].container
        assert container.span is not None
        box = self.layout.bracketed(container.span)
        assert box is not None
        gone: dict[int, str] = {}
        for operation in group:
            assert operation.node.span is not None
            index = box.around(operation.node.span)
            assert index is not None
            gone[index] = operation.label
        remove(
            box,
            dict(sorted(gone.items())),
            self.splices,
            is_tuple=isinstance(container, Listing) and container.is_tuple,
        )

    def _add(self, group: list[Add], *, first: bool) -> None:
        container = group[0].container
        assert container.span is not None
        box = self.layout.bracketed(container.span)
        assert box is not None
        if first and self.layout.ends_line(box.opened):
            indent = self.layout.indent(box.segments[0].start[0])
            for operation in group:
                entry = f"{self._entry(operation, box, len(indent))},"
                self.splices.after_line(
                    box.opened[0], f"{indent}{entry}{self._comment(operation.label, len(indent + entry))}"
                )
            return
        if first or not box.segments:
            inside = ", ".join(self._entry(operation, box, 0) for operation in group)
            self.splices.put(box.opened, box.opened, f"{inside}, " if box.segments else inside, group[0].label)
            return
        last = box.segments[-1]
        if not self.layout.begins_line(last.start):
            for operation in group:
                self.splices.put(last.end, last.end, f", {self._entry(operation, box, last.end[1])}", operation.label)
            return
        self._add_lines(group, box, last)

    def _add_lines(self, group: list[Add], box: Bracketed, last: Segment) -> None:
        """One line for each new entry, indented like the last one."""
        indent = self.layout.indent(last.start[0])
        end = last.comma or last.end
        if not self.layout.ends_line(end):  # the closing bracket follows on the same line
            for operation in group:
                entry = self._entry(operation, box, len(indent))
                self.splices.put(last.end, last.end, f",\n{indent}{entry}", operation.label)
            return
        if last.comma is None:
            self.splices.put(last.end, last.end, ",")
        for operation in group:
            entry = f"{self._entry(operation, box, len(indent))},"
            comment = self._comment(operation.label, len(f"{indent}{entry}".rpartition("\n")[2]))
            self.splices.after_line(end[0], f"{indent}{entry}{comment}")

    def _entry(self, operation: Add, box: Bracketed, used: int) -> str:
        if isinstance(operation.container, Listing):
            return literal(operation.value, self.quote)
        if box.call and called(operation.key):
            head = f"{operation.key}="
        elif box.call:
            return f"**{{{literal(operation.key, self.quote)}: {literal(operation.value, self.quote)}}}"
        else:
            head = f"{literal(operation.key, self.quote)}: "
        indent = self.layout.indent(box.segments[-1].start[0]) if box.segments else ""
        return head + wrapped(operation.value, self.quote, indent, used + len(head))

    def _drop(self, operation: Drop) -> None:
        span = operation.span
        self.splices.lines(span.line, span.end_line, f"# {operation.label}")

    def _comment(self, label: str, used: int) -> str:
        text = f"  # {label}"
        return text if used + len(text) <= LONGEST_LINE else ""
