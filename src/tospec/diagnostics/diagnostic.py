"""What is wrong, where, and what to do."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum

from tospec.source import Span


class Severity(StrEnum):
    """How much a finding weighs."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnostic:
    """One finding about a spec.

    Attributes:
        code: Identity of the rule, `TS` and four digits.
        span: Place that the finding is about; None for a finding about the spec as a whole.
        message: One sentence: what is wrong.
        help: What to do about it; empty when the message says it all.
        severity: Errors stop the pipeline, warnings do not.
        related: Further places with what each has to do with the finding.
    """

    code: str
    span: Span | None
    message: str
    help: str = ""
    severity: Severity = Severity.ERROR
    related: tuple[tuple[Span, str], ...] = ()


def ordered(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Return diagnostics without repetitions, by place, then code, then message."""
    return tuple(sorted(set(diagnostics), key=_position))


def _position(found: Diagnostic) -> tuple[bool, str, int, int, str, str]:
    span = found.span or Span("", 0, 0)
    return found.span is None, span.file, span.line, span.column, found.code, found.message


def nearest(name: str, known: Iterable[str]) -> str:
    """Return `did you mean 'x'?` for the known name closest to `name`, or an empty string."""
    matches = get_close_matches(name, sorted(known), n=1, cutoff=0.6)
    return f"Did you mean '{matches[0]}'?" if matches else ""
