"""What is found beside the log: the config, and what the checkpoints really are."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from defib import configs, settings
from defib.errors import ConfigRefused, NoSuchPath
from defib.reading.checkpoint import inspect
from defib.reading.dumped import left_beside
from defib.reading.placing import placed
from defib.reading.run import find_config
from defib.reading.sessions import work_dir
from defib.reading.source import Source
from defib.words import Words, number

if TYPE_CHECKING:
    from defib.records import Checkpoint, Config, Launch, Run, Setting

NEAR = 0.05  # a rate decays a little before its first record; assumed
OTHER_RATE = Words(
    en="the config's learning rate is {config}, but the log begins at {logged}: is it the config of this run?",
    zh="配置中的学习率为 {config}，但日志从 {logged} 开始：这是这次训练的配置吗？",
)
OTHER_FILE = Words(
    en="{path}: configs are not understood in this format; its settings are unknown",
    zh="{path}：无法理解这种格式的配置；其中的设置未知",
)
DUMP = Words(
    en="{path} was written by the program and is not what it was started with: its settings are evidence, and the edits have to "
    "be made where the run was configured",
    zh="{path} 是程序自己写出的，并非启动训练所用的文件：其中的设置可作为依据，改动则要写到真正配置这次训练的地方",
)
DUMPS = ("hparams.yaml", ".hydra/config.yaml")
"""Ends of the paths of resolved copies that no program is started with."""


def with_config(run: Run, path: Path | None, asked: Path | None) -> Run:
    """Parse the config that was named, or the one in the run's folder, and read its settings.

    Raises ConfigRefused when it cannot be parsed, NoSuchPath when the named one is not there.
    """
    if asked is None and run.config is not None:
        return run  # a saved Case brings its own
    found = asked if asked is not None else _beside(run, path)
    if found is None:
        return run
    if not found.is_file():
        raise NoSuchPath(path=found)
    if found.suffix != ".py" and configs.dialect(found) == "mmengine":  # no dialect claims its ending
        return msgspec.structs.replace(run, notes=(*run.notes, OTHER_FILE.fill(path=found)))
    path_of_config = found.resolve()
    try:
        config = configs.parse(path_of_config)
    except ConfigRefused as refused:
        if asked is not None or found.suffix == ".py":
            raise
        # Nobody named it: what a program left there that cannot be read takes nothing from the log.
        return msgspec.structs.replace(run, notes=(*run.notes, refused.words))
    held = settings.read(config)
    lines = configs.where(path_of_config, [one for setting in held.values() for one in setting.paths])
    config = msgspec.structs.replace(config, lines=lines)
    said = (*config.notes, *settings.notes(config))
    if path_of_config.as_posix().endswith(DUMPS):
        said = (*said, DUMP.fill(path=found))
    return msgspec.structs.replace(
        run,
        config=config,
        settings=held,
        launch=_launch(run, config),
        notes=(*run.notes, *said, *_other_rate(run, held)),
    )


def _beside(run: Run, path: Path | None) -> Path | None:
    """The config in the run's folder or beside its log; for mmengine's, the one in the work directory it belongs to."""
    if path is None:
        return None
    if path.is_dir():
        return find_config(path) or left_beside(path, run.framework, run.files)
    if run.framework != "mmengine":
        return left_beside(path.parent, run.framework, (path.name,))
    return find_config(Path(work_dir(Source(path.name, path=path.resolve()))))


def _other_rate(run: Run, held: dict[str, Setting]) -> tuple[Words, ...]:
    """Say when the first logged rate is not the config's, where no warm-up explains it."""
    logged, rate = run.get("train/lr"), held.get("lr")
    if logged is None or rate is None or not isinstance(rate.value, int | float) or "warmup" in held:
        return ()
    first = float(logged.value[0])
    if abs(first - rate.value) <= NEAR * rate.value:
        return ()
    return (OTHER_RATE.fill(config=number(float(rate.value)), logged=number(first)),)


def with_checkpoints(run: Run, path: Path | None) -> Run:
    """Look into every checkpoint that is on disk; what is only named stays as it is."""
    if path is None or not path.is_dir():
        return run
    seen = tuple(_inspected(path, one) if one.state == "unseen" else one for one in run.checkpoints)
    return msgspec.structs.replace(run, checkpoints=tuple(placed(run, one) for one in seen))


def _inspected(folder: Path, named: Checkpoint) -> Checkpoint:
    """What is inside wins over what the name says, except the metric that it was kept for."""
    found = inspect(folder / named.path)
    return msgspec.structs.replace(
        found,
        path=named.path,
        epoch=named.epoch if found.epoch is None else found.epoch,
        step=named.step if found.step is None else found.step,
        best_of=named.best_of,
    )


def _launch(run: Run, config: Config) -> Launch:
    """The folder in which the framework's scripts are, when the config lies below it."""
    if run.launch.cwd is not None:
        return run.launch
    for folder in Path(config.path).resolve().parents:
        if (folder / "tools" / "dist_train.sh").is_file():
            return msgspec.structs.replace(run.launch, cwd=str(folder))
    return run.launch
