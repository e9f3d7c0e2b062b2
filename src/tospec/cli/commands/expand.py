"""`tospec expand`."""

from enum import StrEnum
from typing import Annotated

import typer

from tospec import pipeline
from tospec.cli import outcome, terminal
from tospec.cli.arguments import SpecPath
from tospec.cli.exits import Exit


class ExpandFormat(StrEnum):
    """How an expanded spec is printed."""

    MD = "md"
    YAML = "yaml"
    JSON = "json"


def expand(
    spec: SpecPath,
    format: Annotated[  # noqa: A002 - the option's name
        ExpandFormat, typer.Option("--format", help="How to print the result.")
    ] = ExpandFormat.MD,
) -> int:
    """Print a spec with everything that its conventions add, each with its origin."""
    reading = pipeline.read(spec)
    if reading.system is None or outcome.has_errors(reading.diagnostics):
        outcome.explain_diagnostics(reading, reading.diagnostics)
        if format is ExpandFormat.JSON:
            terminal.data(outcome.as_data(pipeline.assess(reading)))
        return Exit.INVALID
    outcome.explain_diagnostics(reading, reading.diagnostics)
    terminal.result(pipeline.expand(reading, format.value))
    return Exit.COMPLETE
