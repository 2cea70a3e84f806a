"""A training that really collapses, seen, diagnosed and rescued while it runs; beside it what else one could have done.

Nothing is injected and nothing is recorded: `synth_micro_aggressive` collapses by its own recipe. Four arms spend the same number of
epochs: the run left alone; the best checkpoint with a tenth of the rate; the rescue, which first spends the epochs until
the collapse was seen; and the clean twin, whose rate does not climb. A score is the last one, never the best of a run.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from defib import pipeline
from defib.demo.trainings import Arm, Trainings
from defib.supervision import Bedside, Orders
from defib.words import Words

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from defib.records import Case, Entry

RECIPE = "synth_micro_aggressive"
EPOCHS = 26
"""Of the recipe: what every arm may spend."""
NAMES: dict[str, Words] = {
    "alone": Words(en="left alone", zh="放任不管"),
    "tenth": Words(en="best checkpoint, lr / 10", zh="最佳检查点、学习率降为十分之一"),
    "rescued": Words(en="rescued by defib", zh="由 defib 修复"),
    "twin": Words(en="clean twin", zh="没有故障的孪生训练"),
}
BEGINS = Words(
    en="training {recipe} (seed {seed}); nothing is injected", zh="开始训练 {recipe}（种子 {seed}）；没有注入任何故障"
)
SEEN = Words(en="seen after {epoch} epochs: {says}", zh="第 {epoch} 轮后发现：{says}")
NOT_SEEN = Words(en="it did not collapse: nothing to rescue", zh="训练没有崩溃：不需要修复")
OTHERS = Words(
    en="beside it: the best checkpoint with a tenth of the rate, and the clean twin; the collapsed run is left to its end",
    zh="同时进行：最佳检查点配十分之一学习率，以及没有故障的孪生训练；崩溃的训练任其跑完",
)


@dataclass(frozen=True, slots=True)
class Story:
    """How it went."""

    seed: int
    arms: tuple[Arm, ...]
    seen: int | None
    """Epochs after which the verdict was `rescue`; None where the run never collapsed."""
    outcome: str | None
    """What the supervisor said of its attempt."""
    case: Case | None
    """The collapsed run, as it was judged and planned."""


def live(
    home: Path,
    seed: int,
    told: Callable[[Words], None] = lambda _: None,
    went: Callable[[Mapping[str, int]], None] = lambda _: None,
    changes: Sequence[str] = (),
) -> Story:
    """Train, watch, rescue, compare; everything lies below `home` afterwards.

    told: hears what happens.
    went: hears the epochs that each arm has done, now and then.
    changes: `key=value` words for all trainings, as `defib train` takes them.

    Raises LaunchRefused, CannotWrite.
    """
    os.environ.setdefault(
        "OMP_NUM_THREADS", "1"
    )  # up to four trainings at once: threads of their own would only wait for each other
    with Trainings(home, seed, changes, went) as trainings:
        told(BEGINS.fill(recipe=RECIPE, seed=seed))
        trainings.begin("alone", RECIPE)
        trainings.begin("twin", RECIPE, "schedule.ramp=null")
        case = trainings.collapsed("alone")
        if case is None:
            told(NOT_SEEN)
            trainings.finish()
            return Story(seed, (trainings.arm("alone", 0), trainings.arm("twin", 0)), None, None, None)
        seen = trainings.done("alone")
        told(SEEN.fill(epoch=seen, says=case.says))
        told(OTHERS)
        case = pipeline.write(pipeline.rescue(case))
        assert case.plan is not None
        left = f"train.max_epochs={max(EPOCHS - seen, 1)}"
        best = str(Path(case.run.path) / "best")
        trainings.begin(
            "tenth", str(trainings.folder("alone") / "recipe.json"), f"load_from={best}", *tenth(case), left
        )
        template = f"{{python}} -m defib train {{config}} {left}"
        bedside = Bedside(case, Orders(template=template, python=sys.executable, attempts=1, pause=1.0), _heard(told))
        outcome = bedside.run()
        started = next(one for one in reversed(bedside.journal.entries()) if one.kind == "start")
        trainings.look_after("rescued", Path(started.work_dir or ""), started.process)
        trainings.finish()
        arms = (
            trainings.arm("alone", 0),
            trainings.arm("tenth", seen),
            trainings.arm("rescued", seen),
            trainings.arm("twin", 0),
        )
        return Story(seed, arms, seen, outcome, case)


def tenth(case: Case) -> list[str]:
    """A tenth of the rate that the collapsed run was given."""
    lr = case.run.setting("lr")
    return [f"optim.lr={lr / 10:g}"] if isinstance(lr, int | float) else []


def _heard(told: Callable[[Words], None]) -> Callable[[Entry], None]:
    return lambda entry: told(entry.says)
