"""The commands that stay with a run, or tell of one: `watch`, `history`, `demo`; and the one that gets inside, `hook`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from defib.cli.choices import LANGUAGES, among, choice
from defib.hooks.onefile import FRAMEWORKS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from defib.words import Language


def add(
    app: typer.Typer,
    tongue: Language,
    polite: Callable[[Callable[..., int]], Callable[..., None]],
    say: Mapping[str, str],
) -> None:
    """Add them to the command line.

    polite: turns what a command raises into a sentence and an exit code.
    """
    run_: Any = typer.Argument(".", metavar="RUN", help=say["run"], show_default=False)
    runs: Any = typer.Argument(None, metavar="RUN...", help=say["run"], show_default=False)
    lang: Any = typer.Option(None, "--lang", help=say["lang"], **among(LANGUAGES))
    metric: Any = typer.Option(None, "--metric", metavar="NAME", help=say["metric"])
    config: Any = typer.Option(None, "--config", metavar="FILE", help=say["config"])
    minutes: Any = typer.Option(None, "--minutes-per-epoch", metavar="X", min=0.001, help=say["minutes"])
    gpus: Any = typer.Option(None, "--gpus", metavar="N", min=1, help=say["gpus"])

    @app.command(help=say["watch"], epilog=say["watch-epilog"])
    @polite
    def watch(
        runs: list[str] = runs,
        everything: list[str] | None = typer.Option(None, "--all", metavar="DIR", help=say["all"]),
        once: bool = typer.Option(False, "--once", help=say["once"]),
        every: float | None = typer.Option(None, "--every", metavar="SECONDS", min=1.0, help=say["every"]),
        alert: list[str] | None = typer.Option(None, "--alert", metavar="URL", help=say["alert"]),
        alerts: Path | None = typer.Option(None, "--alerts", metavar="FILE", help=say["alerts"]),
        serve: str | None = typer.Option(None, "--serve", metavar="[HOST:]PORT", help=say["serve"]),
        token: str | None = typer.Option(
            None, "--token", metavar="TEXT", help=say["token"], envvar="DEFIB_TOKEN", show_envvar=False
        ),
        try_alerts: bool = typer.Option(False, "--try-alerts", help=say["alert-trial"]),
        lang: str | None = lang,
        metric: str | None = metric,
        config: Path | None = config,
        minutes: float | None = minutes,
        gpus: int | None = gpus,
    ) -> int:
        from defib import pipeline
        from defib.cli import crier, watching

        choice("--lang", lang, LANGUAGES)
        asked = pipeline.Asked(metric=metric, config=config, minutes_per_epoch=minutes, gpus=gpus)
        if try_alerts:
            return crier.trial(alert or [], alerts, tongue)
        told = crier.crier(alert or [], alerts, tongue)
        if serve is not None:
            from defib.serving.address import address

            at = address(serve, token)
            return watching.served(runs or [], everything or [], asked, tongue, at=at, every=every, told=told)
        return watching.watch(runs or [], everything or [], asked, tongue, once=once, every=every, told=told)

    @app.command(help=say["history"], epilog=say["history-epilog"])
    @polite
    def history(
        run: str = run_,
        lang: str | None = lang,
        form: str | None = typer.Option(None, "--format", help=say["history-format"], **among(("text", "json"))),
    ) -> int:
        from defib.cli import attending

        choice("--lang", lang, LANGUAGES)
        return attending.history(run, form, tongue)

    @app.command(help=say["hook"], epilog=say["hook-epilog"])
    @polite
    def hook(
        framework: str = typer.Argument(..., help=say["hook-framework"], **among(FRAMEWORKS)),
        lang: str | None = lang,
    ) -> int:
        from defib import __version__
        from defib.hooks.onefile import onefile

        choice("--lang", lang, LANGUAGES)
        choice("FRAMEWORK", framework, FRAMEWORKS)
        typer.echo(onefile(framework, __version__), nl=False)
        return 0

    @app.command(help=say["demo"], epilog=say["demo-epilog"])
    @polite
    def demo(
        lang: str | None = lang,
        out: Path = typer.Option(Path("defib-demo"), "--out", help=say["demo-out"]),
        live: bool = typer.Option(False, "--live", help=say["live"]),
        seed: int = typer.Option(0, "--seed", min=0, help=say["live-seed"]),
    ) -> int:
        from defib.cli import work

        how = work.How(tongue, lang=lang)
        if not live:
            return work.demo(out, how)
        from defib.cli import telling
        from defib.cli.trainer.needed import demanded

        demanded()

        return telling.tell(out, seed, tongue)
