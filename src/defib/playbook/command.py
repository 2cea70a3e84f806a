"""The command that starts the rescue, as far as the run tells how it was started. No shell is involved."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING, NamedTuple

from defib.playbook.programs import launches, of_mmcv, recognizes, started
from defib.records.plan import GPUS
from defib.words import Words

if TYPE_CHECKING:
    from defib.records import Run

NEED_GPUS = Words(
    en="the number of GPUs is not known: put it in the place of <GPUS>, or say it with --gpus N. It has to be what the run had, for "
    "another number changes the total batch",
    zh="不知道 GPU 数量：请把命令中的 <GPUS> 换成它，或用 --gpus N 说明。它必须与原来的训练相同，否则总批大小会改变",
)
NEED_CONFIG = Words(
    en="no config was read, so there is no command yet: give it with --config FILE",
    zh="没有读到配置，暂时给不出启动命令：请用 --config FILE 给出",
)
NEED_CWD = Words(
    en="the project's folder (that of mmaction2, for instance) in which the command runs was found neither in the log nor above the config: "
    "fill it in",
    zh="在日志和配置的上级目录中都没有找到运行命令所需的项目目录（例如 mmaction2 的目录）：请自行填写",
)


class Command(NamedTuple):
    """What to type, and what is missing for it."""

    words: tuple[str, ...]
    environment: dict[str, str]
    missing: tuple[Words, ...]


def command(run: Run, config: str | None, work_dir: str | None, *options: str) -> Command:
    """The mm launcher: `tools/dist_train.sh` for several GPUs, `tools/train.py` for one process; else the framework's own.

    The programs of mmcv's time differ: pyskl trains through the launcher alone and takes no `--work-dir`, so that the folder
    stands in the config, and recognizers validate only when asked to.

    Where the number of GPUs is not known the word `<GPUS>` stands in its place: it is asked for and never guessed.

    config: the config to train with.
    work_dir: passed as --work-dir, which overrides the config's own.
    options: appended behind everything else.
    """
    if run.config is None or config is None:
        return Command((), {}, (NEED_CONFIG,))
    gpus = run.launch.gpus
    if not launches(run):
        words, missing = started(run, beside(config, run.launch.cwd), gpus)
        return Command(words, {}, missing)  # the work directory stands in the config, or is the program's own affair
    missing = () if run.launch.cwd else (NEED_CWD,)
    where = beside(config, run.launch.cwd)
    old = of_mmcv(run)
    tail = (*(("--work-dir", work_dir) if work_dir and not old else ()), *options)
    tail += ("--validate",) if old and recognizes(run) else ()
    if gpus is None:
        return Command(("bash", "tools/dist_train.sh", where, GPUS, *tail), {}, (*missing, NEED_GPUS))
    if gpus == 1 and not old:
        return Command(("python", "tools/train.py", where, *tail), {}, missing)
    environment = {"CUDA_VISIBLE_DEVICES": run.launch.gpu_ids or ",".join(str(gpu) for gpu in range(gpus))}
    return Command(("bash", "tools/dist_train.sh", where, str(gpus), *tail), environment, missing)


def monitor(run: Run, work_dir: str | None) -> tuple[str, ...]:
    """Shell lines that follow the log and list the latest validations of a run of the mm programs.

    mmengine writes WORK_DIR/TIMESTAMP/TIMESTAMP.log, mmcv WORK_DIR/TIMESTAMP.log; the newest timestamp is the running one.
    mmengine also prints `Epoch(val)` for single batches, without the score.
    """
    known = launches(run) if run.config is not None else run.framework == "mmengine"
    if work_dir is None or not known:
        return ()
    old = of_mmcv(run)
    logs = f"{quoted(work_dir)}/*.log" if old else f"{quoted(work_dir)}/*/*.log"
    series = run.get(run.deciding)
    score = series.raw if series is not None and run.framework == "mmengine" else "_top1"
    scored = "" if old else f" | grep -F {quoted(score)}"
    return (f'tail -F "$(ls -t {logs} | head -n 1)"', f"grep -h 'Epoch(val)' {logs}{scored} | tail -n 5")


def beside(path: str, cwd: str | None) -> str:
    """A path relative to the folder in which the command runs, when it lies below it.

    >>> beside("/data/mmaction2/configs/a.py", "/data/mmaction2"), beside("/tmp/a.py", "/data/mmaction2")
    ('configs/a.py', '/tmp/a.py')
    """
    if cwd and PurePosixPath(path).is_relative_to(cwd):
        return str(PurePosixPath(path).relative_to(cwd))
    return path


def quoted(path: str) -> str:
    """A path as one word for a shell, left bare where nothing in it needs quotes.

    >>> quoted("work_dirs/a b"), quoted("work_dirs/a")
    ("'work_dirs/a b'", 'work_dirs/a')
    """
    import shlex  # noqa: PLC0415 (only where a plan is made)

    return shlex.quote(path)
