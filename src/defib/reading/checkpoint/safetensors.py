"""The safetensors format: a length, a JSON header, and nothing but the values that the header describes."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, Annotated

import msgspec

from defib.reading.checkpoint import problems
from defib.reading.checkpoint.problems import Broken
from defib.words import Words

if TYPE_CHECKING:
    from pathlib import Path

MOST_HEADER_BYTES = 100_000_000  # the limit of the reference implementation

# Bits of one element, as in the format's own list (safetensors 0.6).
_BITS = {
    "F4": 4,
    **dict.fromkeys(("F6_E2M3", "F6_E3M2"), 6),
    **dict.fromkeys(("BOOL", "U8", "I8", "F8_E5M2", "F8_E4M3", "F8_E8M0"), 8),
    **dict.fromkeys(("U16", "I16", "F16", "BF16"), 16),
    **dict.fromkeys(("U32", "I32", "F32"), 32),
    **dict.fromkeys(("U64", "I64", "F64", "C64"), 64),
}

_Natural = Annotated[int, msgspec.Meta(ge=0)]


class _Entry(msgspec.Struct, frozen=True):
    dtype: str
    shape: tuple[_Natural, ...]
    data_offsets: tuple[_Natural, _Natural]


def check_safetensors(path: Path) -> None:
    """Check that the header can be read and that its tensors fill the file exactly.

    Raises Broken when they do not, OSError when the file cannot be read.
    """
    size = path.stat().st_size
    with path.open("rb") as stream:
        length = int.from_bytes(stream.read(8), "little")
        if length > MOST_HEADER_BYTES:
            found, limit = problems.BYTES.fill(count=length), problems.BYTES.fill(count=MOST_HEADER_BYTES)
            raise Broken(problems.TOO_LARGE.fill(entry=Words(en="the header", zh="文件头"), found=found, limit=limit))
        header = stream.read(length)
    if len(header) < length:
        raise Broken(problems.SAFETENSORS_CUT_OFF.fill(expected=8 + length, found=size))
    end = 0
    for name, entry in sorted(_entries(header).items(), key=lambda item: item[1].data_offsets):
        begin, stop = entry.data_offsets
        bits = _BITS.get(entry.dtype)
        if begin != end or stop < begin or (bits is not None and (stop - begin) * 8 != prod(entry.shape) * bits):
            raise Broken(problems.WRONG_TENSOR.fill(name=name))
        end = stop
    if 8 + length + end != size:
        raise Broken(problems.SAFETENSORS_CUT_OFF.fill(expected=8 + length + end, found=size))


def _entries(header: bytes) -> dict[str, _Entry]:
    try:
        raw = msgspec.json.decode(header, type=dict[str, msgspec.Raw])
        raw.pop("__metadata__", None)
        entries = {name: msgspec.json.decode(value, type=_Entry) for name, value in raw.items()}
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise Broken(problems.BAD_SAFETENSORS.fill(reason=str(error))) from None
    if not entries:
        raise Broken(problems.BAD_SAFETENSORS.fill(reason=Words(en="it names no tensors", zh="其中没有任何张量")))
    return entries
