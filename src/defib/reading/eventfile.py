"""TensorBoard's event file, record by record: the scalars in it, and where it stops.

The frame of a record (length, checksum, bytes, checksum) is walked here and not by tensorboard's own loader: the loader
reserves whatever length a record claims, cannot tell a file that is being written from a damaged one, and imports
TensorFlow where that is installed. The checksums, the records and the tensors are tensorboard's.
"""

from __future__ import annotations

import math
import struct
from array import array
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from defib.errors import ExtraMissing
from defib.reading.ledger import MOST_STEPS
from defib.words import Words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import BinaryIO

    from defib.reading.source import Source

SAYS = Words(en="a TensorBoard event file", zh="TensorBoard 事件文件")

LONGEST_RECORD = 256 * 2**10
"""Bytes; assumed: the scalars of one step are far below (6,000 fit), images and graphs above tell nothing. A record that is
parsed may take ninety times as much memory (measured: 21 MiB for one of 240 KiB that holds nothing but empty values)."""
MOST_TAGS = 5_000  # assumed; a name that is met for the first time takes as long as ten values
LONGEST_TAG = 200  # characters; assumed: a longer tag is no name of a metric

_LENGTH, _CHECK = struct.Struct("<Q"), struct.Struct("<I")
_FIRST = 1024  # bytes; the first record holds the version of the format and nothing else
_VERSION = b"brain.Event:"
# DT_FLOAT, DT_DOUBLE, DT_INT32, DT_INT64, DT_BOOL, DT_BFLOAT16, DT_HALF
_NUMBERS = frozenset({1, 2, 3, 9, 10, 14, 19})


class Scalar(NamedTuple):
    """One number as it was logged."""

    tag: str
    step: float
    value: float
    moment: float
    """Unix seconds."""
    record: int
    """Its record in the file, from 1."""


@dataclass(slots=True)
class EventFile:
    """What one file holds. The scalars lie in columns: as tuples they would take five times as much memory."""

    records: int = 0
    half: bool = False
    """It ends within a record: its writer may be in the middle of it."""
    damaged: int | None = None
    """The first record that is not what was written; nothing behind it can be trusted."""
    skipped: int = 0
    """Records that are too long to hold the scalars of a step."""
    nameless: int = 0
    """Values under one name too many."""
    _tags: dict[str, int] = field(default_factory=dict)
    _numbers: tuple[array[float], array[float], array[float]] = field(
        default_factory=lambda: (array("d"), array("d"), array("d"))
    )
    _places: tuple[array[int], array[int]] = field(default_factory=lambda: (array("q"), array("q")))

    def __len__(self) -> int:
        """How many scalars there are."""
        return len(self._numbers[0])

    def add(self, tag: str, step: float, value: float, moment: float) -> None:
        """Write down one scalar of the record that is being read."""
        if tag not in self._tags and len(self._tags) >= MOST_TAGS:
            self.nameless += 1
            return
        for column, number in zip(self._numbers, (step, value, moment), strict=True):
            column.append(number)
        self._places[0].append(self._tags.setdefault(tag, len(self._tags)))
        self._places[1].append(self.records)

    def scalars(self) -> Iterator[Scalar]:
        """Every scalar in the order in which it was written."""
        tags = list(self._tags)
        (steps, values, moments), (names, records) = self._numbers, self._places
        for name, step, value, moment, record in zip(names, steps, values, moments, records, strict=True):
            yield Scalar(tags[name], step, value, moment, record)


def is_event_file(source: Source) -> bool:
    """Whether a file begins with the version record; needs no library."""
    head = source.head
    if len(head) < _LENGTH.size:
        return False
    (length,) = _LENGTH.unpack_from(head)
    return length <= _FIRST and _VERSION in head[12 : 12 + length]


def read_events(source: Source) -> EventFile:
    """Every scalar of a file. Raises ExtraMissing without tensorboard, OSError when the file cannot be read."""
    parse, number, checksum = _library(source)
    found = EventFile()
    with source.opened() as stream:
        for data in _records(stream, found, checksum):
            if data is None:
                continue
            event = parse(data)
            if event is None:  # checksums that fit around bytes that mean nothing
                found.damaged = found.records
                break
            if not event.HasField("summary") or not 0 <= event.step < MOST_STEPS:
                continue
            moment = event.wall_time if math.isfinite(event.wall_time) else 0.0
            for one in event.summary.value:
                value = number(one)
                if value is not None and 0 < len(one.tag) <= LONGEST_TAG:
                    found.add(one.tag, float(event.step), value, moment)
    return found


def _records(stream: BinaryIO, found: EventFile, checksum: Callable[[bytes], int]) -> Iterator[bytes | None]:
    """The bytes of each record, None for one that is too long; notes where and why the file stops."""
    while head := stream.read(12):
        if len(head) < 12:  # noqa: PLR2004 (eight bytes of length and four of checksum)
            found.half = True
            return
        found.records += 1
        (length,) = _LENGTH.unpack_from(head)
        if checksum(head[:8]) != _CHECK.unpack_from(head, 8)[0]:
            found.damaged = found.records
            return
        if length > LONGEST_RECORD:
            here = stream.tell()
            if length + 4 > stream.seek(0, 2) - here:
                found.half = True
                return
            stream.seek(here + length + 4)
            found.skipped += 1
            yield None
            continue
        data = stream.read(length)
        tail = stream.read(4)
        if len(data) < length or len(tail) < 4:  # noqa: PLR2004 (bytes of a checksum)
            found.half = True
            return
        if checksum(data) != _CHECK.unpack(tail)[0]:
            found.damaged = found.records
            return
        yield data


def _library(source: Source) -> tuple[Callable[[bytes], Any], Callable[[Any], float | None], Callable[[bytes], int]]:
    """How tensorboard parses a record, reads a value as a number, and takes a checksum."""
    try:  # an extra: whoever has no event files does not need it
        from google.protobuf.message import DecodeError  # noqa: PLC0415
        from tensorboard.compat.proto.event_pb2 import Event  # noqa: PLC0415
        from tensorboard.compat.tensorflow_stub.pywrap_tensorflow import masked_crc32c  # noqa: PLC0415
        from tensorboard.util.tensor_util import make_ndarray  # noqa: PLC0415
    except ImportError:
        raise ExtraMissing(path=source.name, format=SAYS, extra="tensorboard") from None

    def parse(data: bytes) -> Any:  # noqa: ANN401 (a message of protobuf)
        try:
            return Event.FromString(data)
        except (DecodeError, ValueError):
            return None

    def number(value: Any) -> float | None:  # noqa: ANN401 (a message of protobuf)
        kind = value.WhichOneof("value")
        if kind == "simple_value":
            return float(value.simple_value)
        # A scalar has no dimensions. Any other tensor is left alone: its shape says how much would be reserved for it.
        if kind != "tensor" or value.tensor.dtype not in _NUMBERS or value.tensor.tensor_shape.dim:
            return None
        try:
            return float(make_ndarray(value.tensor).item())
        except (ValueError, TypeError):
            return None

    return parse, number, masked_crc32c
