"""Lines of JSON with the same names and nothing but numbers: nearly all of a long log, read many at a time.

What a line holds is decided as everywhere else; only the way is shorter. A typed decoder, made for the names that were
seen, gives numbers without a dictionary a row, and refuses whatever does not fit: those lines are then read one by one.
"""

from __future__ import annotations

import re
from itertools import pairwise, starmap
from struct import Struct
from typing import TYPE_CHECKING, NamedTuple

import msgspec
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from defib.records import Column

FEW = 8  # lines; so many that look alike are worth a decoder
MOST_NAMES = 200  # assumed; a wider table is no training log's
MOST_DECODERS = 50  # a log that goes on changing its names is read line by line
EXACT = 2.0**53  # beyond it the type decides whether a number counts, and a column of floats does not tell

_PLAIN = re.compile(r'[^\x00-\x1f"\\]+')
_NAN = re.compile(rb":( ?)NaN(?=[,}])")
_STAND_IN = -1.2345678901234567e308
_WRITTEN = b":\\g<1>-1.2345678901234567e308"
_NEWLINE, _RETURN, _CLOSING = b"\n\r}"


class Alike(NamedTuple):
    """Lines that follow each other and hold the same names and only numbers: which lines, and a column a name.

    The columns are in the order of the line that was seen first; a later line may have had another.
    """

    lines: Sequence[int]
    columns: dict[str, Column]

    def rows(self) -> list[dict[str, float]]:
        """The same as one object a line."""
        names = tuple(self.columns)
        lists = (column.tolist() for column in self.columns.values())
        return [dict(zip(names, values, strict=True)) for values in zip(*lists, strict=True)]


class Piece(NamedTuple):
    """Some whole lines of a text: their bytes, how many there are, and their columns where they could be read so."""

    text: bytes
    lines: int
    columns: dict[str, Column] | None


class Shape:
    """The names that lines have had of late, and the decoder that reads such lines."""

    def __init__(self) -> None:
        self._names: tuple[str, ...] = ()
        self._start = np.empty(0, dtype=np.uint8)
        self._decode: Callable[[bytes], list[msgspec.Struct]] | None = None
        self._made: dict[tuple[str, ...], Callable[[bytes], list[msgspec.Struct]]] = {}

    def learn(self, names: tuple[str, ...]) -> None:
        """Expect lines with these names from now on."""
        if names == self._names or not _fit(names):
            return
        if names not in self._made:
            if len(self._made) >= MOST_DECODERS:
                return
            self._made[names] = _decoder(names)
        self._names, self._decode = names, self._made[names]
        self._start = np.frombuffer(b'{"' + names[0].encode()[:6], dtype=np.uint8)

    def pieces(self, text: bytes) -> Iterator[Piece]:
        """Cut a text, which ends with a newline, into lines that begin as expected and all others."""
        if self._decode is None:
            yield Piece(text, text.count(b"\n"), None)
            return
        data = np.frombuffer(text, dtype=np.uint8)
        ends = np.flatnonzero(data == _NEWLINE)
        starts = np.concatenate(([0], ends[:-1] + 1))
        fits = self._fitting(data, starts, ends)
        changes = np.flatnonzero(fits[1:] != fits[:-1]) + 1
        if len(changes) * FEW > len(ends):  # too short to be worth it
            yield Piece(text, len(ends), None)
            return
        borders = [0, *changes.tolist(), len(ends)]
        for first, last in pairwise(borders):
            part = text[starts[first] : ends[last - 1] + 1]
            yield Piece(part, last - first, self._columns(part, last - first) if fits[first] else None)

    def _fitting(self, data: np.ndarray, starts: np.ndarray, ends: np.ndarray) -> np.ndarray:
        """Which lines begin as expected and end with a brace: no object then spans two lines or shares one."""
        length = len(self._start)
        fits: np.ndarray = ends - starts > length
        first = np.where(fits, starts, 0)
        last = np.where(fits, ends, length) - 1
        last -= data[last] == _RETURN
        fits &= data[last] == _CLOSING
        if length <= len(data):
            for offset, byte in enumerate(self._start):
                fits &= data[first + offset] == byte
        return fits

    def _columns(self, text: bytes, count: int) -> dict[str, Column] | None:
        """The columns of lines that look as expected, or None when one of them is not."""
        assert self._decode is not None
        missing = 0
        try:
            rows = self._decode(text)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            # Outside of the names, which have none, a NaN can only be a value: anything else is refused once more.
            text, missing = _NAN.subn(_WRITTEN, text)
            if not missing:
                return None
            try:
                rows = self._decode(text)
            except (msgspec.MsgspecError, UnicodeDecodeError):
                return None
        if len(rows) != count:
            return None
        pack = Struct(f"{len(self._names)}d").pack  # measured: twice as fast as numpy from the tuples
        flat = np.frombuffer(bytearray().join(starmap(pack, map(msgspec.structs.astuple, rows))))
        if missing:
            stand_ins = flat == _STAND_IN
            if int(stand_ins.sum()) != missing:
                return None
            flat[stand_ins] = np.nan
        with np.errstate(invalid="ignore"):
            if (np.abs(flat) >= EXACT).any():
                return None
        return dict(zip(self._names, flat.reshape(count, -1).T, strict=True))


def _fit(names: tuple[str, ...]) -> bool:
    """Whether a decoder can be made for these names."""
    return 0 < len(names) <= MOST_NAMES and all(_PLAIN.fullmatch(name) and "NaN" not in name for name in names)


def _decoder(names: tuple[str, ...]) -> Callable[[bytes], list[msgspec.Struct]]:
    fields = {f"f{index}": name for index, name in enumerate(names)}
    row = msgspec.defstruct(
        "Row", [(field, float) for field in fields], rename=fields, forbid_unknown_fields=True, gc=False
    )
    return msgspec.json.Decoder(row).decode_lines
