"""detectron2's evaluations in its text log: `copypaste:` lines with the task, the names and the values."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_LINE = re.compile(r"copypaste: (?P<rest>.{1,2000})$")
_TASK = re.compile(r"Task: (?P<task>[A-Za-z0-9_]{1,40})$")


@dataclass(slots=True)
class Copypaste:
    """The evaluation that is being printed."""

    _task: str = ""
    _names: list[str] = field(default_factory=list)

    def line(self, written: str) -> list[tuple[str, float]] | None:
        """The values of a line, none where it only names them; None for a line of another kind.

        >>> told = Copypaste()
        >>> told.line("INFO: copypaste: Task: bbox"), told.line("INFO: copypaste: AP,AP50"), told.line("loss: 0.5")
        ([], [], None)
        >>> told.line("INFO: copypaste: 15.2429,29.3520")
        [('bbox/AP', 15.2429), ('bbox/AP50', 29.352)]
        """
        match = _LINE.search(written.rstrip()) if "copypaste: " in written else None
        if match is None:
            return None
        rest = match["rest"].strip()
        task = _TASK.match(rest)
        if task is not None:
            self._task, self._names = task["task"], []
            return []
        cells = [cell.strip() for cell in rest.split(",")]
        try:
            values = [float(cell) for cell in cells]
        except ValueError:
            self._names = cells
            return []
        if not self._task or len(values) != len(self._names):
            return []
        return [(f"{self._task}/{name}", value) for name, value in zip(self._names, values, strict=True)]
