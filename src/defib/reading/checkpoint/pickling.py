"""A state dict is written as a pickle of protocol 2, opcode by opcode, in the few that weights_only=True accepts."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from defib.reading.checkpoint.tensors import Tensor

if TYPE_CHECKING:
    from collections.abc import Mapping

    from defib.reading.checkpoint.unpickling import Storage

Plain = str | int | float | bool | None

_TRUE, _FALSE, _NONE = b"\x88", b"\x89", b"N"
_MARK, _TUPLE, _REDUCE, _SETITEMS, _PERSISTENT, _STOP = b"(", b"t", b"R", b"u", b"Q", b"."
_INT32 = range(-(2**31), 2**31)


def pickled(weights: Mapping[str, Tensor | Plain], meta: Mapping[str, Plain], keys: Mapping[Storage, str]) -> bytes:
    """The data.pkl of {"state_dict": OrderedDict(weights), "meta": meta}; `keys` names each storage in the archive."""
    state_dict = _ordered_dict() + _items({name: _value(value, keys) for name, value in weights.items()})
    whole = {"state_dict": state_dict, "meta": b"}" + _items({name: _value(value, {}) for name, value in meta.items()})}
    return b"\x80\x02}" + _items(whole) + _STOP


def _value(value: Tensor | Plain, keys: Mapping[Storage, str]) -> bytes:
    match value:
        case Tensor():
            return _tensor(value, keys)
        case str():
            return _text(value)
        case bool():
            return _boolean(value)
        case int():
            return _integer(value)
        case float():
            return b"G" + struct.pack(">d", value)
        case None:
            return _NONE


def _tensor(tensor: Tensor, keys: Mapping[Storage, str]) -> bytes:
    storage = tensor.storage
    module = "torch.storage" if storage.kind == "UntypedStorage" else "torch"
    # The device is always "cpu": a copy that says "cuda:3" fails to load on a machine with fewer devices.
    where = (
        _text("storage"),
        _global(module, storage.kind),
        _text(keys[storage]),
        _text("cpu"),
        _integer(storage.count),
    )
    arguments = [
        _tuple(*where) + _PERSISTENT,
        _integer(tensor.offset),
        _tuple(*map(_integer, tensor.size)),
        _tuple(*map(_integer, tensor.stride)),
        _boolean(tensor.requires_grad),
        _ordered_dict(),  # backward hooks, which are never saved
    ]
    if tensor.dtype is None:
        view = _call("_rebuild_tensor_v2", *arguments)
    else:
        view = _call("_rebuild_tensor_v3", *arguments, _global("torch", tensor.dtype))
    if tensor.parameter is None:
        return view
    return _call("_rebuild_parameter", view, _boolean(tensor.parameter), _ordered_dict())


def _call(function: str, *arguments: bytes) -> bytes:
    return _global("torch._utils", function) + _tuple(*arguments) + _REDUCE


def _ordered_dict() -> bytes:
    return _global("collections", "OrderedDict") + _tuple() + _REDUCE


def _global(module: str, name: str) -> bytes:
    return f"c{module}\n{name}\n".encode()


def _items(items: Mapping[str, bytes]) -> bytes:
    return _MARK + b"".join(_text(name) + value for name, value in items.items()) + _SETITEMS


def _tuple(*items: bytes) -> bytes:
    return _MARK + b"".join(items) + _TUPLE


def _text(text: str) -> bytes:
    encoded = text.encode("utf-8", "surrogatepass")
    return b"X" + struct.pack("<I", len(encoded)) + encoded


def _boolean(value: bool) -> bytes:  # noqa: FBT001 (the value itself is what is written)
    return _TRUE if value else _FALSE


def _integer(number: int) -> bytes:
    if number in _INT32:
        return b"J" + struct.pack("<i", number)
    encoded = number.to_bytes(number.bit_length() // 8 + 1, "little", signed=True)
    return b"\x8a" + bytes([len(encoded)]) + encoded  # at most 255 bytes: the reader accepts no longer ones
