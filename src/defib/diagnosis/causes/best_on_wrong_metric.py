"""The checkpoint that was kept as the best is the best of another metric.

A trap rather than a cause of the fall: mmengine's `save_best='auto'` follows the first metric that it meets, which is
one branch, not the fused score, and a limit on kept checkpoints deletes the one that was really the best.
For: the log says which metric the best was kept by, and it is not the one that decides.
Against: it is the one that decides.
Missing: the console log, when only the config says `auto`.

中文：
作为最佳保存下来的检查点，是另一个指标的最佳。

这是陷阱，而不是下跌的原因：mmengine 的 `save_best='auto'` 会采用它遇到的第一个指标，也就是某个分支而不是融合分
数；而检查点个数上限会删掉真正最好的那个。
支持：日志写明了最佳检查点所依据的指标，而它不是决定性指标。
反对：它就是决定性指标。
尚缺：配置只写了 `auto` 时，需要控制台日志。
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from defib.diagnosis.cause import Clue, cause
from defib.records import Fact, Point
from defib.words import Words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from defib.records import Checkup, Run

OTHER = Words(
    en="save_best = {setting} followed {raw}; {deciding} decides",
    zh="save_best = {setting} 跟踪的是 {raw}；决定性指标是 {deciding}",
)
OTHER_MEANS = Words(
    en="the checkpoint called best need not be the best of the deciding metric",
    zh="名为 best 的检查点不一定是决定性指标最好的那个",
)
SAME = Words(
    en="save_best followed {raw}, which is the metric that decides", zh="save_best 跟踪的 {raw} 正是决定性指标"
)
SAME_MEANS = Words(en="the best checkpoint is the right one", zh="保存的最佳检查点是正确的")
NEED_LOG = Words(
    en="the console log or the checkpoint's name, which would say what `auto` followed",
    zh="控制台日志或检查点文件名：它们会说明 auto 实际跟踪的指标",
)


@cause(
    says=Words(
        en="the best checkpoint was chosen by another metric than the one that decides",
        zh="最佳检查点是按另一个指标选出的，而非决定性指标",
    )
)
def best_on_wrong_metric(run: Run, checkup: Checkup) -> Iterator[Clue]:
    """Compare what keep-the-best followed with the deciding metric."""
    del checkup
    if run.tracked is None or run.tracked.raw is None:
        if run.setting("save_best") == "auto" and run.deciding and run.deciding.count("/") > 1:
            yield Clue(side="missing", measured=NEED_LOG)
        return
    decider = run.get(run.deciding)
    if decider is None:
        return
    words = {"setting": run.tracked.setting, "raw": run.tracked.raw, "deciding": decider.raw}
    fact = Fact(
        metric=run.tracked.key or run.tracked.raw,
        value=run.tracked.value,
        at=Point(epoch=run.tracked.epoch),
        place=run.tracked.place,
    )
    if run.tracked.raw == decider.raw or run.tracked.key == decider.key:
        yield Clue(side="against", strength="strong", measured=SAME.fill(**words), means=SAME_MEANS, facts=(fact,))
    else:
        yield Clue(side="for", strength="strong", measured=OTHER.fill(**words), means=OTHER_MEANS, facts=(fact,))
