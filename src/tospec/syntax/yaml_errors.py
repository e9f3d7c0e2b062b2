"""What a YAML parser objects to, said for people who write specs.

The wording must not depend on which parser objected, so only the few words that libyaml and the
pure Python parser share decide about it.
"""

from dataclasses import dataclass

import yaml

from tospec.diagnostics import Diagnostic
from tospec.source import Span
from tospec.syntax.read_codes import DIRECTIVE, TAB, YAML_SYNTAX
from tospec.syntax.yaml_places import Fragment


@dataclass(frozen=True, slots=True)
class _Complaint:
    """A parser's error, with places in the fragment counted from 0."""

    words: str
    problem: tuple[int, int]
    context: tuple[int, int] | None


def syntax_error(error: yaml.YAMLError, fragment: Fragment, lines: list[str]) -> Diagnostic:
    """Return the diagnostic for an error that stopped the parser.

    Args:
        error: What the parser raised.
        fragment: The YAML it was reading.
        lines: `fragment.text` by line.
    """
    complaint = _complaint(error, lines)
    code, message, help_, at = _meaning(complaint, lines)
    related: tuple[tuple[Span, str], ...] = ()
    if complaint.context and complaint.context != at:
        related = ((fragment.span(*complaint.context), "What could not be read begins here."),)
    return Diagnostic(
        code=code, span=fragment.span(*at), message=message, help=help_, related=related
    )


def directive_error(fragment: Fragment, lines: list[str]) -> Diagnostic | None:
    """Return the diagnostic for a `%` line before the first value, if there is one."""
    for number, line in enumerate(lines):
        if line.startswith("%"):
            return Diagnostic(
                code=DIRECTIVE,
                span=fragment.span(number, 0, len(line)),
                message="YAML directives are not part of the language.",
                help="Leave the line out.",
            )
        if line.strip() and not line.lstrip().startswith("#"):
            return None
    return None


def _complaint(error: yaml.YAMLError, lines: list[str]) -> _Complaint:
    if not isinstance(error, yaml.MarkedYAMLError):
        return _Complaint("", (0, 0), None)
    words = f"{error.context or ''} {error.problem or ''}"
    context = _clamped(error.context_mark, lines) if error.context_mark else None
    problem = _clamped(error.problem_mark, lines) if error.problem_mark else context
    return _Complaint(words, problem or (0, 0), context)


def _clamped(mark: yaml.Mark, lines: list[str]) -> tuple[int, int]:
    """Return the mark's place, or the end of the text for a mark behind it."""
    last = max((n for n, line in enumerate(lines) if line.strip()), default=0)
    if mark.line <= last:
        return mark.line, mark.column
    return last, max(len(lines[last].rstrip()) - 1, 0)


def _meaning(complaint: _Complaint, lines: list[str]) -> tuple[str, str, str, tuple[int, int]]:
    """Return code, message, help and place."""
    line, column = at = complaint.problem
    written = lines[line] if line < len(lines) else ""
    indent = written[: len(written) - len(written.lstrip())]
    if "\t" in indent:
        message = "A tab cannot indent YAML."
        return TAB, message, "Indent with spaces.", (line, indent.index("\t"))
    if "cannot start any token" in complaint.words:
        message = f"A value cannot begin with {written[column : column + 1]!r}."
        return YAML_SYNTAX, message, "Write the value in quotes.", at
    if "end of stream" in complaint.words and "quoted scalar" in complaint.words:
        start = complaint.context or at
        return (
            YAML_SYNTAX,
            "This quote is never closed.",
            "Close it, or double it ('') inside.",
            start,
        )
    message, help_ = _wording(complaint.words)
    return YAML_SYNTAX, message, help_, at


def _wording(words: str) -> tuple[str, str]:
    for shared, message, help_ in _WORDINGS:
        if shared in words:
            return message, help_
    return "This is not valid YAML.", "Check indentation, quotes and brackets here and above."


_WORDINGS = (
    (
        "mapping values are not allowed",
        "A ':' stands where no value can begin.",
        "Write text that holds ': ' in quotes, and align keys of one mapping.",
    ),
    (
        "escape character",
        "A double-quoted text holds an escape that YAML does not know.",
        "Write the text in single quotes, or the backslash twice.",
    ),
    (
        "flow sequence",
        "A list in brackets lacks a ',' or its ']'.",
        "Close the list, or write text that holds ',' or brackets in quotes.",
    ),
    (
        "flow mapping",
        "A mapping in braces lacks a ',' or its '}'.",
        "Close the mapping, or write text that holds ',' or braces in quotes.",
    ),
    (
        "block mapping",
        "This is neither the next key of the mapping above nor part of its value.",
        "Align it with the other keys; write text with quotes inside in the other kind of quotes.",
    ),
    (
        "block collection",
        "This is neither the next '- ' item of the list above nor part of one.",
        "Align it with the other items.",
    ),
    (
        "document start",
        "This stands behind the end of the block's value.",
        "Align keys of one mapping; remove what follows a closing brace or bracket.",
    ),
)
