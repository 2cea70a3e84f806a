"""Build the manual as a site: python scripts/manual.py build/site. English at its top, Chinese in zh/.

The pages of docs/ are copied, the pages that defib knows about itself (every rule, cause, play, reference, setting and
error, and the command line) are written beside the copies, and Sphinx builds the whole. Nothing is fetched.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import typer.main

from defib.cli import app, manual
from defib.words import Words

if TYPE_CHECKING:
    import click

    from defib.words import Language

DOCS = Path(__file__).resolve().parent.parent / "docs"
BOTH: tuple[Language, ...] = ("en", "zh")
ENTRIES = Words(en="Rules, causes, plays and the rest", zh="规则、原因、措施及其他")
ENTRIES_SAY = Words(
    en="What `defib explain NAME` prints, one page for each name.",
    zh="即 `defib explain NAME` 显示的内容，每个名称一页。",
)
COMMANDS = Words(en="Command line", zh="命令行")
COMMANDS_SAY = Words(
    en="What `defib COMMAND --help` says, written from the program itself.",
    zh="即 `defib COMMAND --help` 的内容，直接由程序生成。",
)
ARGUMENT = Words(en="argument or option", zh="参数或选项")
MEANING = Words(en="what it says", zh="说明")


def main() -> None:
    """Build both languages into the folder that is named."""
    site = Path(sys.argv[1] if len(sys.argv) > 1 else "build/site").resolve()
    shutil.rmtree(site, ignore_errors=True)
    with tempfile.TemporaryDirectory() as folder:
        for language in BOTH:
            pages = Path(folder) / language
            leave = shutil.ignore_patterns("zh", "_templates", "*.py", "__pycache__")
            shutil.copytree(DOCS if language == "en" else DOCS / "zh", pages, ignore=leave)
            write(pages, language)
            target = site if language == "en" else site / "zh"
            tag = ["-t", "zh"] if language == "zh" else []
            trees = str(Path(folder) / f"trees-{language}")
            build = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", "-b", "html", "-c", str(DOCS)]
            done = subprocess.run([*build, *tag, "-d", trees, str(pages), str(target)], check=False)
            if done.returncode:
                sys.exit(done.returncode)
    print(f"the manual: {site / 'index.html'}")


def write(pages: Path, language: Language) -> None:
    """The pages that defib knows about itself, in one language."""
    folder = pages / "explain"
    folder.mkdir()
    lines = [f"# {ENTRIES.said(language)}", "", ENTRIES_SAY.said(language), ""]
    for kind, names in entries().items():
        lines += [f"## {manual.KINDS[kind].said(language)}", "", "```{toctree}", ":maxdepth: 1", "", *names, "```", ""]
        for name in names:
            folder.joinpath(f"{name}.md").write_text(entry(name, language), encoding="utf-8")
    folder.joinpath("index.md").write_text("\n".join(lines), encoding="utf-8")
    pages.joinpath("command-line.md").write_text(commands(language), encoding="utf-8")


def entries() -> dict[str, list[str]]:
    """The names of each kind, as `defib explain` lists them."""
    return {kind: [name for name, one in manual.names() if one == kind] for kind in manual.KINDS}


def entry(name: str, language: Language) -> str:
    """The page of one entry, as `defib explain NAME --format md` prints it."""
    return manual.markdown(name, language)


def plain(line: str) -> str:
    """Text in which nothing but code in backticks means anything to Markdown."""
    parts = re.split(r"(`[^`]+`)", line)
    return "".join(part if part.startswith("`") else re.sub(r"([\\<>*_\[\]{}$#|~])", r"\\\1", part) for part in parts)


def commands(language: Language) -> str:
    """The page of the command line."""
    group = typer.main.get_command(app.build(language))
    lines = [f"# {COMMANDS.said(language)}", "", COMMANDS_SAY.said(language), ""]
    lines += [plain(group.help or ""), "", *shown(group)]
    for name, command in group.commands.items():  # type: ignore[attr-defined]
        lines += [f"## defib {name}", "", plain(command.help or ""), ""]
        lines += [f"| {ARGUMENT.said(language)} | {MEANING.said(language)} |", "| --- | --- |"]
        lines += [row(one) for one in command.params]
        lines += ["", *shown(command)]
    return "\n".join(lines)


def row(parameter: click.Parameter) -> str:
    """One argument or option as a row of the table."""
    name = ", ".join(parameter.opts) if parameter.param_type_name == "option" else ""
    metavar = getattr(parameter, "metavar", None) or ""
    said = plain(getattr(parameter, "help", None) or "")
    return f"| `{' '.join(part for part in (name, metavar) if part)}` | {said} |".replace("zh|en", "zh\\|en")


def shown(command: click.Command) -> list[str]:
    """What stands below a command's options: its examples and exit codes, line by line."""
    return ["```", command.epilog.replace("\n\n", "\n"), "```", ""] if command.epilog else []


if __name__ == "__main__":
    main()
