"""Free text as docstrings and comments."""

import inspect
import re
from collections.abc import Sequence
from typing import Final

from tospec.python.code import Code
from tospec.python.imports import LINE_LENGTH

_QUOTES: Final = '"""'
_SENTENCE_END: Final = re.compile(r"(?<=[.!?]) +")
_DIRECTIVE: Final = re.compile(
    r"(type|noqa|nosec|ruff|flake8|fmt|isort|yapf|black|mypy|pyright|pylint|pyre|pragma|region"
    r"|endregion|doctest|vim?|-\*-|!)(?![a-z])",
    re.IGNORECASE,
)
_CODING: Final = re.compile(r"(coding)([:=])", re.IGNORECASE)


def docstring(
    text: str, *details: str, raises: Sequence[tuple[str, str]] = (), indent: int = 0
) -> Code:
    """Return a docstring: a summary of one line, an empty line, and the rest.

    White space is normalised and long lines are wrapped at spaces; every other character
    survives as it is, the non-printable ones as escapes.

    Args:
        text: What it says; its first line or sentence is the summary.
        details: Further paragraphs.
        raises: Errors by name, each with what it means; a section of its own.
        indent: How many spaces stand before it.
    """
    summary, body = _docstring_lines(text, details, indent)
    if raises:
        body = [*body, *([""] if body else []), "Raises:", *_section(raises, LINE_LENGTH - indent)]
    lines = [summary, "", *body] if body else [summary]
    raw = _raw_will_do(lines)
    written = lines if raw else [_escaped(line) for line in lines]
    opening = "r" + _QUOTES if raw else _QUOTES
    if len(written) == 1:
        return Code(opening + (summary if raw else _closable(summary)) + _QUOTES)
    margin = " " * indent
    below = "".join(f"{margin}{line}\n" if line else "\n" for line in written[1:])
    return Code(f"{opening}{written[0]}\n{below}{margin}{_QUOTES}")


def docstring_value(text: str, *, indent: int = 0) -> str:
    """Return what `inspect.getdoc` tells of an object whose docstring `docstring` has written."""
    summary, body = _docstring_lines(text, (), indent)
    # Where a tab ends depends on the margin.
    lines = (summary, "", *body) if body else (summary,)
    return inspect.cleandoc(f"\n{' ' * indent}".join(lines))


def comment(text: str, *, indent: int = 0) -> Code:
    """Return a comment, over as many lines as it takes, that no tool reads as a directive.

    Args:
        text: What it says; line breaks become spaces.
        indent: How many spaces stand before it.
    """
    spaced = " ".join(text.split("\n")).replace("\\", "\\\\").replace("#", "\\x23")
    defused = _CODING.sub(lambda m: f"{m[1]}\\x{ord(m[2]):02x}", _printable(spaced))
    wrapped = _wrapped(defused, LINE_LENGTH - indent - 4) or [""]
    margin = "\n" + " " * indent
    return Code(margin.join(f"# {_quoted_directive(line)}".rstrip() for line in wrapped))


def sentence(text: str) -> str:
    """Return a text on one line that ends as a sentence does."""
    line = " ".join(text.split())
    return line if not line or line.endswith((".", "!", "?")) else f"{line}."


def _docstring_lines(text: str, details: Sequence[str], indent: int) -> tuple[str, list[str]]:
    """Return the summary of a docstring, and the lines below the empty one."""
    summary, rest = _summary(text, LINE_LENGTH - indent - 2 * len(_QUOTES))
    return summary, _reflowed("\n\n".join((rest, *details)), LINE_LENGTH - indent)


def _summary(text: str, width: int) -> tuple[str, str]:
    """Return the first line, or as much of it as fits, and what is left of the text."""
    first, _, rest = text.strip(" \n").partition("\n")
    first = " ".join(word for word in first.split(" ") if word)
    if len(first) <= width:
        return first, rest
    pieces = _wrapped(first, width)
    sentences = _SENTENCE_END.split(pieces[0])
    head = " ".join(sentences[:-1]) or pieces[0]
    return head, f"{first[len(head) :].lstrip(' ')}\n{rest}"


def _section(entries: Sequence[tuple[str, str]], width: int) -> list[str]:
    """Return the lines of a docstring's section: entries indented, what runs on more so."""
    found: list[str] = []
    for name, about in entries:
        text = f"{name}: {about}"
        first = _wrapped(text, width - 4)[0]
        others = _wrapped(text[len(first) :], width - 8)
        found += [f"    {first}", *(f"        {line}" for line in others)]
    return found


def _quoted_directive(line: str) -> str:
    return f'"{line}"' if _DIRECTIVE.match(line) else line


def _reflowed(text: str, width: int) -> list[str]:
    """Return the lines of a text, none blank at the ends, none with spaces at the ends."""
    found = [piece for line in text.split("\n") for piece in _wrapped(line, width) or [""]]
    while found and not found[-1]:
        found.pop()
    while found and not found[0]:
        found.pop(0)
    return [line for at, line in enumerate(found) if line or found[at - 1]]


def _wrapped(line: str, width: int) -> list[str]:
    """Break a line at spaces so that no piece is longer than `width` if spaces allow it."""
    pieces: list[str] = []
    for word in (word for word in line.split(" ") if word):
        if pieces and len(pieces[-1]) + 1 + len(word) <= width:
            pieces[-1] += f" {word}"
        else:
            pieces.append(word)
    return pieces


def _raw_will_do(lines: list[str]) -> bool:
    """Whether backslashes are all that would need escapes, as in a pattern."""
    whole = "".join(lines)
    return (
        "\\" in whole
        and _QUOTES not in whole
        and not whole.endswith(("\\", '"'))
        and whole.isprintable()
    )


def _escaped(line: str) -> str:
    doubled = line.replace("\\", "\\\\")
    return _printable(doubled.replace('"', '\\"') if _QUOTES in line else doubled)


def _closable(line: str) -> str:
    """Escape a line and keep its last quote from running into the closing ones."""
    if line.endswith('"') and _QUOTES not in line:
        return _escaped(line[:-1]) + '\\"'
    return _escaped(line)


def _printable(text: str) -> str:
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)
