"""The whole product on one screen, and the only place that knows the order.

open_run -> check -> diagnose -> plan -> rewrite
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from defib import diagnosis, health, playbook
from defib.errors import (
    CannotWrite,
    CheckpointRefused,
    ConfigRefused,
    NoSuchMetric,
    NoSuchPath,
    StalePlan,
    TooManyPredictions,
)
from defib.records import Case, Plan, Run, to_json
from defib.words import Words, same

if TYPE_CHECKING:
    from collections.abc import Callable

    from defib.playbook.play import Profile
    from defib.words import Language

    Progress = Callable[[int, int], None]


OTHER_GPUS = Words(
    en="the log says {logged} GPUs, so --gpus {asked} was not used: the run is judged as it was started",
    zh="日志中的 GPU 数为 {logged}，因此没有采用 --gpus {asked}：按当时启动的方式判断",
)
OTHER_CLASSES = Words(
    en="the predictions have {found} classes, the run has {expected}: are they of this run?",
    zh="预测结果有 {found} 个类别，而这次训练有 {expected} 个：它们属于这次训练吗？",
)
MOST_PREDICTIONS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the user said beside the run: what a log or table cannot say by itself."""

    metric: str | None = None
    config: Path | None = None
    minutes_per_epoch: float | None = None
    gpus: int | None = None
    target: float | None = None
    predictions: tuple[Path, ...] = ()
    """One file, or that of an earlier checkpoint and that of a later one."""


def open_case(path: Path | None) -> Case | None:
    """A saved Case, when that is what stands at the path; None for anything else."""
    from defib import reading  # noqa: PLC0415 (decoders are loaded only where a run is read)

    return None if path is None or not path.is_file() else reading.read_case(path)


def open_run(path: Path | None, asked: Asked | None = None, *, text: str | None = None) -> Run:
    """Read a run, its config and its checkpoints.

    path: a work directory, a log, a table or a saved Case; None with `text` for standard input.

    Raises CannotJudge when nothing is readable, ConfigRefused for a config that cannot be parsed, NoSuchMetric,
    TooManyPredictions, PredictionsRefused.
    """
    from defib import reading  # noqa: PLC0415 (decoders are loaded only where a run is read)

    asked = asked or Asked()
    run = reading.read(path, text=text, observed_at=time.time())
    if path is not None:
        run = msgspec.structs.replace(run, path=str(path.resolve()))
    run = reading.with_config(run, path, asked.config)
    run = reading.with_earlier(reading.with_checkpoints(run, path), path)
    launch = msgspec.structs.replace(run.launch, gpus=run.launch.gpus or asked.gpus)
    notes = run.notes
    if asked.gpus and launch.gpus != asked.gpus:
        notes = (*notes, OTHER_GPUS.fill(logged=launch.gpus, asked=asked.gpus))
    minutes = asked.minutes_per_epoch
    classes = run.setting("classes")
    run = msgspec.structs.replace(
        run,
        launch=launch,
        notes=notes,
        seconds_per_epoch=run.seconds_per_epoch if minutes is None else 60.0 * minutes,
        target=run.target if asked.target is None else asked.target,
        deciding=run.deciding if asked.metric is None else _metric(run, asked.metric),
        classes=classes if isinstance(classes, int) else run.classes,
    )
    run = with_predictions(run, asked.predictions)
    return msgspec.structs.replace(run, reference=diagnosis.match(run))


def with_predictions(run: Run, files: tuple[Path, ...]) -> Run:
    """The run with what its predictions say; a run as it is when there are none.

    files: one, or that of an earlier checkpoint and that of a later one.

    Raises TooManyPredictions, NoSuchPath, PredictionsRefused.
    """
    from defib import predictions, reading  # noqa: PLC0415 (loaded only where a run is read)

    if not files:
        return run
    if len(files) > MOST_PREDICTIONS:
        raise TooManyPredictions(count=len(files))
    *earlier, later = [reading.read_predictions(path) for path in files]
    found = predictions.summarise(later, earlier[0] if earlier else None)
    if run.classes is not None and found.classes != run.classes:
        note = OTHER_CLASSES.fill(found=found.classes, expected=run.classes)
        found = msgspec.structs.replace(found, notes=(*found.notes, note))
    return msgspec.structs.replace(run, predictions=found)


def diagnose(run: Run) -> Case:
    """Judge a run: what is wrong, since when, why."""
    checkup = health.check(run)
    causes = diagnosis.diagnose(run, checkup)
    verdict = diagnosis.verdict(run, checkup, causes)
    says = diagnosis.headline(run, checkup, causes, verdict)
    return Case(run=run, checkup=checkup, causes=causes, verdict=verdict, says=says)


def rescue(case: Case, *, profile: Profile = "minimal", out: Path | None = None, attempt: int = 1) -> Case:
    """Plan the rescue of a judged run; a run without an open incident comes back as it is.

    Nothing is written yet, but the folder for new files is made.

    out: the folder where new files will go; beside the original by default.
    attempt: counted from 1; each has a config and a work directory of its own.
    """
    from defib import rewriting  # noqa: PLC0415 (loaded only where a config is changed)

    if case.verdict != "rescue":
        return case
    folder = home(case.run, out)
    if out is not None:
        _make(folder)  # relative bases of the new config are looked up from there
    config = case.run.config
    target = (
        None
        if config is None
        else rewriting.free_name(folder, Path(config.path).stem, Path(config.path).suffix, attempt)
    )
    plan = playbook.plan(
        case.run,
        case.checkup,
        case.causes,
        profile=profile,
        new_config=None if target is None else str(target),
        folder=str(folder),
        attempt=attempt,
    )
    if diagnosis.undecided(case.run, case.checkup):
        plan = msgspec.structs.replace(plan, beforehand=(diagnosis.UNDECIDED, *plan.beforehand))
    says = diagnosis.headline(case.run, case.checkup, case.causes, case.verdict, plan.start_from)
    case = msgspec.structs.replace(case, says=says)
    if config is not None and target is not None:
        try:
            plan = shown(plan)
        except ConfigRefused as refused:  # the diagnosis stands; a person has to make the edits
            notes = (*plan.notes, refused.words)
            plan = msgspec.structs.replace(plan, new_config=None, notes=notes, command=(), environment={})
    return msgspec.structs.replace(case, plan=plan)


def write(case: Case, *, out: Path | None = None, language: Language = "en", progress: Progress | None = None) -> Case:
    """Write what a plan says: the new config, the weights to start from, the report, and the Case itself last.

    Raises StalePlan when the config is not the one that the plan was made for, CannotWrite, ConfigRefused (then
    nothing was written). A start that turns out to be damaged is replaced by the next one.
    """
    from defib import rewriting  # noqa: PLC0415 (heavy, and needed only here)
    from defib.livepage import livepage  # noqa: PLC0415 (heavy, and needed only here)
    from defib.reports.charts import album  # noqa: PLC0415 (heavy, and needed only here)
    from defib.reports.illustrated import document  # noqa: PLC0415 (heavy, and needed only here)

    plan, written = case.plan, dict[str, str]()
    if plan is None:
        return case
    folder = home(case.run, out)
    if out is not None:
        _make(folder)
    try:
        weights = _weights(case, plan, progress)
    except CheckpointRefused as refused:  # found out only while copying: take the next one
        return write(rescue(_without(case, plan, refused), profile=plan.profile, out=out), out=out, language=language)
    name = Path(plan.new_config).stem if plan.new_config else f"{Path(case.run.path).stem or 'run'}_rescue"
    if plan.new_config is not None:
        rewriting.write(Path(plan.new_config), rewritten(plan)[1])
        written["config"] = plan.new_config
    if weights is not None:
        written["weights"] = str(weights)
    report, page, saved = (folder / f"{name}{ending}" for ending in (".md", ".html", ".plan.json"))
    written |= {"report": str(report), "page": str(page), "plan": str(saved)}
    written["pictures"] = str(folder / f"{name}.pictures")
    case = msgspec.structs.replace(case, written=written)
    albums = [album(case)]  # drawn for the document and for the page
    text, pictures = document([case], language, f"{name}.pictures", albums)
    _make(Path(written["pictures"]))
    for file, svg in pictures.items():
        rewriting.write(Path(written["pictures"]) / file, svg)
    rewriting.write(report, text)
    rewriting.write(page, livepage([case], language, albums))
    rewriting.write(saved, to_json(case).decode() + "\n")
    return case


def _weights(case: Case, plan: Plan, progress: Progress | None) -> Path | None:
    """The weights-only copy of the start, where the plan needs one.

    Raises CheckpointRefused when the checkpoint turns out to be damaged, CannotWrite.
    """
    from defib import reading  # noqa: PLC0415 (needed only here)

    source = playbook.chosen_checkpoint(case.run, plan.start_from)
    if source is None or plan.start_from.weights is None:
        return None
    return reading.write_weights(Path(case.run.path) / source.path, Path(plan.start_from.weights), progress=progress)


def _without(case: Case, plan: Plan, refused: CheckpointRefused) -> Case:
    """The case, without a plan, that knows that its start is damaged."""
    seen = tuple(
        msgspec.structs.replace(one, state="broken", problem=refused.words) if one.path == plan.start_from.path else one
        for one in case.run.checkpoints
    )
    return msgspec.structs.replace(case, run=msgspec.structs.replace(case.run, checkpoints=seen), plan=None)


def shown(plan: Plan) -> Plan:
    """The plan with what it will change in the config's text."""
    from defib import rewriting  # noqa: PLC0415 (loaded only where a config is changed)

    old, new = rewritten(plan)
    names = Path(plan.config or "").name, Path(plan.new_config or "").name
    changed = rewriting.changed_lines(old, new, plan.edits)
    return msgspec.structs.replace(plan, diff=rewriting.unified(old, new, *names), changed=changed)


def rewritten(plan: Plan) -> tuple[str, str]:
    """The config and the new one, proved by reading the new one back.

    Raises NoSuchPath, StalePlan, SiteNotEditable, RewriteNotProved.
    """
    from defib import configs, rewriting  # noqa: PLC0415 (loaded only where a config is changed)

    path, target = Path(plan.config or ""), Path(plan.new_config or "")
    if not path.is_file():
        raise NoSuchPath(path=path)
    now = configs.parse(path)
    if now.sha256 != plan.config_sha256:
        raise StalePlan(path=path, expected=str(plan.config_sha256)[:12], found=now.sha256[:12])
    text = configs.text_of(path)
    new = rewriting.rewrite(now, text, plan.edits, folder=target.parent)
    rewriting.prove(now, configs.parse(target, new), plan.edits)
    return text, new


def _make(folder: Path) -> None:
    """Make the folder that the user named for new files. Raises CannotWrite."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CannotWrite(path=folder, reason=same(error.strerror or str(error))) from None


def home(run: Run, out: Path | None) -> Path:
    """The folder for new files: the one asked for, else beside the run's config, else beside the run."""
    if out is not None:
        return out.resolve()
    run_path = Path(run.path)
    config = None if run.config is None else Path(run.config.path)
    if config is not None and config.parent.name != "vis_data":
        return config.parent.resolve()
    if run_path.is_dir():
        return run_path.resolve()
    return run_path.parent.resolve() if run_path.exists() else Path.cwd()


def _metric(run: Run, asked: str) -> str:
    """The key that `--metric` means: a key, or a name as logged.

    Raises NoSuchMetric with the validation metrics that there are.
    """
    for series in run.series:
        if asked in (series.key, series.raw):
            return series.key
    known = ", ".join(one.key for one in run.series if not one.key.startswith("train/") and one.unit == "%")
    raise NoSuchMetric(path=run.path, asked=asked, known=known or "-")
