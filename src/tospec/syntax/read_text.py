"""Bytes to text: one encoding, one kind of line end, no character that hides what is said."""

import re
from itertools import islice
from typing import Final

from tospec.diagnostics import Diagnostic
from tospec.source import SourceText, Span
from tospec.syntax.read_codes import CHARACTER, ENCODING

MAX_REPORTED: Final = 10

# Left out: control characters, line separators that only some readers honour, direction controls
# that make text look different from what it says, byte order marks, surrogates.
_ALLOWED: Final = (
    r"\t\n\x20-\x7e\xa0-\u2027\u202f-\u2065\u206a-\ud7ff"
    r"\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff"
)
_FORBIDDEN: Final = re.compile(f"[^{_ALLOWED}]")
_FORBIDDEN_IN_FILE: Final = re.compile(f"[^{_ALLOWED}\\r]")
# An escape in quotes says plainly which character it means, so that most may be written that way;
# no database and no JSON document can hold these.
_FORBIDDEN_IN_VALUE: Final = re.compile(r"[\x00\ud800-\udfff]")

_BYTE_ORDER_MARKS: Final = (
    (b"\xff\xfe\x00\x00", "UTF-32"),
    (b"\x00\x00\xfe\xff", "UTF-32"),
    (b"\xff\xfe", "UTF-16"),
    (b"\xfe\xff", "UTF-16"),
    (b"\xef\xbb\xbf", "UTF-8 with a byte order mark"),
)


def source_of(file: str, data: bytes) -> tuple[SourceText | None, tuple[Diagnostic, ...]]:
    """Return the text of a file, or what is wrong with its bytes.

    Args:
        file: The file as shown to people.
        data: Its whole content.
    """
    for mark, name in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return None, (_encoding(Span(file, 1, 1), f"The file is {name}", 0),)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        place = _place(file, data[: error.start].decode("utf-8"))
        return None, (_encoding(place, "The file is not UTF-8", error.start),)
    matches = islice(_FORBIDDEN_IN_FILE.finditer(text), MAX_REPORTED)
    problems = tuple(
        _character(text, match.start(), _place(file, _with_newlines(text[: match.start()])))
        for match in matches
    )
    return (None, problems) if problems else (SourceText(file, _with_newlines(text)), ())


def forbidden_characters(file: str, text: str, first_line: int = 1) -> tuple[Diagnostic, ...]:
    r"""Return an error for each of the first characters in `text` that no spec may hold.

    Args:
        file: The file as shown to people.
        text: Text with `\n` line ends.
        first_line: Line of the file on which `text` begins.
    """
    matches = islice(_FORBIDDEN.finditer(text), MAX_REPORTED)
    return tuple(
        _character(text, match.start(), _place(file, text[: match.start()], first_line))
        for match in matches
    )


def forbidden_in_value(text: str) -> str:
    """Return the first character of a value that no spec may hold, or an empty string."""
    match = _FORBIDDEN_IN_VALUE.search(text)
    return match.group() if match else ""


def forbidden_in_name(text: str) -> str:
    """Return the first character of a file's name that cannot be shown, or an empty string."""
    match = _FORBIDDEN_IN_FILE.search(text)
    return match.group() if match else ""


def clip(text: str, length: int = 60) -> str:
    """Return `text`, shortened with an ellipsis when it is longer than `length`."""
    return text if len(text) <= length else f"{text[: length - 1]}…"


def _encoding(span: Span, message: str, offset: int) -> Diagnostic:
    return Diagnostic(
        code=ENCODING,
        span=span,
        message=f"{message} (byte {offset}).",
        help="Save it as UTF-8 without a byte order mark.",
    )


def _with_newlines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _character(text: str, position: int, span: Span) -> Diagnostic:
    offset = len(text[:position].encode("utf-8", "surrogatepass"))
    return Diagnostic(
        code=CHARACTER,
        span=span,
        message=f"The character U+{ord(text[position]):04X} is not allowed in a spec "
        f"(byte {offset}).",
        help="Remove it; control, direction and line-separator characters hide what a text says.",
    )


def _place(file: str, before: str, first_line: int = 1) -> Span:
    """Return the place of the character that follows the text `before`."""
    return Span(file, first_line + before.count("\n"), len(before) - before.rfind("\n"))
