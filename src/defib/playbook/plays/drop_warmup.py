"""Leave the warm-up out when SGD restarts from trained weights at no higher rate.

A warm-up protects random weights and fresh moments; SGD has no second moments and the start is trained, so it only
delays the restart. The scheduler behind it moves to the front and takes over its epochs: one decision, several sites.
Keeps: the rate, the shape of the schedule behind the warm-up.
Gives up: without a warm-up, for adaptive optimizers, when the rate goes up.

中文：
SGD 从已训练的权重重启、且学习率不上调时，去掉学习率预热。

学习率预热用来保护随机初始化的权重和刚清零的矩估计；SGD 没有二阶矩，起点又是训练过的，因此预热只会拖慢重启。排在
后面的调度器移到最前面，并接管预热的轮数：一个决定，涉及配置的多处。
保持不变：学习率，以及预热之后调度的形状。
何时放弃：没有学习率预热、使用自适应优化器，或学习率要上调。
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from defib import settings
from defib.playbook.play import Change, Table, play
from defib.records import Site
from defib.settings import plain
from defib.words import Words, number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from defib.records import Setting

WHY = Words(
    en="SGD from trained weights at no higher rate needs no warm-up ({epochs} {unit} before)",
    zh="SGD 从已训练权重、以不更高的学习率重启，不需要预热（原为 {epochs} {unit}）",
)
WHY_OFF = Words(
    en="SGD from trained weights at no higher rate needs no warm-up ({old} before)",
    zh="SGD 从已训练权重、以不更高的学习率重启，不需要预热（原为 {old}）",
)
EPOCHS = Words(en="epochs", zh="轮")
STEPS = Words(en="steps", zh="步")


@play(
    treats=None,
    changes=("warmup",),
    risk="safe",
    after=("lr_to_reference", "lr_one_notch_down", "halve_epochs"),
)
def drop_warmup(table: Table) -> Iterator[Change]:
    """Remove the first scheduler when it is a warm-up, and move the next one to the front."""
    old, new = plain(table.old("lr")), plain(table.now("lr"))
    warmup = table.run.settings.get("warmup")
    sgd = str(table.old("optimizer")).rpartition(".")[2].lower() == "sgd"  # torch.optim.SGD, sgd
    if warmup is None or not sgd or old is None or new is None or new > old:
        return
    if not isinstance(warmup.value, dict):
        yield _switched_off(table, warmup)
        return
    path, value = warmup.paths[0], warmup.value
    sites = [Site(path=path, old=value, action="delete"), *_behind(table, path, value)]
    words = {"epochs": number(plain(value.get("end"))), "unit": EPOCHS if value.get("by_epoch", True) else STEPS}
    yield Change(key="warmup", new=None, why=WHY.fill(**words), sites=tuple(sites))


def _switched_off(table: Table, warmup: Setting) -> Change:
    """The warm-up of a framework whose schedule follows by itself: its length, or its kind, says that there is none."""
    layout = None if table.run.config is None else settings.layout_of(table.run.config)
    off = 0 if layout is None else layout.warmup_off
    new = 0.0 if off == 0 and isinstance(warmup.value, float) else off
    sites = tuple(Site(path=path, old=settings.at(table.tree, path), new=new) for path in warmup.paths)
    return Change(key="warmup", new=new, why=WHY_OFF.fill(old=str(warmup.value)), sites=sites)


def _behind(table: Table, warmup: str, value: dict[str, Any]) -> Iterator[Site]:
    """The sites of the scheduler that began where the warm-up ended."""
    # A warm-up counted in steps and a schedule counted in epochs: it follows the warm-up if nothing else begins at 0.
    others_begin = any(step.get("begin", 0) == 0 for path, step in settings.schedulers(table.tree) if path != warmup)
    decided = {site.path: site.new for edit in table.before for site in edit.sites}
    for path, step in settings.schedulers(table.tree):
        begin = step.get("begin", 0)
        same_unit = step.get("by_epoch", True) == value.get("by_epoch", True)
        follows = begin == value.get("end") if same_unit else not others_begin
        if path == warmup or not begin or not follows:
            continue
        yield Site(path=f"{path}.begin", old=begin, new=0)
        end = decided.get(f"{path}.end", step.get("end"))
        length = decided.get(f"{path}.T_max", step.get("T_max"))
        if isinstance(length, int) and isinstance(end, int) and length == end - begin:
            yield Site(path=f"{path}.T_max", old=step["T_max"], new=end)
