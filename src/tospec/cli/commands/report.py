"""`tospec report`."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from tospec import pipeline
from tospec.cli import terminal
from tospec.cli.exits import Exit


class ReportFormat(StrEnum):
    """How a report is printed."""

    TEXT = "text"
    MD = "md"
    HTML = "html"
    JSON = "json"
    CSV = "csv"
    TRACE = "trace"


def report(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder of a built backend.")],
    spec: Annotated[
        str | None,
        typer.Option(metavar="SPEC", help="The spec; the copy in the backend if it is left out."),
    ] = None,
    format: Annotated[  # noqa: A002 - the option's name
        ReportFormat, typer.Option("--format", help="How to print it.")
    ] = ReportFormat.TEXT,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Write it there instead.")
    ] = None,
) -> int:
    """Say for each requirement where it lives and what proves it.

    Only tests and cases that ran on this very state of the backend count: run `tospec gate` and
    `tospec verify` before.
    """
    made = pipeline.report(folder, spec)
    text = pipeline.report_text(made, format.value)
    if out is None:
        terminal.result(text)
        return Exit.COMPLETE
    pipeline.save_text(text, out)
    terminal.message(f"Wrote {out}. {made.verdict}")
    return Exit.COMPLETE
