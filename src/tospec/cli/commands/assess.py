"""`tospec assess`."""

import sys
from enum import StrEnum
from typing import Annotated

import typer

from tospec import pipeline
from tospec.cli import outcome, terminal
from tospec.cli.arguments import SpecPath
from tospec.report.diagnostics import render_text
from tospec.report.escalations import as_markdown, as_text


class AssessFormat(StrEnum):
    """How an assessment is printed."""

    TEXT = "text"
    JSON = "json"
    MD = "md"


def assess(
    spec: SpecPath,
    format: Annotated[  # noqa: A002 - the option's name
        AssessFormat, typer.Option("--format", help="How to print the result.")
    ] = AssessFormat.TEXT,
) -> int:
    """List what is wrong with a spec and what it leaves open.

    Answers 0 if it can be built, 2 if it is invalid, 3 if questions are open.
    """
    reading = pipeline.read(spec)
    assessment = pipeline.assess(reading)
    if format is AssessFormat.JSON:
        terminal.data(outcome.as_data(assessment))
    else:
        _print_diagnostics(reading, assessment)
        if outcome.verdict_of(assessment) is not outcome.Verdict.INVALID:
            render = as_markdown if format is AssessFormat.MD else as_text
            terminal.result(render(assessment.escalations, reading.sources))
    return outcome.verdict_of(assessment).exit_code


def _print_diagnostics(reading: pipeline.Reading, assessment: pipeline.Assessment) -> None:
    color = terminal.has_color(sys.stdout)
    text = render_text(assessment.diagnostics, reading.sources, color=color)
    terminal.page(f"{text}\n" if text else "")
