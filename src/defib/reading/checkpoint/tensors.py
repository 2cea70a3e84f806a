"""A tensor as a checkpoint describes it: a view (offset, size, stride) of a storage."""

from __future__ import annotations

from dataclasses import dataclass

from defib.reading.checkpoint import problems
from defib.reading.checkpoint.problems import Broken
from defib.reading.checkpoint.unpickling import Built, Global, Storage

# Bytes of one element; names as in torch.storage and torch.
STORAGE_WIDTH = {
    **dict.fromkeys(("ByteStorage", "CharStorage", "BoolStorage", "UntypedStorage"), 1),
    **dict.fromkeys(("QInt8Storage", "QUInt8Storage", "QUInt4x2Storage", "QUInt2x4Storage"), 1),
    **dict.fromkeys(("ShortStorage", "HalfStorage", "BFloat16Storage"), 2),
    **dict.fromkeys(("IntStorage", "FloatStorage", "QInt32Storage"), 4),
    **dict.fromkeys(("LongStorage", "DoubleStorage", "ComplexFloatStorage"), 8),
    "ComplexDoubleStorage": 16,
}
DTYPE_WIDTH = {
    **dict.fromkeys(("uint8", "int8", "bool", "float8_e4m3fn", "float8_e4m3fnuz", "float8_e5m2", "float8_e5m2fnuz"), 1),
    **dict.fromkeys(("float8_e8m0fnu", "float4_e2m1fn_x2", "bits8"), 1),
    **dict.fromkeys(("uint16", "int16", "float16", "bfloat16", "bits16"), 2),
    **dict.fromkeys(("uint32", "int32", "float32", "complex32"), 4),
    **dict.fromkeys(("uint64", "int64", "float64", "complex64"), 8),
    "complex128": 16,
}

_REBUILD_V2 = Global("torch._utils", "_rebuild_tensor_v2")  # tensors of the classic dtypes
_REBUILD_V3 = Global("torch._utils", "_rebuild_tensor_v3")  # uint16, float8 and other dtypes without a storage class
_PARAMETER = Global("torch._utils", "_rebuild_parameter")
_PARAMETER_WITH_STATE = Global("torch._utils", "_rebuild_parameter_with_state")
_FROM_TYPE = Global("torch._tensor", "_rebuild_from_type_v2")  # a tensor that carries Python attributes
_PLAIN_TYPES = (Global("torch", "Tensor"), Global("torch.nn.parameter", "Parameter"))


@dataclass(frozen=True, slots=True)
class Tensor:
    """One tensor of a state dict. `dtype` is None where the storage's type says it; `parameter` where it is no Parameter."""

    storage: Storage
    offset: int
    size: tuple[int, ...]
    stride: tuple[int, ...]
    requires_grad: bool
    dtype: str | None = None
    parameter: bool | None = None


def tensor(name: str, value: object) -> Tensor | None:
    """The tensor that a value of a state dict is, or None when it is something else (a number, a sparse tensor, ...).

    Raises Broken when it reaches beyond the values that are stored for it.
    """
    found = _described(value)
    if found is not None and not _fits(found):
        raise Broken(problems.WRONG_TENSOR.fill(name=name))
    return found


def _described(value: object) -> Tensor | None:
    if not isinstance(value, Built) or not isinstance(value.arguments, tuple):
        return None
    if value.function == _FROM_TYPE:
        match value.arguments:
            case (Global() as function, kind, tuple() as arguments, _) if kind in _PLAIN_TYPES:
                value = Built(function, arguments)  # its Python attributes are not weights
    if value.function in (_PARAMETER, _PARAMETER_WITH_STATE):
        match value.arguments:
            case (Built() as inner, bool() as requires_grad, *_):
                data = _view(inner)
                return None if data is None else _as_parameter(data, requires_grad=requires_grad)
        return None
    return _view(value)


def _view(value: Built) -> Tensor | None:
    match value.arguments:
        case (Storage() as storage, int() as offset, tuple() as size, tuple() as stride, bool() as grad, _, *rest):
            if not (all(type(number) is int for number in (*size, *stride)) and type(offset) is int):
                return None
            if value.function == _REBUILD_V2:
                return Tensor(storage, offset, size, stride, grad)
            match rest:
                case [Global(module="torch", name=dtype), *_] if value.function == _REBUILD_V3:
                    return Tensor(storage, offset, size, stride, grad, dtype)
    return None


def _as_parameter(data: Tensor, *, requires_grad: bool) -> Tensor:
    return Tensor(data.storage, data.offset, data.size, data.stride, data.requires_grad, data.dtype, requires_grad)


def _fits(view: Tensor) -> bool:
    """Does every element lie inside the storage?"""
    if len(view.size) != len(view.stride) or min((view.offset, *view.size, *view.stride)) < 0:
        return False
    if 0 in view.size:
        return True
    last = view.offset + sum((size - 1) * stride for size, stride in zip(view.size, view.stride, strict=True))
    if view.dtype is None:
        return last < view.storage.count
    # Of a dtype that is newer than this table only the first byte of the last element is known to be needed.
    return (last + 1) * DTYPE_WIDTH.get(view.dtype, 1) <= view.storage.count * STORAGE_WIDTH.get(view.storage.kind, 1)
