"""Numbers that were computed on a device and are read when they have arrived: asking for them waits for nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import torch

if TYPE_CHECKING:
    from typing import Any, Iterator, Sequence

    from torch import Tensor


class Sent(NamedTuple):
    """What was asked for at one step."""

    step: int
    names: tuple[str, ...]
    values: Tensor
    """[len(names)], on the host; complete once `done` says so."""
    done: Any


class Arriving:
    """Values on their way from the device to the host, in the order in which they were sent."""

    def __init__(self) -> None:
        self._sent: list[Sent] = []

    def send(self, step: int, names: Sequence[str], values: Sequence[Tensor]) -> None:
        """Ask for scalars. On a CPU they are there at once; on a GPU the copy is queued behind their computation."""
        if not names:
            return
        stacked = torch.stack([value.detach().to(values[0].device, torch.float32) for value in values])
        if stacked.device.type == "cuda":
            host = torch.empty(stacked.shape, dtype=stacked.dtype, pin_memory=True)
            host.copy_(stacked, non_blocking=True)
            done = torch.cuda.Event()  # type: ignore[no-untyped-call]
            done.record()
            self._sent.append(Sent(step, tuple(names), host, done))
        else:
            self._sent.append(Sent(step, tuple(names), stacked.cpu(), None))

    def arrived(self, *, wait: bool = False) -> Iterator[tuple[int, list[tuple[str, float]]]]:
        """(step, [(name, value)]) of everything that is here; with `wait`, of everything that was asked for."""
        while self._sent:
            first = self._sent[0]
            if first.done is not None and not first.done.query():
                if not wait:
                    return
                first.done.synchronize()
            self._sent.pop(0)
            yield first.step, list(zip(first.names, first.values.tolist()))
