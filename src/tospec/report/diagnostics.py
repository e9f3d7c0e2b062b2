"""Diagnostics for people and for programs.

Everything that comes from a spec is escaped here: a control sequence in a name must not reach the
terminal, and a long line must not hide the message.
"""

import json
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from tospec.diagnostics import Diagnostic, Severity, ordered
from tospec.source import SourceText, Span

MAX_SHOWN: Final = 200
MAX_TEXT: Final = 1000
LINE_WIDTH: Final = 100
BEFORE_SPAN: Final = 40

_RESET: Final = "\x1b[0m"
_BOLD: Final = "\x1b[1m"
_BLUE: Final = "\x1b[34m"
_COLORS: Final = {Severity.ERROR: "\x1b[1;31m", Severity.WARNING: "\x1b[1;33m"}


def render_text(
    diagnostics: Iterable[Diagnostic],
    sources: Iterable[SourceText],
    *,
    color: bool = False,
    limit: int = MAX_SHOWN,
) -> str:
    """Return diagnostics as text, each with its source line and a caret below its place.

    Args:
        diagnostics: What was found; order and repetitions do not matter.
        sources: The files whose lines may be shown.
        color: Whether to use ANSI colours.
        limit: Number of diagnostics to show; errors go before warnings.

    Returns:
        Text that ends with a newline, or an empty string when nothing was found. It holds no
        control characters but newlines and the colours asked for.
    """
    found = ordered(diagnostics)
    shown = _most_important(found, limit)
    page = _Page({source.file: source for source in sources}, color)
    parts = ["".join(page.diagnostic(diagnostic)) for diagnostic in shown]
    if len(shown) < len(found):
        parts.append(f"… and {len(found) - len(shown)} more.\n")
    return "\n".join(parts)


def render_json(diagnostics: Iterable[Diagnostic], *, limit: int = MAX_SHOWN) -> str:
    """Return diagnostics as one JSON object in ASCII, with counts of all that was found."""
    found = ordered(diagnostics)
    shown = _most_important(found, limit)
    document = {
        "diagnostics": [_as_json(diagnostic) for diagnostic in shown],
        "errors": sum(diagnostic.severity is Severity.ERROR for diagnostic in found),
        "warnings": sum(diagnostic.severity is Severity.WARNING for diagnostic in found),
        "omitted": len(found) - len(shown),
    }
    return json.dumps(document, indent=2) + "\n"


def escaped(text: str) -> str:
    """Return `text` with every character that a terminal would act on or hide spelled out."""
    return "".join(map(_escaped_character, text))


@dataclass(slots=True)
class _Page:
    """Renders diagnostics about some files."""

    sources: dict[str, SourceText]
    color: bool
    _lines: dict[str, list[str]] = field(default_factory=dict)

    def diagnostic(self, found: Diagnostic) -> Iterator[str]:
        """Yield the lines of one diagnostic."""
        severity = self._painted(f"{found.severity}[{found.code}]", _COLORS[found.severity])
        place = f"{_place(found.span)}: " if found.span else ""
        yield f"{place}{severity}: {self._painted(_shown(found.message), _BOLD)}\n"
        if found.span:
            yield from self._excerpt(found.span)
        if found.help:
            yield f"  {self._painted('help:', _BLUE)} {_shown(found.help)}\n"
        for span, note in found.related:
            yield f"  {self._painted('note:', _BLUE)} {_place(span)}: {_shown(note)}\n"
            yield from self._excerpt(span)

    def _excerpt(self, span: Span) -> Iterator[str]:
        line = self._line(span)
        if line is None:
            return
        text, caret = _windowed(line, span)
        number = str(span.line)
        bar = self._painted("|", _BLUE)
        yield f"  {self._painted(number, _BLUE)} {bar} {text}\n".rstrip() + "\n"
        yield f"  {' ' * len(number)} {bar} {self._painted(caret, _BLUE, keep_margin=True)}\n"

    def _line(self, span: Span) -> str | None:
        if span.file not in self.sources:
            return None
        if span.file not in self._lines:
            self._lines[span.file] = self.sources[span.file].text.split("\n")
        lines = self._lines[span.file]
        return lines[span.line - 1] if 0 < span.line <= len(lines) else None

    def _painted(self, text: str, code: str, *, keep_margin: bool = False) -> str:
        if not self.color:
            return text
        inner = text.lstrip() if keep_margin else text
        return f"{text[: len(text) - len(inner)]}{code}{inner}{_RESET}"


def _windowed(line: str, span: Span) -> tuple[str, str]:
    """Return the part of a line around a span, and the line of carets that goes below it."""
    start = min(max(span.column - 1, 0), len(line))
    begin = 0 if len(line) <= LINE_WIDTH else max(start - BEFORE_SPAN, 0)
    end = min(begin + LINE_WIDTH, len(line))
    lead, tail = "…" if begin else "", "…" if end < len(line) else ""
    before, inner = escaped(line[begin:start]), escaped(line[start : min(start + span.length, end)])
    text = f"{lead}{escaped(line[begin:end])}{tail}"
    return text, " " * (len(lead) + _width(before)) + "^" * max(_width(inner), 1)


def _width(text: str) -> int:
    """Return how many terminal columns `text` takes."""
    return sum(_character_width(character) for character in text)


def _character_width(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _escaped_character(character: str) -> str:
    if character.isprintable():
        return character
    if character == "\t":
        return " "
    code = ord(character)
    if code > 0xFFFF:
        return f"\\U{code:08x}"
    return f"\\x{code:02x}" if code <= 0xFF else f"\\u{code:04x}"


def _shown(text: str) -> str:
    return escaped(text if len(text) <= MAX_TEXT else f"{text[:MAX_TEXT]}…")


def _place(span: Span) -> str:
    return f"{_shown(span.file)}:{span.line}:{span.column}"


def _most_important(found: tuple[Diagnostic, ...], limit: int) -> tuple[Diagnostic, ...]:
    by_weight = sorted(found, key=lambda diagnostic: diagnostic.severity is not Severity.ERROR)
    return ordered(by_weight[:limit])


def _as_json(found: Diagnostic) -> dict[str, object]:
    return {
        "code": found.code,
        "severity": str(found.severity),
        "message": found.message,
        "help": found.help,
        "place": _span_as_json(found.span) if found.span else None,
        "related": [{"place": _span_as_json(span), "note": note} for span, note in found.related],
    }


def _span_as_json(span: Span) -> dict[str, object]:
    return {
        "file": span.file,
        "line": span.line,
        "column": span.column,
        "length": span.length,
    }
