"""What a guard does when a run breaks: back to a snapshot that was proven good, the smallest edit, probation, one escalation, a clean stop."""

from __future__ import annotations

import math
from collections import deque
from statistics import median
from typing import TYPE_CHECKING

from torch import nn

from defib.hooks.agreement import EVERY, worst
from defib.hooks.edits import LOWER, Edit, Live, smallest, stronger
from defib.hooks.judge import BAD, GOOD, UNSURE, Looks, Losses
from defib.hooks.state import put_back
from defib.hooks.tongue import said

if TYPE_CHECKING:
    from typing import Any, Callable, Mapping, Sequence

    from defib.hooks.branches import Branch
    from defib.hooks.ring import Ring, Snapshot

CODES = {GOOD: 0, UNSURE: 1, BAD: 2}
NORMS = 32
"""Gradient norms of each branch that are remembered, for what is usual."""
LATE = 3
"""Of them, those that are taken for the time of the fault; while there is a suspicion each step is measured."""
PROBATION = 3
"""Good looks in a row after which it is said that the run has recovered; until then each is twice as near."""
PATIENCE = 10
"""Good looks after which another fall is another incident, with a budget of its own."""
EARLIER, RISING, BELOW = 0.8, 1.2, 0.3
"""A rate that has still risen by `RISING` since `EARLIER` of the way is near its limit: it is held at the share `BELOW` of it (assumed)."""
TRIES, TRIES_AT_THE_START = 2, 3
"""Attempts for one incident; where nothing was learned yet another one costs little and a tenth may not be enough."""
NEVER = 8
"""Looks without any progress after which a run is taken for one that never learns."""
NEARLY_TOP1, NEARLY_LOSS, FEWEST_CLASSES = 2.0, 0.8, 3
"""Times chance, and share of ln K, of a network that guesses. With two classes twice chance is everything."""
WORDS: dict[str, tuple[str, str]] = {
    "ready": (
        "defib: up to {most} snapshots of {size:.1f} MB {where}; one is taken at each good look",
        "defib：最多保留 {most} 个快照，每个 {size:.1f} MB，{where}；每次查看结果良好时拍一个",
    ),
    "memory": ("in host memory", "存于主机内存"),
    "disk": ("in {folder}", "存于 {folder}"),
    "fault": ("step {step}: {reason}", "第 {step} 步：{reason}"),
    "not-finite": ("a loss or gradient is not finite", "损失或梯度不是有限值"),
    "fell": ("the canary fell to {value:.4g}", "哨兵降到 {value:.4g}"),
    "never": ("nothing was learned in {looks} looks", "查看 {looks} 次都没有任何进展"),
    "restored": ("back to the snapshot of step {step}; {edits}", "回到第 {step} 步的快照；{edits}"),
    "proposed": ("would go back to the snapshot of step {step}; {edits}", "建议回到第 {step} 步的快照；{edits}"),
    "recovered": ("the canary was good {looks} times in a row: recovered", "哨兵连续 {looks} 次良好：已恢复"),
    "stopped": (
        "it fell again after {attempts} attempts: stopped. The newest good weights are those of step {step}",
        "{attempts} 次尝试之后仍再次下降：停止。最新的良好权重来自第 {step} 步",
    ),
    "data": (
        "values that are not finite came back although rates and gradients were usual: the fault is in the data or the code, and tuning would hide it",
        "学习率和梯度都正常，非有限值却再次出现：问题在数据或代码中，调参只会掩盖它",
    ),
    "factor": ("all rates times {value:g}", "所有学习率乘以 {value:g}"),
    "cap": ("the rate of group {of} stays at or below {value:.3g}", "参数组 {of} 的学习率不超过 {value:.3g}"),
    "clip": ("the gradient of {of} is clipped to {value:.3g}", "{of} 的梯度裁剪到 {value:.3g}"),
    "skip": ("the batches in between are skipped", "跳过其间的批次"),
}


class RunStopped(RuntimeError):
    """The guard has tried what it may; the newest good weights are restored. `verdict` is `rescue` or `escalate`."""

    def __init__(self, text: str, verdict: str) -> None:
        super().__init__(text)
        self.verdict = verdict
        self.states: Mapping[str, Any] = {}
        """Of the newest good snapshot, by part."""


class Acting:
    """Judges what is measured, keeps snapshots, and acts or proposes."""

    def __init__(
        self,
        ring: Ring,
        optimizer: Any,
        branches: Sequence[Branch],
        *,
        tell: Callable[[str, str], None],
        acts: bool,
    ) -> None:
        """ring: of the parts that a snapshot consists of; tell: is given the kind of an event and its words; acts: else it proposes."""
        self.ring, self._optimizer, self._tell, self._acts = ring, optimizer, tell, acts
        schedulers = [part for name, part in ring.parts.items() if name.startswith("scheduler")]
        self.live = Live(optimizer, schedulers)
        self._known: dict[int, tuple[int, dict[str, float]]] = {}
        """Step of a snapshot -> how many edits held when it was taken, and the usual gradient norm of each branch."""
        self._looks: dict[str, Looks] = {}
        self._losses = Losses()
        self._norms: dict[str, deque[float]] = {branch.name: deque(maxlen=NORMS) for branch in branches}
        self._device = next(one.device for branch in branches for one in branch.parameters)
        self._scaled = "scaler" in ring.parts
        ends = [one for branch in branches for one in branch.modules if isinstance(one, nn.Linear)]
        self._classes = ends[-1].out_features if ends else 0
        self._untrained = False
        self._suspicion = GOOD
        self._count = self._good = self._attempts = self._not_finite = 0
        self._probation = False
        where = said(*WORDS["memory"]) if self.ring.folder is None else said(*WORDS["disk"], folder=self.ring.folder)
        self._say("ready", most=self.ring.most, size=self.ring.bytes / 2**20, where=where)

    @property
    def suspicious(self) -> bool:
        """Whether something is to be looked at closely."""
        return self._suspicion != GOOD

    def begin(self, step: int, values: Mapping[str, float]) -> None:
        """The first look, before any step: weights that nobody has trained yet are not sick."""
        for name, value in values.items():
            self._look(name, value)
            self._untrained = self._untrained or guesses(name, value, self._classes)
        self._keep(step).good = True

    def heard(self, name: str, value: float) -> None:
        """One measured value of a training step."""
        if name == "train/loss":
            self._suspect(self._losses.loss(value))
        elif name == "train/grad_norm":
            self._suspect(self._losses.norm(value, scaled=self._scaled))
        branch = name[len("train/grad_norm") + 1 :] if name.startswith("train/grad_norm") else None
        if branch in self._norms and value < float("inf"):
            self._norms[branch].append(value)

    def wants_a_look(self, step: int, every: int) -> bool:
        """Whether the canary is asked after this step: in its turn, twice as often on probation, or when a loss rose."""
        due = step % (max(1, every // 2) if self._probation else every) == 0
        if step % EVERY == 0:
            told = worst(CODES[self._suspicion], self._device)
            self._suspicion = next(name for name, code in CODES.items() if code == told)
            due = due or told > 0
        return due

    def looked(self, step: int, values: Mapping[str, float]) -> None:
        """The canary was asked: keep, wait, or act.

        Raises RunStopped.
        """
        told = [self._look(name, value) for name, value in values.items()]
        mine = max([CODES[one] for one in told] + [CODES[BAD] if self._suspicion == BAD else 0])
        verdict = worst(mine, self._device)
        self._count += 1
        not_finite, suspected, self._suspicion = self._suspicion == BAD, self.suspicious, GOOD
        if verdict == CODES[GOOD]:
            if suspected:  # the loss is higher and nothing is worse for it: this is what it is like from now on
                self._losses.forget()
            self._was_good(step)
            if self._never_learned():
                self._fault(step, "never", onset=1, looks=self._count)
        elif verdict == CODES[BAD]:
            last = max((one.step for one in self.ring.snapshots), default=0)
            finite = not not_finite and all(value == value and abs(value) < float("inf") for value in values.values())  # noqa: PLR0124 (NaN is not itself)
            value = next(iter(values.values()), float("nan"))
            self._fault(step, "fell" if finite else "not-finite", onset=last + 1, finite=finite, value=value)

    def _look(self, name: str, value: float) -> str:
        if not name.endswith(("top1", "loss")):
            return GOOD
        return self._looks.setdefault(name, Looks(higher=name.endswith("top1"))).look(value)

    def _suspect(self, told: str) -> None:
        if CODES[told] > CODES[self._suspicion]:
            self._suspicion = told

    def _was_good(self, step: int) -> None:
        self.ring.prove(step - 1)
        self._keep(step)
        self._good += 1
        if self._probation and self._good >= PROBATION and (self._learned() or not self._untrained):
            self._probation = False
            self._say("recovered", looks=self._good)
        if self._good >= PATIENCE and (self._learned() or not self._untrained):
            self._attempts = self._not_finite = 0

    def _keep(self, step: int) -> Snapshot:
        usual = {branch: median(norms) for branch, norms in self._norms.items() if len(norms) > LATE}
        self._known[step] = (len(self.live.edits), usual)
        return self.ring.take(step, [float(group["lr"]) for group in self._optimizer.param_groups])

    def _learned(self) -> bool:
        """Whether any held-out number was ever better than at the beginning."""
        return any(looks.learned() for looks in self._looks.values())

    def _never_learned(self) -> bool:
        """Whether many looks showed no progress at rates that do not rise: while they do it is a warm-up, and has to wait."""
        good = [one for one in self.ring.snapshots if one.good]
        rising = max(good[-1].rates) < max(float(group["lr"]) for group in self._optimizer.param_groups)
        return self._untrained and self._good >= NEVER and not rising and not self._learned()

    def _fault(self, step: int, reason: str, *, onset: int, finite: bool = True, **words: Any) -> None:
        self._say("fault", step=step, reason=said(*WORDS[reason], **words))
        snapshot, edits = self._chosen(onset, finite=finite)
        if not self._acts:
            self._say("proposed", step=snapshot.step, edits=_listed(edits))
            return
        self._not_finite += not finite
        if not finite and self._not_finite > 1 and edits and self._attempts:
            self._stop(snapshot, "data", "escalate")
        if self._attempts >= (TRIES if self._learned() or not self._untrained else TRIES_AT_THE_START):
            self._stop(snapshot, "stopped", "rescue", attempts=self._attempts, step=snapshot.step)
        self._restore(snapshot)
        self.live.add(edits)
        self._attempts, self._good, self._probation = self._attempts + 1, 0, True
        self._say("restored", step=snapshot.step, edits=_listed(edits))

    def _chosen(self, onset: int, *, finite: bool) -> tuple[Snapshot, list[Edit]]:
        """Where to go back to, and what to change there."""
        first = self.ring.snapshots[0]
        if (
            self._untrained and not self._learned()
        ):  # nothing but the beginning is known to be good: the rate was never right
            return first, [Edit("factor", LOWER)]
        newest = self.ring.newest_good(onset) or first
        if self._attempts:
            snapshot = (
                self.ring.newest_good(newest.step) or newest
            )  # what the last attempt began from may be sick itself
            return snapshot, stronger(snapshot.rates, self._usual(snapshot))
        before = self.ring.newest_good(int(EARLIER * newest.step) + 1) or newest
        rising = [rate > RISING * old for rate, old in zip(newest.rates, before.rates)]
        then = [rate * BELOW if up else rate for rate, up in zip(newest.rates, rising)]
        now = [float(group["lr"]) for group in self._optimizer.param_groups]
        return newest, smallest(now, then, self._usual(newest), finite=finite)

    def _restore(self, snapshot: Snapshot) -> None:
        put_back(self.ring.parts, snapshot.state())
        self.live.again(self._known[snapshot.step][0])
        self.ring.forget_from(snapshot.step + 1)
        self._losses.forget()
        for norms in self._norms.values():
            norms.clear()

    def _usual(self, snapshot: Snapshot) -> dict[str, tuple[float, float]]:
        """Branch -> its gradient norm up to the snapshot, and that of the last steps."""
        usual = self._known[snapshot.step][1]
        late = {branch: max(list(norms)[-LATE:]) for branch, norms in self._norms.items() if norms}
        return {branch: (norm, late.get(branch, norm)) for branch, norm in usual.items()}

    def _stop(self, snapshot: Snapshot, reason: str, verdict: str, **words: Any) -> None:
        self._restore(snapshot)
        text = said(*WORDS[reason], **words)
        self._tell("stopped", text)
        stopped = RunStopped(text, verdict)
        stopped.states = snapshot.state()["parts"]
        raise stopped

    def _say(self, kind: str, **words: Any) -> None:
        self._tell(kind, said(*WORDS[kind], **words))


def guesses(name: str, value: float, classes: int) -> bool:
    """Whether a first look is that of a network that nobody has trained; False where the number of classes is not known.

    >>> guesses("train/canary_top1", 11.7, 10), guesses("train/canary_top1", 60.0, 10), guesses("train/canary_loss", 2.3, 10)
    (True, False, True)
    """
    if classes < FEWEST_CLASSES:
        return False
    if name.endswith("top1"):
        return value <= NEARLY_TOP1 * 100 / classes
    return name.endswith("loss") and value >= NEARLY_LOSS * math.log(classes)


def _listed(edits: Sequence[Edit]) -> str:
    return ", ".join(said(*WORDS[one.kind], value=one.value, of=one.of) for one in edits)
