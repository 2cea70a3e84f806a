"""The trainer's commands, in the language of the reader."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from defib.cli.choices import LANGUAGES, among, choice
from defib.cli.phrases import OPTIONS as GENERAL
from defib.cli.trainer.phrases import EPILOGS, HELP, OPTIONS

if TYPE_CHECKING:
    from collections.abc import Callable

    from defib.words import Language

RECIPES = Path(__file__).parents[2] / "action" / "recipes"
PERSONS, LARGE, JPEG = 24, 320, 90


def add(  # noqa: C901 (one command after the other)
    app: typer.Typer, tongue: Language, polite: Callable[[Callable[..., int]], Callable[..., None]]
) -> None:
    """Add the trainer's commands to the command line."""
    say = {name: words.said(tongue) for name, words in {**GENERAL, **OPTIONS, **HELP, **EPILOGS}.items()}
    lang_ = typer.Option(None, "--lang", help=say["lang"], **among(LANGUAGES))
    names = sorted(path.stem for path in RECIPES.glob("*.yaml"))
    say["recipe"] = OPTIONS["recipe"].fill(known=", ".join(names)).said(tongue)

    def listed(incomplete: str) -> list[str]:
        return [name for name in names if name.startswith(incomplete)]

    recipe_ = typer.Argument(metavar="RECIPE", help=say["recipe"], autocompletion=listed)
    changes_ = typer.Argument(None, metavar="[KEY=VALUE]...", help=say["changes"], show_default=False)

    checkpoint_ = typer.Argument(metavar="RUN", help=say["checkpoint"])
    set_ = typer.Option(None, "--set", metavar="KEY=VALUE", help=say["change"])
    weights_recipe_ = typer.Option(None, "--recipe", metavar="RECIPE", help=say["test-recipe"], autocompletion=listed)

    def command(name: str, to: typer.Typer = app) -> Callable[[Callable[..., int]], Callable[..., None]]:
        """A command with its words and its manners."""

        def added(function: Callable[..., int]) -> Callable[..., None]:
            @functools.wraps(function)
            def spoken(*args: Any, lang: str | None = None, **kwargs: Any) -> int:  # noqa: ANN401 (whatever typer passes on)
                choice("--lang", lang, LANGUAGES)
                return function(*args, **kwargs)

            return to.command(name, help=say[name], epilog=say[f"{name}-epilog"])(polite(spoken))

        return added

    @command("train")
    def train(recipe: str = recipe_, changes: list[str] | None = changes_, lang: str | None = lang_) -> int:
        from defib.cli.trainer.train import train as run

        return run(recipe, changes or [], tongue)

    @command("merge")
    def merge(
        rgb: Path = typer.Argument(metavar="RGB", help=say["rgb"]),
        pose: Path = typer.Argument(metavar="POSE", help=say["pose"]),
        output: Path = typer.Option(
            Path("merged.safetensors"), "-o", "--output", metavar="FILE", help=say["weights-out"]
        ),
        taxonomy: str | None = typer.Option(None, "--taxonomy", metavar="NAME", help=say["taxonomy"]),
        lang: str | None = lang_,
    ) -> int:
        from defib.cli.trainer.merging import merge as run

        return run(rgb, pose, output, taxonomy, tongue)

    @command("test")
    def test(
        runs: list[Path] = typer.Argument(metavar="RUN...", help=say["checkpoints"]),
        clips: int | None = typer.Option(None, "--clips", metavar="N", min=1, help=say["clips"]),
        flip: bool = typer.Option(False, "--flip", help=say["flip"]),
        weights: str | None = typer.Option(None, "--weights", metavar="W,W", help=say["weights"]),
        dump: Path | None = typer.Option(None, "--dump", metavar="FILE", help=say["dump"]),
        recipe: str | None = weights_recipe_,
        changes: list[str] | None = set_,
        lang: str | None = lang_,
    ) -> int:
        from defib.cli.trainer.testing import test as run

        return run(
            runs, tongue, recipe=recipe, clips=clips, flip=flip, weights=weights, dump=dump, changes=changes or []
        )

    @command("predict")
    def predict(
        video: Path = typer.Argument(metavar="VIDEO", help=say["video"]),
        pose: Path = typer.Option(..., "--pose", metavar="FILE", help=say["pose-file"]),
        checkpoint: Path = typer.Option(..., "--checkpoint", metavar="RUN", help=say["checkpoint"]),
        recipe: str | None = weights_recipe_,
        top: int = typer.Option(5, "--top", metavar="N", min=1, help=say["top"]),
        clips: int = typer.Option(1, "--clips", metavar="N", min=1, help=say["clips"]),
        lang: str | None = lang_,
    ) -> int:
        from defib.cli.trainer.predicting import predict as run

        return run(video, pose, checkpoint, tongue, recipe=recipe, top=top, clips=clips)

    @command("export")
    def export(
        checkpoint: Path = checkpoint_,
        output: Path = typer.Option(Path("model.onnx"), "-o", "--output", metavar="FILE", help=say["onnx"]),
        recipe: str | None = weights_recipe_,
        lang: str | None = lang_,
    ) -> int:
        from defib.cli.trainer.exporting import export as run

        return run(checkpoint, output, recipe, tongue)

    @command("from-mmaction2")
    def from_mmaction2(
        config: Path = typer.Argument(metavar="CONFIG", help=say["mmaction-config"]),
        output: Path | None = typer.Option(None, "-o", "--output", metavar="FILE", help=say["recipe-out"]),
        lang: str | None = lang_,
    ) -> int:
        from defib.cli.trainer.translating import translate as run

        return run(config, output, tongue)

    data = typer.Typer(help=say["data"], no_args_is_help=True, rich_markup_mode="rich")
    app.add_typer(data, name="data")
    videos_ = typer.Option(None, "--videos", metavar="DIR", help=say["videos"])
    annotations_ = typer.Option(None, "--annotations", metavar="FILE", help=say["annotations"])
    exclude_ = typer.Option(None, "--exclude", metavar="FILE", help=say["exclude"])
    jobs_ = typer.Option(None, "--jobs", metavar="N", min=1, help=say["jobs"])

    @command("check", data)
    def check(
        recipe: str | None = typer.Argument(None, metavar="[RECIPE]", help=say["recipe"], autocompletion=listed),
        changes: list[str] | None = changes_,
        videos: Path | None = videos_,
        annotations: Path | None = annotations_,
        exclude: Path | None = exclude_,
        taxonomy: str = typer.Option("ntu60", "--taxonomy", metavar="NAME", help=say["taxonomy"]),
        quick: bool = typer.Option(False, "--quick", help=say["quick"]),
        output: Path | None = typer.Option(None, "-o", "--output", metavar="FILE", help=say["page"]),
        jobs: int | None = jobs_,
        lang: str | None = lang_,
    ) -> int:
        from defib.cli.trainer.data_check import Asked
        from defib.cli.trainer.data_check import check as run

        asked = Asked(recipe, tuple(changes or ()), videos, annotations, taxonomy, exclude)
        return run(asked, tongue, quick=quick, output=output, jobs=jobs)

    @command("prepare", data)
    def prepare(
        store: Path = typer.Argument(metavar="STORE", help=say["store"]),
        videos: Path = typer.Option(..., "--videos", metavar="DIR", help=say["videos"]),
        annotations: Path = typer.Option(..., "--annotations", metavar="FILE", help=say["annotations"]),
        exclude: Path | None = exclude_,
        side: int = typer.Option(LARGE, "--side", metavar="PIXELS", min=16, help=say["side"]),
        quality: int = typer.Option(JPEG, "--quality", metavar="Q", min=1, max=100, help=say["quality"]),
        jobs: int | None = jobs_,
        lang: str | None = lang_,
    ) -> int:
        from defib.cli.trainer.data_prepare import prepare as run

        return run(store, videos, annotations, tongue, exclude=exclude, side=side, quality=quality, jobs=jobs)

    @command("synth", data)
    def synth(
        folder: Path = typer.Argument(metavar="DIR", help=say["synth-folder"]),
        classes: int = typer.Option(10, "--classes", metavar="N", min=2, max=60, help=say["classes"]),
        persons: int = typer.Option(PERSONS, "--persons", metavar="N", min=3, max=999, help=say["persons"]),
        repeats: int = typer.Option(1, "--repeats", metavar="N", min=1, max=999, help=say["repeats"]),
        size: str = typer.Option("320x180", "--size", metavar="WxH", help=say["size"]),
        seed: int = typer.Option(0, "--seed", metavar="N", min=0, help=say["seed"]),
        jobs: int | None = jobs_,
        lang: str | None = lang_,
    ) -> int:
        from defib.cli.trainer.data_synth import Asked
        from defib.cli.trainer.data_synth import synth as run

        return run(folder, Asked(classes, persons, repeats, size, seed), tongue, jobs=jobs)
