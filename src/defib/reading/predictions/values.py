"""Tensors and arrays in a pickle, which were not made, become the arrays that they stand for."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from defib.reading.checkpoint.unpickling import Built, Global
from defib.reading.predictions import problems
from defib.reading.predictions.problems import Unreadable, Unsafe
from defib.reading.predictions.storages import StorageReader

if TYPE_CHECKING:
    from collections.abc import Iterable

# What dumps of scores name. Nothing here is imported or called: a name in this list is understood, any other is refused.
_NUMPY = ("numpy.core", "numpy._core")  # before and since numpy 2
RECONSTRUCT = frozenset(Global(f"{room}.multiarray", "_reconstruct") for room in _NUMPY)
SCALAR = frozenset(Global(f"{room}.multiarray", "scalar") for room in _NUMPY)
FROM_BUFFER = frozenset(Global(f"{room}.numeric", "_frombuffer") for room in _NUMPY)
DTYPE, NDARRAY = Global("numpy", "dtype"), Global("numpy", "ndarray")
ENCODE = Global("_codecs", "encode")
REBUILD, LOAD = Global("torch._utils", "_rebuild_tensor_v2"), Global("torch.storage", "_load_from_bytes")
ORDERED = Global("collections", "OrderedDict")
SIZE, DEVICE = Global("torch", "Size"), Global("torch", "device")  # of meta information, which is not looked at
UNDERSTOOD = RECONSTRUCT | SCALAR | FROM_BUFFER | {DTYPE, NDARRAY, ENCODE, REBUILD, LOAD, ORDERED, SIZE, DEVICE}

CODES = frozenset({"f2", "f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8"})
ORDERS = {"<": "<", "|": "|", "=": "<", ">": ">"}


def refuse_others(names: Iterable[Global]) -> None:
    """Raises Unsafe for the first name that dumps of scores do not need."""
    for name in sorted(names, key=str):
        if name not in UNDERSTOOD:
            raise Unsafe(str(name))


class Values:
    """Makes arrays. Together they may hold no more values than the file has bytes: references to references end here."""

    def __init__(self, most: int) -> None:
        """most: values that all arrays together may have."""
        self._left = most
        self._storages: dict[int, np.ndarray] = {}  # by the identity of their bytes, which the pickle keeps alive
        self._read = StorageReader()

    def array(self, value: object) -> np.ndarray | None:
        """The array that a value is, or None when it is none. Raises Unreadable for a damaged one."""
        if isinstance(value, int | float) and not isinstance(value, bool):
            return self._counted(np.array(float(value)))
        if isinstance(value, list | tuple):
            return self._counted(_numbers(value))
        if not isinstance(value, Built) or not isinstance(value.arguments, tuple):
            return None
        try:
            found = self._tensor(value) if value.function == REBUILD else _numpy(value)
        except (ValueError, TypeError, OverflowError):
            raise Unreadable(problems.TENSOR) from None
        return self._counted(found)

    def _counted(self, found: np.ndarray | None) -> np.ndarray | None:
        if found is not None:
            self._left -= found.size
            if self._left < 0:
                raise Unreadable(problems.REPEATS)
        return found

    def _tensor(self, value: Built) -> np.ndarray | None:
        match value.arguments:
            case (Built() as storage, int() as offset, tuple() as size, tuple() as stride, bool(), *_):
                flat = self._storage(storage)
            case _:
                raise Unreadable(problems.TENSOR)
        plain = all(type(one) is int and one >= 0 for one in (offset, *size, *stride)) and len(size) == len(stride)
        if not plain or len(size) > 2:  # noqa: PLR2004 (a row of scores, or the one row of a batch)
            raise Unreadable(problems.TENSOR)
        last = offset + sum((count - 1) * step for count, step in zip(size, stride, strict=True))
        if 0 in size or last >= len(flat) or math.prod(size) > len(flat):
            raise Unreadable(problems.TENSOR)
        steps = tuple(step * flat.itemsize for step in stride)
        return np.lib.stride_tricks.as_strided(flat[offset:], shape=size, strides=steps, writeable=False)

    def _storage(self, storage: Built) -> np.ndarray:
        match storage.arguments:
            case (blob,) if storage.function == LOAD:
                key = id(blob.arguments if isinstance(blob, Built) else blob)
                if key not in self._storages:
                    self._storages[key] = self._read.values(_bytes(blob))
                return self._storages[key]
        raise Unreadable(problems.TENSOR)


def _numpy(value: Built) -> np.ndarray | None:
    match value.function, value.arguments, value.state:
        case function, (Global() as made, *_), (int(), tuple() as shape, Built() as dtype, bool() as fortran, data) if (
            function in RECONSTRUCT and made == NDARRAY
        ):
            return _shaped(_bytes(data), dtype, shape, "F" if fortran else "C")
        case function, (data, Built() as dtype, tuple() as shape, "C" | "F" as order), _ if function in FROM_BUFFER:
            return _shaped(_bytes(data), dtype, shape, order)
        case function, (Built() as dtype, data), _ if function in SCALAR:
            return _shaped(_bytes(data), dtype, (), "C")
    return None


def _shaped(data: bytes, dtype: Built, shape: tuple[object, ...], order: str) -> np.ndarray:
    if not all(type(one) is int and one >= 0 for one in shape):
        raise Unreadable(problems.TENSOR)
    kind = _dtype(dtype)
    sizes = [one for one in shape if isinstance(one, int)]
    if math.prod(sizes) * kind.itemsize != len(data):
        raise Unreadable(problems.TENSOR)
    return np.frombuffer(data, dtype=kind).reshape(sizes, order="F" if order == "F" else "C")


def _dtype(value: Built) -> np.dtype:
    match value.function, value.arguments, value.state:
        case function, (str() as code, *_), (int(), str() as order, *_) if function == DTYPE:
            if code in CODES and order in ORDERS:
                return np.dtype(ORDERS[order] + code)
    raise Unreadable(problems.TENSOR)


def _bytes(value: object) -> bytes:
    """Bytes, also as protocol 2 writes them: text of one character a byte."""
    match value:
        case bytes() | bytearray():
            return bytes(value)
        case Built(function=function, arguments=(str() as text, "latin1")) if function == ENCODE:
            return text.encode("latin-1")
    raise Unreadable(problems.TENSOR)


def _numbers(values: list[object] | tuple[object, ...]) -> np.ndarray | None:
    if not values or not all(type(one) in (int, float) for one in values):
        return None
    return np.array([float(one) for one in values])  # type: ignore[arg-type]  # numbers, checked
