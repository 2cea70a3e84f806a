"""TensorBoard's event file, record by record: the scalars in it, and where it stops.

The frame of a record (length, checksum, bytes, checksum) is walked here and not by tensorboard's own loader: the loader
reserves whatever length a record claims, cannot tell a file that is being written from a damaged one, and imports
TensorFlow where that is installed. The checksums, the records and the tensors are tensorboard's.
"""

from __future__ import annotations

import math
import struct
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

LONGEST_RECORD = (
    8 * 2**20
)  # bytes; assumed: the scalars of one step are far below, graphs and images above tell nothing
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
    """What one file holds."""

    scalars: list[Scalar] = field(default_factory=list)
    records: int = 0
    half: bool = False
    """It ends within a record: its writer may be in the middle of it."""
    damaged: int | None = None
    """The first record that is not what was written; nothing behind it can be trusted."""
    skipped: int = 0
    """Records that are too long to hold the scalars of a step."""


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
    tags: dict[str, str] = {}  # one text for each tag, not one a record
    with source.opened() as stream:
        for data in _records(stream, found, checksum):
            if data is None:
                continue
            try:
                event = parse(data)
            except ValueError:  # protobuf's DecodeError: checksums that fit around bytes that mean nothing
                found.damaged = found.records
                break
            if not event.HasField("summary") or not 0 <= event.step < MOST_STEPS:
                continue
            moment = event.wall_time if math.isfinite(event.wall_time) else 0.0
            for one in event.summary.value:
                value = number(one)
                if value is not None and 0 < len(one.tag) <= LONGEST_TAG:
                    tag = tags.setdefault(one.tag, one.tag)
                    found.scalars.append(Scalar(tag, float(event.step), value, moment, found.records))
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
        from tensorboard.compat.proto.event_pb2 import Event  # noqa: PLC0415
        from tensorboard.compat.tensorflow_stub.pywrap_tensorflow import masked_crc32c  # noqa: PLC0415
        from tensorboard.util.tensor_util import make_ndarray  # noqa: PLC0415
    except ImportError:
        raise ExtraMissing(path=source.name, format=SAYS, extra="tensorboard") from None

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

    return Event.FromString, number, masked_crc32c
