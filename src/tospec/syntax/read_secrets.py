"""Secrets in the text of a spec: found, and hidden before anything else reads or shows them."""

from collections.abc import Iterator
from typing import Final

from tospec.diagnostics import Diagnostic
from tospec.source import SourceText, Span
from tospec.source.secret_values import secrets_in
from tospec.syntax.read_codes import LEAK

MOST_SECRETS_TOLD: Final = 100
_HELP: Final = (
    "Take it out of the spec and out of its history, and revoke it. What an installation has to "
    "know is a setting with `secret: true` and without a default."
)


def without_secrets(source: SourceText) -> tuple[SourceText, tuple[Diagnostic, ...]]:
    """Return a text whose secrets are x's, and what is wrong with the first ones."""
    found = sorted(secrets_in(source.text))
    if not found:
        return source, ()
    told = found[:MOST_SECRETS_TOLD]
    hidden = "".join(_pieces(source.text, [(start, end) for start, end, _ in found]))
    return SourceText(source.file, hidden), tuple(_problem(source, *each) for each in told)


def _pieces(text: str, places: list[tuple[int, int]]) -> Iterator[str]:
    """Yield the parts of a text in order, those at `places` unreadable."""
    done = 0
    for start, end in places:
        yield text[done:start]
        yield "".join(c if c.isspace() else "x" for c in text[max(start, done) : end])
        done = max(done, end)
    yield text[done:]


def _problem(source: SourceText, start: int, end: int, what: str) -> Diagnostic:
    line = source.text.count("\n", 0, start) + 1
    column = start - source.text.rfind("\n", 0, start)
    length = len(source.text[start:end].partition("\n")[0])
    span = Span(source.file, line, column, length)
    return Diagnostic(code=LEAK, span=span, message=f"This looks like {what}.", help=_HELP)
