"""A judged run in, a Plan out: where to start, what to change, what to type, what to look for."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING

import msgspec

from defib import settings
from defib.playbook.by_hand import by_hand
from defib.playbook.command import NEED_GPUS, Command, beside, command, monitor
from defib.playbook.edits import choose
from defib.playbook.forecast import forecast
from defib.playbook.ladder import ladder
from defib.playbook.play import like
from defib.playbook.programs import foreign, launches, of_mmcv, recognizes
from defib.playbook.rate import logged_peak
from defib.playbook.signs import signs
from defib.playbook.start import rescue_dir, start, start_edits
from defib.playbook.wrong_if import wrong_if
from defib.records import Baseline, Plan
from defib.scaling import scales_itself
from defib.settings import plain
from defib.words import Words, number

if TYPE_CHECKING:
    from defib.playbook.play import Profile
    from defib.records import Cause, Checkpoint, Checkup, Edit, Run, Start

TENTH = 10.0
OURS = "weights.safetensors"
"""How the weights of our trainer's checkpoints are called."""

BASELINE = Words(
    en="the simplest remedy: the same start with the learning rate divided by ten ({old} to {new}) and nothing else changed. Where there "
    "is time for both, run it too: if the plan does not beat it, its other edits were not needed",
    zh="最简单的做法：同一起点，只把学习率除以十（{old} → {new}），其余不变。算力允许时也跑一次：若本方案不优于它，说明其余改动并无必要",
)
BASELINE_JUMP = Words(
    en="{said}. It keeps the schedule as it is, and so the step that raised the rate",
    zh="{said}。注意：它保留原有调度，也就保留了那次提高学习率的步骤",
)
BASELINE_UNKNOWN = Words(
    en="the simplest remedy: the same start with the learning rate divided by ten; the config's rate is not known",
    zh="最简单的做法：同一起点，学习率除以十；但配置中的学习率未知",
)
ADVICE_INIT = Words(
    en="better than this restart: train both streams singly, merge them and begin there. The start from two pre-trained streams is "
    "missing here; {reference} reaches {value}% in {epochs} epochs from it{target}. A restart from epoch {start} limits the damage, "
    "and cannot make up for that",
    zh="比重启更好的做法：先分别训练两个单流，合并后再开始。这次训练缺少两个预训练单流的初始化；参考配方“{reference}”由此出发，{epochs} 轮即达 "
    "{value}%{target}。从第 {start} 轮重启只能减少损失，弥补不了这一点",
)
BELOW_IT = Words(en=", and the wished {target}% lies below that", zh="，你期望的 {target}% 还低于它")
SCALES_ITSELF = Words(
    en="the program scales the rate to its batch by itself ({key}), so it was not fitted to the reference here",
    zh="程序会按批大小自行缩放学习率（{key}），因此这里没有按参考配方改动",
)
FULL = Words(
    en="mmengine's own checkpoints hold more than weights, and with torch 2.6 or newer mmengine 0.10.7 refuses them in load_from. "
    "Run defib where the checkpoint lies: it then writes a copy that holds the weights only",
    zh="mmengine 保存的检查点不只含权重；在 torch 2.6 及以上版本中，mmengine 0.10.7 的 load_from 会拒绝读取。"
    "请在检查点所在的机器上运行 defib，它会另存一份仅含权重的副本",
)
NO_EDITS = Words(
    en="no edit treats a likely cause: the plan only restarts from the best checkpoint, and may end where this run did",
    zh="没有可以针对可能原因的改动：方案只是从最佳检查点重启，结局可能与这次相同",
)
NO_LENGTH = Words(
    en="the time of an epoch is not known: say it with --minutes-per-epoch X",
    zh="不知道每轮耗时：请用 --minutes-per-epoch X 给出",
)
NO_EPOCHS = Words(
    en="the number of epochs is not known (no config says it), so neither is the length of the restart",
    zh="不知道训练轮数（没有配置说明），因此无法估计重启所需时间",
)
MISSING_TRACK = Words(
    en="keep the best by the metric that decides next time: save_best = '{raw}'",
    zh="下次请按决定性指标保存最佳检查点：save_best = '{raw}'",
)


def plan(  # noqa: PLR0913 (what a plan depends on, by name)
    run: Run,
    checkup: Checkup,
    causes: tuple[Cause, ...],
    *,
    profile: Profile = "minimal",
    new_config: str | None = None,
    folder: str | None = None,
    attempt: int = 1,
) -> Plan:
    """Plan the rescue of a run with an open incident.

    new_config: where the changed config will be written; without it the original's name with `_rescue`.
    folder: where a weights-only copy of the start would be written.
    attempt: counted from 1; each has a directory of its own.

    Raises ValueError when the run has no open incident.
    """
    begin = start(run, checkup)
    work_dir = rescue_dir(run, attempt)
    weights = load_from(run, begin, folder)
    chosen = choose(run, causes, profile) + start_edits(run, weights, work_dir)
    in_code = by_hand(run, begin, weights, chosen)
    edits = tuple(edit for edit in chosen if edit.sites or edit.key in run.settings)
    config = new_config or _renamed(run)
    line = command(run, config, work_dir)
    seconds = _length(run, edits)
    notes = [*(words for words in line.missing if words != NEED_GPUS), *_notes(run, causes)]
    if seconds is None:
        notes.append(NO_LENGTH if run.seconds_per_epoch is None else NO_EPOCHS)
    return Plan(
        profile=profile,
        start_from=with_weights(run, begin, weights),
        edits=edits,
        by_hand=in_code,
        beforehand=(
            *_beforehand(run, causes, begin, edits),
            *(words for words in line.missing if words == NEED_GPUS),
        ),
        command=line.words,
        environment=line.environment,
        cwd=run.launch.cwd,
        monitor=monitor(run, work_dir),
        seconds=seconds,
        ends_at=None if seconds is None or run.observed_at is None else run.observed_at + seconds,
        watch=signs(run, checkup),
        ladder=ladder(run, edits),
        forecast=None if begin.state == "none" else forecast(run, checkup),
        baseline=_baseline(run, weights, work_dir, jumps=any(edit.key == "schedule_factor" for edit in edits)),
        wrong_if=wrong_if(run, checkup, causes, begin, edits),
        notes=tuple(notes),
        config=None if run.config is None else run.config.path,
        config_sha256=None if run.config is None else run.config.sha256,
        new_config=config,
        work_dir=work_dir,
    )


def chosen_checkpoint(run: Run, begin: Start) -> Checkpoint | None:
    """The checkpoint on disk that a start stands for, or None when it is not there."""
    return next((one for one in run.checkpoints if one.path == begin.path and one.state == "ready"), None)


def load_from(run: Run, begin: Start, folder: str | None) -> str | None:
    """What `load_from` has to name: a weights-only copy for a full checkpoint, else the file itself."""
    if begin.path is None:
        return None
    name = PurePosixPath(begin.path).name
    checkpoint = chosen_checkpoint(run, begin)
    if checkpoint is not None:
        if checkpoint.full and folder is not None and _copied(run):
            return f"{folder}/{PurePosixPath(name).stem}_weights.pth"
        whole = PurePosixPath(run.path) / begin.path
        # Our trainer takes the folder, and of it the averaged weights where there are any: they are what was evaluated.
        return str(whole.parent if whole.name == OURS and _of_our_trainer(run) else whole)
    if begin.state == "unseen" and not _copied(run):
        return None  # the usual name of a checkpoint is the mm programs'
    home = run.launch.work_dir or run.setting("work_dir")
    if home is None and launches(run) and run.config is not None:
        home = f"work_dirs/{PurePosixPath(run.config.path).stem}"
    return f"{home}/{name}" if isinstance(home, str) else name


def _of_our_trainer(run: Run) -> bool:
    layout = None if run.config is None else settings.layout_of(run.config)
    return layout is not None and layout.name == "trainer"


def with_weights(run: Run, begin: Start, weights: str | None) -> Start:
    """The start with the copy that has to be made of it: only a full checkpoint needs one."""
    checkpoint = chosen_checkpoint(run, begin)
    full = checkpoint is not None and checkpoint.full and _copied(run)
    return msgspec.structs.replace(begin, weights=weights if full else None)


def _copied(run: Run) -> bool:
    """Whether the start is a file as the mm programs write it, of which a copy with the weights only can be loaded."""
    return not foreign(run)


def _renamed(run: Run) -> str | None:
    if run.config is None:
        return None
    path = PurePosixPath(run.config.path)
    return str(path.with_name(f"{path.stem}_rescue{path.suffix}"))


def _length(run: Run, edits: tuple[Edit, ...]) -> float | None:
    """Seconds of the restarted run: its epochs at the old pace."""
    epochs = next((edit.new for edit in edits if edit.key == "max_epochs"), run.setting("max_epochs"))
    if run.seconds_per_epoch is None or plain(epochs) is None:
        return None
    return float(epochs) * run.seconds_per_epoch


def _baseline(run: Run, weights: str | None, work_dir: str | None, *, jumps: bool) -> Baseline:
    rate = plain(run.setting("lr"))
    if rate is None or run.config is None:
        peak = logged_peak(run)
        if peak is None:
            return Baseline(says=BASELINE_UNKNOWN)
        tenth = float(f"{peak / TENTH:.10g}")
        return Baseline(lr_old=peak, lr_new=tenth, says=BASELINE.fill(old=number(peak), new=number(tenth)))
    new = like(run.setting("lr"), float(f"{rate / TENTH:.10g}"))
    layout = settings.layout_of(run.config)
    off = False if layout is None else layout.resume_off
    resume = run.settings["resume"].paths[0] if "resume" in run.settings else "resume" if off is False else None
    options = [
        "--cfg-options",
        f"{run.settings['lr'].paths[0]}={new}",
        *([f"{resume}={'' if off is None else off}"] if resume else []),
    ]
    if weights is not None:
        options.append(f"load_from={beside(weights, run.launch.cwd)}")
    folder = None if work_dir is None else f"{work_dir}_baseline"
    # Options on the command line are the mm programs'; pyskl takes none.
    takes = launches(run) and not (of_mmcv(run) and recognizes(run))
    line = command(run, run.config.path, folder, *options) if takes else Command((), {}, ())
    says = BASELINE.fill(old=number(rate), new=number(float(new)))
    if jumps:
        says = BASELINE_JUMP.fill(said=says)
    return Baseline(lr_old=rate, lr_new=float(new), command=line.words, says=says)


def _beforehand(run: Run, causes: tuple[Cause, ...], begin: Start, edits: tuple[Edit, ...]) -> list[Words]:
    """What a person has to know before typing, the weightiest first."""
    found: list[Words] = []
    by_name = {cause.cause: cause for cause in causes if cause.standing != "ruled-out"}
    last = None if run.reference is None else max(run.reference.expects, key=lambda one: one.epoch, default=None)
    if "not_initialised" in by_name and "never_learned" in by_name["not_initialised"].explains and last is not None:
        said = BELOW_IT.fill(target=number(run.target)) if run.target is not None and run.target < last.value else ""
        assert run.reference is not None
        words = {"value": number(last.value), "epochs": number(last.epoch), "start": number(begin.epoch)}
        found.append(ADVICE_INIT.fill(reference=run.reference.says, target=said, **words))
    if not any(edit.cause for edit in edits):
        found.append(NO_EDITS)
    if (
        begin.state in ("listed", "unseen")
        and _copied(run)
        and not of_mmcv(run)
        and any(edit.key == "load_from" for edit in edits)
    ):
        found.append(FULL)
    return found


def _notes(run: Run, causes: tuple[Cause, ...]) -> list[Words]:
    found: list[Words] = []
    wrong = {cause.cause: cause for cause in causes if cause.standing != "ruled-out"}.get("best_on_wrong_metric")
    decider = run.get(run.deciding)
    if wrong is not None and wrong.for_ and decider is not None:
        found += [wrong.for_[0].measured, *([MISSING_TRACK.fill(raw=decider.raw)] if _copied(run) else [])]
    layout = None if run.config is None else settings.layout_of(run.config)
    if layout is not None and scales_itself(run):
        found.append(SCALES_ITSELF.fill(key=layout.scaled_by))
    return found
