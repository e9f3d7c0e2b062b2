"""What an assessment comes to: a verdict, an exit code, a page."""

import json
import sys
from collections.abc import Sequence
from enum import StrEnum
from typing import Any

from tospec import pipeline
from tospec.cli import terminal
from tospec.cli.exits import Exit
from tospec.diagnostics import Diagnostic, Severity
from tospec.report import diagnostics as diagnostics_report
from tospec.report import escalations as escalations_report


class Verdict(StrEnum):
    """Whether a spec can be built."""

    COMPLETE = "complete"
    INVALID = "invalid"
    OPEN = "open"

    @property
    def exit_code(self) -> Exit:
        """What the process answers with."""
        codes = {self.COMPLETE: Exit.COMPLETE, self.INVALID: Exit.INVALID, self.OPEN: Exit.OPEN}
        return codes[self]


def verdict_of(assessment: pipeline.Assessment) -> Verdict:
    """Return whether the spec can be built."""
    if has_errors(assessment.diagnostics):
        return Verdict.INVALID
    is_open = any(escalation.blocking for escalation in assessment.escalations)
    return Verdict.OPEN if is_open else Verdict.COMPLETE


def has_errors(diagnostics: Sequence[Diagnostic]) -> bool:
    """Return whether one of the diagnostics stops the pipeline."""
    return any(found.severity is Severity.ERROR for found in diagnostics)


def as_data(assessment: pipeline.Assessment) -> dict[str, Any]:
    """Return an assessment for programs."""
    verdict = verdict_of(assessment)
    return {
        "verdict": verdict,
        "exit_code": verdict.exit_code,
        **json.loads(diagnostics_report.render_json(assessment.diagnostics)),
        "escalations": escalations_report.as_data(assessment.escalations),
    }


def explain(reading: pipeline.Reading, assessment: pipeline.Assessment) -> None:
    """Print to stderr what keeps a spec from being built, and what could be better."""
    explain_diagnostics(reading, assessment.diagnostics)
    if verdict_of(assessment) is Verdict.OPEN:
        terminal.message(escalations_report.as_text(assessment.escalations, reading.sources))


def explain_diagnostics(reading: pipeline.Reading, diagnostics: Sequence[Diagnostic]) -> None:
    """Print diagnostics to stderr."""
    color = terminal.has_color(sys.stderr)
    terminal.painted(diagnostics_report.render_text(diagnostics, reading.sources, color=color))
