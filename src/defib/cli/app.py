"""Arguments in, pipeline calls, words out.

The command line is built in the language of the reader, so that `--help` speaks it too. Everything heavy is imported
where it is used: `--help` needs none of it.
"""

from __future__ import annotations

import functools
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import typer

from defib.cli import bedside, trainer
from defib.cli.attending_phrases import HELP as ATTENDING
from defib.cli.choices import FORMATS, LANGUAGES, PAGES, PROFILES, among, choice
from defib.cli.phrases import EPILOGS, HELP, INTERNAL, OPTIONS, SAYS
from defib.cli.telling_phrases import HELP as TELLING
from defib.cli.watching_phrases import HELP as WATCHING
from defib.errors import DefibError
from defib.words import Language, language

if TYPE_CHECKING:
    from collections.abc import Callable

INTERNAL_CODE = 70


def main(arguments: list[str] | None = None) -> NoReturn:
    """Run the command line and leave with its exit code."""
    given = sys.argv[1:] if arguments is None else arguments
    build(language(_asked(given)))(given, prog_name="defib")
    raise SystemExit(0)


def build(tongue: Language) -> typer.Typer:
    """The command line in one language."""
    say = {
        name: words.said(tongue)
        for name, words in {**OPTIONS, **HELP, **EPILOGS, **ATTENDING, **TELLING, **WATCHING}.items()
    }
    app = typer.Typer(
        help=say["defib"],
        epilog=say["defib-epilog"],
        no_args_is_help=True,
        add_completion=True,
        rich_markup_mode="rich",
    )
    runs = typer.Argument(None, metavar="RUN...", help=say["run"], show_default=False)
    run_ = typer.Argument(".", metavar="RUN", help=say["run"], show_default=False)
    lang = typer.Option(None, "--lang", help=say["lang"], **among(LANGUAGES))
    form = typer.Option(None, "--format", help=say["format"], **among(FORMATS))
    output = typer.Option(None, "-o", "--output", metavar="FILE", help=say["output"])
    out = typer.Option(None, "--out", metavar="DIR", help=say["out"])
    metric = typer.Option(None, "--metric", metavar="NAME", help=say["metric"])
    config = typer.Option(None, "--config", metavar="FILE", help=say["config"])
    minutes = typer.Option(None, "--minutes-per-epoch", metavar="X", min=0.001, help=say["minutes"])
    gpus = typer.Option(None, "--gpus", metavar="N", min=1, help=say["gpus"])
    target = typer.Option(None, "--target", metavar="X", help=say["target"])
    predictions = typer.Option(None, "--predictions", metavar="FILE", help=say["predictions"])
    profile = typer.Option(None, "--profile", help=say["profile"], **among(PROFILES))

    @app.command(help=say["diagnose"], epilog=say["diagnose-epilog"])
    @_polite(tongue)
    def diagnose(
        runs: list[str] = runs,
        lang: str | None = lang,
        form: str | None = form,
        output: Path | None = output,
        metric: str | None = metric,
        config: Path | None = config,
        minutes: float | None = minutes,
        gpus: int | None = gpus,
        target: float | None = target,
        predictions: list[Path] | None = predictions,
    ) -> int:
        from defib import pipeline
        from defib.cli import work

        asked = pipeline.Asked(
            metric=metric,
            config=config,
            minutes_per_epoch=minutes,
            gpus=gpus,
            target=target,
            predictions=tuple(predictions or ()),
        )
        how = work.How(tongue, lang=lang, form=form, output=output)
        return work.diagnose(runs or ["."], asked, how)

    @app.command(help=say["rescue"], epilog=say["rescue-epilog"])
    @_polite(tongue)
    def rescue(
        run: str = run_,
        profile: str | None = profile,
        lang: str | None = lang,
        form: str | None = form,
        output: Path | None = output,
        out: Path | None = out,
        metric: str | None = metric,
        config: Path | None = config,
        minutes: float | None = minutes,
        gpus: int | None = gpus,
        target: float | None = target,
        predictions: list[Path] | None = predictions,
        launch: bool = typer.Option(False, "--launch", help=say["launch"]),
        dry: bool = typer.Option(False, "--dry-run", help=say["dry-run"]),
        carry_on: bool = typer.Option(False, "--continue", help=say["continue"]),
        command: str | None = typer.Option(None, "--command", metavar="LINE", help=say["command"]),
        python: str | None = typer.Option(None, "--python", metavar="PATH", help=say["python"]),
        slurm: str | None = typer.Option(None, "--slurm", metavar="OPTIONS", help=say["slurm"]),
        attempts: int | None = typer.Option(None, "--attempts", metavar="N", min=1, help=say["attempts"]),
        hours: float | None = typer.Option(None, "--hours", metavar="X", min=0.001, help=say["hours"]),
        share: float | None = typer.Option(None, "--share", metavar="X", min=0.01, help=say["share"]),
        silence: float | None = typer.Option(None, "--silence", metavar="MINUTES", min=0.001, help=say["silence"]),
        climb: bool = typer.Option(False, "--climb", help=say["climb"]),
    ) -> int:
        from defib import pipeline
        from defib.cli import work
        from defib.cli.attending import Wanted

        asked = pipeline.Asked(
            metric=metric,
            config=config,
            minutes_per_epoch=minutes,
            gpus=gpus,
            target=target,
            predictions=tuple(predictions or ()),
        )
        how = work.How(tongue, lang=lang, form=form, output=output)
        wanted = Wanted(
            launch=launch,
            dry=dry,
            carry_on=carry_on,
            command=command,
            python=python,
            attempts=attempts,
            hours=hours,
            share=share,
            slurm=slurm,
            climb=climb,
            silence=silence,
        )
        return work.rescue(run, asked, how, profile=profile, out=out, wanted=wanted)

    @app.command(help=say["explain"], epilog=say["explain-epilog"])
    @_polite(tongue)
    def explain(
        name: str | None = typer.Argument(
            None, metavar="NAME", help=say["name"], show_default=False, autocompletion=_names
        ),
        lang: str | None = lang,
        form: str = typer.Option("text", "--format", help=say["page-format"], **among(PAGES)),
    ) -> int:
        from defib.cli import manual

        choice("--format", form, PAGES)
        if name is None:
            typer.echo(manual.contents(tongue))
        else:
            typer.echo(manual.FORMS[form](name, tongue).rstrip())
        return 0

    bedside.add(app, tongue, _polite(tongue), say)
    trainer.add(app, tongue, _polite(tongue))
    return app


def _polite(tongue: Language) -> Callable[[Callable[..., int]], Callable[..., None]]:
    """Turn what a command raises into one sentence on standard error and an exit code; never a traceback."""

    def wrap(command: Callable[..., int]) -> Callable[..., None]:
        @functools.wraps(command)
        def run(*args: Any, **kwargs: Any) -> None:  # noqa: ANN401 (whatever typer passes on)
            try:
                code = command(*args, **kwargs)
            except DefibError as error:
                typer.echo(error.words.said(tongue), err=True)
                typer.echo(SAYS["explained"].fill(slug=error.slug()).said(tongue), err=True)
                code = error.exit_code
            except BrokenPipeError:
                code = 0  # the reader of a pipe has seen enough
            except Exception as error:  # noqa: BLE001 (the last line of defence: a stranger must not meet a traceback)
                import traceback

                where = traceback.extract_tb(error.__traceback__)[-1]
                words = {
                    "kind": type(error).__name__,
                    "text": error,
                    "file": Path(where.filename).name,
                    "line": where.lineno,
                }
                typer.echo(INTERNAL.fill(**words).said(tongue), err=True)
                code = INTERNAL_CODE
            raise typer.Exit(code)

        return run

    return wrap


def _names(incomplete: str) -> list[str]:
    """The names that `explain` knows, for the shell."""
    from defib.cli import manual

    return sorted(name for name, _ in manual.names() if name.startswith(incomplete))


def _asked(given: list[str]) -> str | None:
    """The value of --lang, before the command line is built."""
    for index, word in enumerate(given):
        if word == "--lang" and index + 1 < len(given):
            return given[index + 1]
        if word.startswith("--lang="):
            return word.removeprefix("--lang=")
    return None
