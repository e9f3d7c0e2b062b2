"""All commands in one table."""

from dataclasses import dataclass
from typing import Annotated

import typer

from tospec import __version__
from tospec.cli import terminal
from tospec.cli.commands.assess import assess
from tospec.cli.commands.build import build
from tospec.cli.commands.demo import demo
from tospec.cli.commands.doctor import doctor
from tospec.cli.commands.expand import expand
from tospec.cli.commands.gate import gate
from tospec.cli.commands.report import report
from tospec.cli.commands.rules import rules
from tospec.cli.commands.schema import schema
from tospec.cli.commands.verify import verify
from tospec.cli.commands.version import version


@dataclass(slots=True)
class Options:
    """What is given before the command.

    Attributes:
        debug: Whether to print the traceback of a bug.
    """

    debug: bool = False


options = Options()

app = typer.Typer(
    name="tospec",
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)

for command in (assess, expand, build, gate, verify, report, demo, doctor, rules, schema, version):
    app.command()(command)


def _print_version(wanted: bool) -> None:
    if wanted:
        terminal.result(f"tospec {__version__}")
        raise typer.Exit


@app.callback()
def tospec(
    version: Annotated[
        bool,
        typer.Option(
            "--version", help="Print the version.", callback=_print_version, is_eager=True
        ),
    ] = False,
    debug: Annotated[
        bool, typer.Option("--debug", help="Print the traceback if tospec has a bug.")
    ] = False,
) -> None:
    """Build backends to spec.

    Exit codes: 0 done; 1 failed; 2 the spec or the command is invalid; 3 questions are open;
    4 a rebuild would lose edits; 5 inconclusive; 70 a bug in tospec; 130 interrupted.
    """
    options.debug = debug
