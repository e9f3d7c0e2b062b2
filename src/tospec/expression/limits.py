"""What is checked on the bare text, before the parser sees it.

The grammar's terminal for strings backtracks without end on an unterminated string full of
backslashes, and takes `//` for a comment; both are refused here, as are texts that
are too long or too deep.
"""

from typing import Final

from tospec.expression.problems import LITERAL, SYNTAX, TOO_DEEP, TOO_LONG, UNSUPPORTED, Problems

MAX_BYTES: Final = 4096
MAX_DEPTH: Final = 50

_QUOTES: Final = frozenset("'\"")
_OPENING: Final = frozenset("([{")
_CLOSING: Final = frozenset(")]}")
_ONE_LINE: Final = "The text of an expression is one line without control characters."


def within_limits(text: str, problems: Problems) -> bool:
    """Record the first thing that keeps `text` from being parsed; return whether there is none."""
    return _short(text, problems) and _printable(text, problems) and _Scan(text, problems).passes()


def _short(text: str, problems: Problems) -> bool:
    size = len(text) if len(text) > MAX_BYTES else len(text.encode(errors="surrogatepass"))
    if size <= MAX_BYTES:
        return True
    message = f"The expression has more than {MAX_BYTES} bytes."
    problems.add_at(TOO_LONG, 0, 1, message, "Split it into computed values with names.")
    return False


def _printable(text: str, problems: Problems) -> bool:
    for offset, character in enumerate(text):
        if character < " " or "\x7f" <= character <= "\x9f" or "\ud800" <= character <= "\udfff":
            message = f"The character U+{ord(character):04X} is not allowed in an expression."
            problems.add_at(SYNTAX, offset, 1, message, _ONE_LINE)
            return False
    return True


class _Scan:
    """One pass over the text that knows strings and brackets, nothing else."""

    def __init__(self, text: str, problems: Problems) -> None:
        self._text = text
        self._problems = problems
        self._depth = 0
        self._passes = True

    def passes(self) -> bool:
        position = 0
        while self._passes and position < len(self._text):
            if self._text[position] in _QUOTES:
                position = self._after_string(position)
            else:
                self._look_at(position)
                position += 1
        return self._passes

    def _look_at(self, position: int) -> None:
        character = self._text[position]
        self._depth += (character in _OPENING) - (character in _CLOSING)
        if self._depth > MAX_DEPTH:
            message = f"Brackets are nested more than {MAX_DEPTH} deep."
            self._fail(TOO_DEEP, position, message, "Name parts of it as computed values.")
        elif self._text.startswith("//", position):
            message = "There are no comments in expressions."
            self._fail(UNSUPPORTED, position, message, "Division is one slash.")

    def _after_string(self, start: int) -> int:
        quote = self._text[start]
        end = self._end_of_string(start)
        if start and (self._text[start - 1].isalnum() or self._text[start - 1] == "_"):
            self._fail(UNSUPPORTED, start, "Strings have no prefix.", "Put a space before it.")
        elif end is None:
            self._fail(LITERAL, start, "This string has no end.", f"Close it with {quote}.")
        elif self._text[end : end + 1] in _QUOTES:
            message = "Strings are written in one pair of quotes."
            self._fail(UNSUPPORTED, start, message, f"Inside a string write \\{quote}.")
        return end or len(self._text)

    def _end_of_string(self, start: int) -> int | None:
        """Return the position after the closing quote; None when there is none."""
        position = start + 1
        while position < len(self._text):
            if self._text[position] == self._text[start]:
                return position + 1
            position += 2 if self._text[position] == "\\" else 1
        return None

    def _fail(self, code: str, offset: int, message: str, help_: str) -> None:
        self._problems.add_at(code, offset, 1, message, help_)
        self._passes = False
