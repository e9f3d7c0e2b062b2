"""Fenced blocks of Markdown: which are spec blocks, which were meant to be."""

import re
from difflib import get_close_matches
from typing import Final

from markdown_it.token import Token

from tospec.diagnostics import Diagnostic
from tospec.source import Span
from tospec.syntax.read_codes import INDENTED_FENCE, INFO_STRING, TAB, UNCLOSED_FENCE
from tospec.syntax.read_text import clip
from tospec.syntax.yaml_places import Fragment

INFO: Final = "yaml tospec"

_CODE_FENCE: Final = re.compile(r"\s*(?:`{3,}|~{3,})\s*yaml\s+tospec\s*$")


def unclosed(token: Token, file: str, lines: list[str]) -> Diagnostic | None:
    """Return the error for a fence that its file or list ends instead of a closing line."""
    begin, end = _lines_of(token)
    content = token.content.count("\n") + (not token.content.endswith("\n") and bool(token.content))
    if end - begin >= content + 2:
        return None
    return Diagnostic(
        code=UNCLOSED_FENCE,
        span=_info_span(token, file, lines),
        message="This fenced block is never closed.",
        help=f"Close it with a line that holds only {clip(token.markup)}, indented like this one.",
    )


def fragment_of(
    token: Token, file: str, lines: list[str]
) -> tuple[Fragment | None, Diagnostic | None]:
    """Return the YAML in a closed fence, or the error that it is indented with tabs."""
    first = _lines_of(token)[0] + 1
    indents = []
    for number, content in enumerate(token.content.split("\n")[:-1], first):
        if not lines[number].endswith(content):
            return None, _tab(Span(file, number + 1, max(lines[number].find("\t"), 0) + 1))
        indents.append(len(lines[number]) - len(content))
    kept = tuple(indents) if any(indents) else ()
    return Fragment(file, token.content, first + 1, kept), None


def misspelt(token: Token, file: str, lines: list[str]) -> Diagnostic | None:
    """Return the error for an info string that was meant to open a spec block."""
    info = token.info.strip()
    words = re.findall(r"[a-z0-9]+", info.lower()[:200])
    if not get_close_matches("tospec", words, cutoff=0.82) and "tospec" not in "".join(words):
        return None
    return Diagnostic(
        code=INFO_STRING,
        span=_info_span(token, file, lines),
        message=f"The info string '{clip(info)}' does not open a spec block.",
        help=f"Write exactly '{INFO}', or a word without 'tospec' for other code.",
    )


def check_code(token: Token, file: str, lines: list[str]) -> list[Diagnostic]:
    """Return errors for spec fences in indented code, where they are only text."""
    begin, end = _lines_of(token)
    return [
        Diagnostic(
            code=INDENTED_FENCE,
            span=Span(file, number + 1, 1, len(lines[number])),
            message="This fence is indented by four or more columns, which makes it plain text.",
            help="Indent it by less than four columns, or like the list item that holds it.",
        )
        for number in range(begin, min(end, len(lines)))
        if _CODE_FENCE.match(lines[number])
    ]


def _lines_of(token: Token) -> tuple[int, int]:
    begin, end = token.map or [0, 0]
    return begin, end


def _info_span(token: Token, file: str, lines: list[str]) -> Span:
    begin = _lines_of(token)[0]
    line = lines[begin]
    column = max(line.find(token.markup), 0)
    return Span(file, begin + 1, column + 1, max(len(line.rstrip()) - column, 1))


def _tab(span: Span) -> Diagnostic:
    message = "A tab indents this block."
    return Diagnostic(code=TAB, span=span, message=message, help="Indent with spaces.")
