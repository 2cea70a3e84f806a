"""What a file of predictions is, by its content, and what it holds."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING

from defib.errors import ExtraMissing, NoSuchPath, PredictionsDoNotFit, PredictionsUnreadable, PredictionsUnsafe
from defib.reading.predictions import problems
from defib.reading.predictions.archived import read_archive
from defib.reading.predictions.lines import read_lines
from defib.reading.predictions.pickled import read_pickle
from defib.reading.predictions.problems import Unfit, Unreadable, Unsafe
from defib.words import Words, same

if TYPE_CHECKING:
    from pathlib import Path

    from defib.predictions import Table

SAYS = Words(en="a file of predictions", zh="预测结果文件")
MIB = 2**20
MOST_BYTES = 512 * MIB  # assumed; NTU RGB+D 60 with four heads needs about 60 MiB as a pickle
PROTOCOL = 0x80  # the opcode that every pickle of protocol 2 and newer begins with
LEADING = b"\xef\xbb\xbf \t\r\n"


def read_predictions(path: Path) -> Table:
    """Read one file of predictions; nothing in it is executed, and time and memory grow with its size only.

    Raises NoSuchPath, ExtraMissing, PredictionsUnreadable, PredictionsUnsafe, PredictionsDoNotFit.
    """
    if find_spec("scipy") is None:  # what is read would have to be weighed without it
        raise ExtraMissing(path=path, format=SAYS, extra="predictions")
    try:
        return _read(path)
    except Unsafe as unsafe:
        raise PredictionsUnsafe(path=path, name=unsafe.name) from None
    except Unfit as unfit:
        raise PredictionsDoNotFit(path=path, reason=unfit.reason) from None
    except Unreadable as unreadable:
        raise PredictionsUnreadable(path=path, reason=unreadable.reason) from None


def _read(path: Path) -> Table:
    data = _bytes(path)
    if data.startswith(b"PK"):
        return read_archive(path.name, data)
    if data[0] == PROTOCOL:
        return read_pickle(path.name, data)
    if data.startswith(b"\x93NUMPY"):
        raise Unreadable(problems.SINGLE_ARRAY)
    text = data[:MIB].lstrip(LEADING)
    if text.startswith(b"{"):
        return read_lines(path.name, data.removeprefix(b"\xef\xbb\xbf"))
    raise Unreadable(problems.NEITHER.fill(forms=problems.FORMS))


def _bytes(path: Path) -> bytes:
    try:
        if not path.exists():
            raise NoSuchPath(path=path)
        if not path.is_file():  # a pipe would block
            raise Unreadable(problems.NOT_A_FILE)
        size = path.stat().st_size
        if size > MOST_BYTES:
            raise Unreadable(problems.TOO_LARGE.fill(found=size // MIB, limit=MOST_BYTES // MIB))
        data = path.read_bytes()
    except (OSError, ValueError) as error:
        said = error.strerror if isinstance(error, OSError) else None
        raise Unreadable(problems.SYSTEM.fill(reason=same(said or type(error).__name__))) from None
    if not data:
        raise Unreadable(problems.EMPTY)
    return data
