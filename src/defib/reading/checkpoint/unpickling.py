"""A pickle becomes inert values: nothing is imported, nothing is called, and no opcode can do more than the table says.

The standard unpickler is not used, not even with `find_class` closed: its extension opcodes can return cached callables
without asking, and one memo index of five bytes makes it allocate gigabytes. Here every opcode that is accepted is a few
lines that can be read; objects become `Built`, a note of what would have been called with which arguments.
"""

from __future__ import annotations

import pickletools
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from defib.reading.checkpoint import problems
from defib.reading.checkpoint.problems import Broken

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import BinaryIO

# Assumed enough: 1750 tensors with AdamW state need 0.15 million (measured), each leaving
# an object of some 100 bytes behind.
MOST_INSTRUCTIONS = 5_000_000


@dataclass(frozen=True, slots=True)
class Global:
    """The name of a class or function, e.g. torch._utils._rebuild_tensor_v2. It was not imported."""

    module: str
    name: str

    def __str__(self) -> str:
        return f"{self.module}.{self.name}"


@dataclass(eq=False, slots=True)
class Built:
    """An object that the pickle asked to be made. It was not made; `state` is what it would have been given later."""

    function: object
    arguments: object
    state: object = None


@dataclass(frozen=True, slots=True)
class Storage:
    """A block of tensor values outside the pickle: its type (FloatStorage), its key in the archive, its element count."""

    kind: str
    key: str
    count: int


@dataclass(frozen=True, slots=True)
class Pickle:
    """What a pickle holds: its value, and every global and storage that it names."""

    value: object
    protocol: int
    globals: frozenset[Global]
    storages: frozenset[Storage]


def unpickle(data: bytes | BinaryIO, most: int | None = None) -> Pickle:
    """Read a pickle without executing it.

    data: the pickle, or a stream that then stands behind it.
    most: instructions; a longer one is refused. `MOST_INSTRUCTIONS` by default.

    Raises Broken when it is incomplete, malformed, absurdly long, or uses opcodes that no torch checkpoint has.
    """
    machine, limit = _Machine(), MOST_INSTRUCTIONS if most is None else most
    try:
        for count, (opcode, argument, _) in enumerate(pickletools.genops(data)):
            if count >= limit:
                raise Broken(problems.TOO_LONG.fill(limit=limit))
            if opcode.name == "STOP":
                break
            if opcode.name not in _OPCODES:
                raise Broken(problems.BAD_PICKLE.fill(reason=problems.FOREIGN_OPCODE.fill(opcode=opcode.name)))
            _OPCODES[opcode.name](machine, argument)
        (value,) = machine.stack
    except (MalformedPickle, ValueError, TypeError, LookupError, OverflowError):
        raise Broken(problems.BAD_PICKLE.fill(reason=problems.MALFORMED)) from None
    return Pickle(value, machine.protocol, frozenset(machine.globals), frozenset(machine.storages))


class MalformedPickle(Exception):
    """A pickle that breaks the rules of its language. It does not leave this file."""


class _Machine:
    """The stack, the marks and the memo of the pickle language."""

    def __init__(self) -> None:
        self.stack: list[object] = []
        self.below: list[list[object]] = []  # the stacks under each open mark
        self.memo: dict[int, object] = {}
        self.protocol = 0
        self.globals: set[Global] = set()
        self.storages: set[Storage] = set()

    def start(self, protocol: int) -> None:
        self.protocol = protocol

    def mark(self) -> None:
        self.below.append(self.stack)
        self.stack = []

    def marked(self) -> list[object]:
        items = self.stack
        self.stack = self.below.pop()
        return items

    def close(self, kind: Callable[[list[object]], object]) -> None:
        items = self.marked()
        self.stack.append(kind(items))

    def discard(self) -> None:
        if self.stack:
            self.stack.pop()
        else:
            self.marked()

    def tuple_of(self, count: int) -> None:
        if len(self.stack) < count:
            raise MalformedPickle  # the stack is too short
        self.stack[-count:] = [tuple(self.stack[-count:])]

    def name(self, module: object, name: object) -> None:
        if not (isinstance(module, str) and isinstance(name, str)):
            raise MalformedPickle  # a global must be named by strings
        found = Global(module, name)
        self.globals.add(found)
        self.stack.append(found)

    def stack_name(self) -> None:
        name, module = self.stack.pop(), self.stack.pop()
        self.name(module, name)

    def call(self) -> None:
        arguments, function = self.stack.pop(), self.stack.pop()
        if function == ORDERED_DICT and arguments == ():
            self.stack.append(OrderedDict())
        else:
            self.stack.append(Built(function, arguments))

    def call_with_keywords(self) -> None:
        self.stack.pop()
        self.call()

    def build(self) -> None:
        state, target = self.stack.pop(), self.stack[-1]
        if isinstance(target, Built):
            target.state = state  # noted, never given to a __setstate__
        elif not isinstance(target, OrderedDict):  # what a state dict keeps beside its items (_metadata) is dropped
            raise MalformedPickle  # a state for something that has none

    def extend(self, items: list[object]) -> None:
        target = self.stack[-1]
        if isinstance(target, list):
            target.extend(items)
        elif not isinstance(target, Built):
            raise MalformedPickle  # items for something that is no list

    def update(self, items: list[object]) -> None:
        target = self.stack[-1]
        if isinstance(target, dict):
            for key, value in zip(items[::2], items[1::2], strict=True):
                target[_hashable(key)] = value
        elif not isinstance(target, Built):
            raise MalformedPickle  # keys for something that is no dict

    def update_one(self) -> None:
        value, key = self.stack.pop(), self.stack.pop()
        self.update([key, value])

    def add(self, items: list[object]) -> None:
        target = self.stack[-1]
        if isinstance(target, set):
            target.update(_hashable(item) for item in items)
        elif not isinstance(target, Built):
            raise MalformedPickle  # members for something that is no set

    def storage(self) -> None:
        match self.stack.pop():
            case (
                "storage",
                Global(module="torch" | "torch.storage" | "torch.cuda", name=kind),
                str() as key,
                str(),
                int() as count,
                *rest,  # before torch 1.6 a sixth place for views, which nothing fills
            ) if count >= 0 and rest in ([], [None]):
                found = Storage(kind, key, count)
                self.storages.add(found)
                self.stack.append(found)
            case _:
                raise MalformedPickle  # a reference to something that is no tensor storage


def _hashable(key: object) -> object:
    """A key that can be hashed in bounded depth: hashing deeply nested tuples overflows the interpreter's own stack."""
    if isinstance(key, tuple):
        if all(isinstance(item, _SCALAR) for item in key):
            return key
    elif isinstance(key, _SCALAR):
        return key
    raise MalformedPickle  # a key that no checkpoint has


ORDERED_DICT = Global("collections", "OrderedDict")
_SCALAR = (str, int, float, bytes, type(None), Global, Built, Storage)
_LITERALS = (
    *("BININT", "BININT1", "BININT2", "LONG1", "BINFLOAT", "BINUNICODE", "SHORT_BINUNICODE", "BINUNICODE8"),
    *("BINSTRING", "SHORT_BINSTRING", "BINBYTES", "SHORT_BINBYTES", "BINBYTES8", "BYTEARRAY8"),
)

# Not in the table and therefore refused: extension codes (EXT1, EXT2, EXT4), the text opcodes of protocol 0, which torch
# never writes, out-of-band buffers, and LONG4, whose numbers are longer than 2040 bits.
_OPCODES: dict[str, Callable[[_Machine, Any], object]] = {
    **dict.fromkeys(_LITERALS, lambda machine, value: machine.stack.append(value)),
    "PROTO": lambda machine, protocol: machine.start(protocol),
    "FRAME": lambda _machine, _size: None,
    "NONE": lambda machine, _: machine.stack.append(None),
    "NEWTRUE": lambda machine, _: machine.stack.append(True),
    "NEWFALSE": lambda machine, _: machine.stack.append(False),
    "EMPTY_TUPLE": lambda machine, _: machine.stack.append(()),
    "EMPTY_LIST": lambda machine, _: machine.stack.append([]),
    "EMPTY_DICT": lambda machine, _: machine.stack.append({}),
    "EMPTY_SET": lambda machine, _: machine.stack.append(set()),
    "MARK": lambda machine, _: machine.mark(),
    "POP": lambda machine, _: machine.discard(),
    "POP_MARK": lambda machine, _: machine.marked(),
    "DUP": lambda machine, _: machine.stack.append(machine.stack[-1]),
    "TUPLE": lambda machine, _: machine.close(tuple),
    "TUPLE1": lambda machine, _: machine.tuple_of(1),
    "TUPLE2": lambda machine, _: machine.tuple_of(2),
    "TUPLE3": lambda machine, _: machine.tuple_of(3),
    "FROZENSET": lambda machine, _: machine.close(lambda items: frozenset(map(_hashable, items))),
    "APPEND": lambda machine, _: machine.extend([machine.stack.pop()]),
    "APPENDS": lambda machine, _: machine.extend(machine.marked()),
    "SETITEM": lambda machine, _: machine.update_one(),
    "SETITEMS": lambda machine, _: machine.update(machine.marked()),
    "ADDITEMS": lambda machine, _: machine.add(machine.marked()),
    "BINPUT": lambda machine, index: machine.memo.__setitem__(index, machine.stack[-1]),
    "LONG_BINPUT": lambda machine, index: machine.memo.__setitem__(index, machine.stack[-1]),
    "MEMOIZE": lambda machine, _: machine.memo.__setitem__(len(machine.memo), machine.stack[-1]),
    "BINGET": lambda machine, index: machine.stack.append(machine.memo[index]),
    "LONG_BINGET": lambda machine, index: machine.stack.append(machine.memo[index]),
    "GLOBAL": lambda machine, both: machine.name(*both.split(" ", 1)),
    "STACK_GLOBAL": lambda machine, _: machine.stack_name(),
    "REDUCE": lambda machine, _: machine.call(),
    "NEWOBJ": lambda machine, _: machine.call(),
    "NEWOBJ_EX": lambda machine, _: machine.call_with_keywords(),
    "BUILD": lambda machine, _: machine.build(),
    "BINPERSID": lambda machine, _: machine.storage(),
}
