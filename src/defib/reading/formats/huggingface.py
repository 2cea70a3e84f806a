"""The Hugging Face Trainer's `trainer_state.json`, under any name: its `log_history`.

Step unit: optimiser steps (`global_step`), from 1. Epochs are fractions of the data seen: 1.0 is the end of the first
epoch, so an evaluation stands at the number of epochs done.
`eval_*` is validation, `predict_*` and `test_*` are test. Several evaluation sets, told by the `eval_<set>_runtime` that
the Trainer writes for every set, are kept apart as `set_<set>`: they are no branches of the model. Speeds, counters and the final summary are left out.
The Trainer hides a loss that is not finite (`logging_nan_inf_filter`): it then writes `loss: 0.0` beside
`grad_norm: NaN`. Such a loss is read as NaN, and a note says so.
Of a folder with `checkpoint-<step>` copies the state that went furthest is read.
Gives up: on a state whose history does not begin near the top of the file. A history that breaks off is read up to
its last whole entry.
"""

from __future__ import annotations

import json
import re
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from defib.metrics import of_a_hook
from defib.reading.format import Format
from defib.reading.ledger import NAN, Ledger, whole
from defib.reading.programs import LONGEST_NAME, meant, run_of, several
from defib.words import Words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from defib.metrics import Meaning
    from defib.reading.source import Source
    from defib.records import Run

HIDDEN = Words(
    en="{file}: at {count} logged steps, the first at step {step}, the loss is written as 0.0 beside a gradient norm of NaN: the Trainer hid a loss that was not finite, so it is read as NaN",
    zh="{file}：有 {count} 个记录点（首次在第 {step} 步）把损失写成 0.0，而梯度范数为 NaN：Trainer 隐藏了非有限的损失，因此按 NaN 读取",
)
BREAKS_OFF = Words(
    en="{file}: the history breaks off; it was read up to its last whole entry",
    zh="{file}：历史记录在中途断开；已读取到最后一条完整的记录",
)

_HISTORY = re.compile(r'"log_history"\s*:\s*\[')
_BETWEEN = re.compile(r"[\s,]*")
_CHECKPOINT = re.compile(r"checkpoint-\d+")
_SPLITS = {"eval": "val", "predict": "test", "test": "test"}
_CLOCK = frozenset({"epoch", "step"})
_SPEEDS = ("runtime", "samples_per_second", "steps_per_second", "jit_compilation_time", "model_preparation_time")
_COUNTERS = frozenset({"total_flos", "num_tokens", "num_input_tokens_seen", "memory", "step_time"})

Entry = dict[str, Any]


def _recognises(source: Source) -> bool:
    text = source.head.decode("utf-8", "replace")
    start = _HISTORY.search(text) if text.lstrip().startswith("{") else None
    if start is None:
        return False
    first = _decoded(text, _between(text, start.end()))
    return first is not None and ("step" in first[0] or "epoch" in first[0])


def _entries(text: str) -> Iterator[tuple[int, Entry | None]]:
    """(line, entry) for each of the history; (line, None) where it breaks off."""
    start = _HISTORY.search(text)
    at, line, counted = (start.end() if start else len(text)), 1, 0
    while True:
        at = _between(text, at)
        line, counted = line + text.count("\n", counted, at), at
        if text.startswith("]", at):
            return
        found = _decoded(text, at)
        yield line, None if found is None else found[0]
        if found is None:
            return
        at = found[1]


def _between(text: str, at: int) -> int:
    gap = _BETWEEN.match(text, at)
    return at if gap is None else gap.end()


def _decoded(text: str, at: int) -> tuple[Entry, int] | None:
    """The object that begins there and where it ends, or None when there is no whole one."""
    try:
        entry, end = json.JSONDecoder().raw_decode(text, at)
    except (ValueError, RecursionError):
        return None
    return (entry, end) if isinstance(entry, dict) else None


def _split(entry: Entry) -> str:
    for name in entry:
        split = _SPLITS.get(name.partition("_")[0])
        if split is not None and "_" in name:
            return split
    return "train"


class _Reading:
    """One pass over a history."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.ledger = Ledger()
        self.meanings: dict[str, Meaning | None] = {}
        self.hidden: list[float] = []
        self.notes: list[Words] = []

    def go_through(self) -> None:
        """Write down every entry but the final summary."""
        for line, entry in _entries(self.source.text):
            if entry is None:
                self.notes.append(BREAKS_OFF.fill(file=self.source.name))
            elif "train_runtime" not in entry:
                self._entry(entry, line)
        if self.hidden:
            count, step = len(self.hidden), self.hidden[0]
            self.notes.append(HIDDEN.fill(file=self.source.name, count=count, step=step))

    def _entry(self, entry: Entry, line: int) -> None:
        step, epoch = whole(entry.get("step")), whole(entry.get("epoch"))
        at = (NAN if step is None else step, NAN if epoch is None else epoch)
        split = _split(entry)
        if split == "train" and _is_hidden(entry):
            self.hidden.append(at[0])
            entry = {**entry, "loss": NAN}
        sets = {name.removesuffix("_runtime") for name in entry if name.endswith("_runtime")}
        values = [(name, value) for name, value in entry.items() if not _aside(name)]
        for name, _ in values:
            if name not in self.meanings:
                self.meanings[name] = _meaning(name, split, sets)
        self.ledger.add(split, values, at=at, place=(0, line))


def _is_hidden(entry: Entry) -> bool:
    loss, norm = entry.get("loss"), entry.get("grad_norm")
    return type(loss) in (int, float) and loss == 0 and str(norm).lower() == "nan"


def _aside(name: str) -> bool:
    return name in _CLOCK or name in _COUNTERS or name.endswith(_SPEEDS)


def _meaning(name: str, split: str, sets: set[str]) -> Meaning | None:
    """What a name means; the set that it belongs to stands in the place of a branch."""
    if len(name) > LONGEST_NAME:
        return None
    if split == "train":
        return of_a_hook(name) or meant("train", name)
    for prefix in sorted(sets, key=len, reverse=True):  # eval_g0
        if name.startswith(f"{prefix}_"):
            of = prefix.partition("_")[2]
            return _held_out(split, name[len(prefix) + 1 :], f"set_{of}" if of else None)
    kind, _, word = name.partition("_")
    return _held_out(split, word, None) if kind in _SPLITS else None


def _held_out(split: str, word: str, branch: str | None) -> Meaning | None:
    return None if word in ("lr", "learning_rate", "grad_norm") else meant(split, word, branch)


def _furthest(sources: Sequence[Source]) -> Source:
    """The state that went furthest among those of one run.

    Raises NothingReadable when the files are of several runs.
    """
    homes = {_home(source) for source in sources}
    if len(homes) > 1:
        raise several(sorted(sources, key=lambda source: source.name))
    return max(sources, key=lambda source: (_last_step(source), not _CHECKPOINT.search(source.name), source.name))


def _home(source: Source) -> PurePath:
    folder = (source.path or PurePath(source.name)).parent
    return folder.parent if _CHECKPOINT.fullmatch(folder.name) else folder


def _last_step(source: Source) -> float:
    steps = [whole(entry.get("step")) for _, entry in _entries(source.text) if entry is not None]
    return max((step for step in steps if step is not None), default=-1.0)


def _read(sources: Sequence[Source]) -> Run:
    reading = _Reading(sources[0] if len(sources) == 1 else _furthest(sources))
    reading.go_through()
    return run_of("huggingface", reading.source, reading.ledger, reading.meanings, notes=reading.notes)


huggingface = Format(
    name="huggingface",
    framework="huggingface",
    says=Words(en="Hugging Face's trainer_state.json", zh="Hugging Face 的 trainer_state.json"),
    rank=44,
    recognises=_recognises,
    read=_read,
)
