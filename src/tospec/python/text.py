"""Doors for spec text into files that are not Python."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, LiteralString

from tospec.python.code import Code

_NAME: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*")
_MARKDOWN: Final = re.compile(r"([\\`*_{}\[\]<>()#+!|~$&^=:@-])")
_MARKDOWN_START: Final = re.compile(r"^(\d+)([.)])")
_SHORT_ESCAPES: Final = {
    "\b": "\\b",
    "\t": "\\t",
    "\n": "\\n",
    "\f": "\\f",
    "\r": "\\r",
    '"': '\\"',
    "\\": "\\\\",
}


@dataclass(frozen=True, slots=True)
class Text:
    """A piece of a text file, already right for the place where it will stand."""

    text: str


def text_line(value: str) -> Text:
    """Return a text as one line; line breaks become spaces, controls visible escapes."""
    line = " ".join(value.replace("\r\n", "\n").split("\n"))
    return Text("".join(c if c.isprintable() else _escape(c) for c in line).strip(" "))


def markdown_text(value: str) -> Text:
    """Return a text as one line of Markdown that shows exactly it: no markup, no HTML."""
    line = text_line(value).text
    escaped = _MARKDOWN.sub(r"\\\1", line)
    return Text(_MARKDOWN_START.sub(r"\1\\\2", escaped))


def yaml_string(value: str) -> Text:
    """Return a text as a double-quoted YAML scalar.

    Raises:
        ValueError: If it holds a lone surrogate.
    """
    return _double_quoted(value)


def toml_string(value: str) -> Text:
    """Return a text as a basic TOML string.

    Raises:
        ValueError: If it holds a lone surrogate.
    """
    return _double_quoted(value)


def json_string(value: str) -> Text:
    """Return a text as a JSON string of ASCII characters only."""
    return Text(json.dumps(value))


def ini_value(value: str) -> Text:
    """Return a text as the value of an INI setting: one line, interpolation switched off."""
    return Text(text_line(value).text.replace("%", "%%"))


def text_name(value: str) -> Text:
    """Return a name: ASCII letters, digits, `_`, `.` and `-`.

    Raises:
        ValueError: If it is none.
    """
    if not _NAME.fullmatch(value):
        message = f"{value!a} is not a name"
        raise ValueError(message)
    return Text(value)


def number(value: int) -> Text:
    """Return a whole number in decimal digits."""
    return Text(str(int(value)))


def code_as_text(code: Code) -> Text:
    """Return Python source as it stands."""
    return Text(code.text)


def join_text(separator: LiteralString, parts: Iterable[Text]) -> Text:
    """Return pieces in the given order with a separator between them."""
    return Text(separator.join(part.text for part in parts))


def _double_quoted(value: str) -> Text:
    return Text('"' + "".join(_quotable(character) for character in value) + '"')


def _quotable(character: str) -> str:
    if character in _SHORT_ESCAPES:
        return _SHORT_ESCAPES[character]
    return character if character.isprintable() else _escape(character)


def _escape(character: str) -> str:
    number = ord(character)
    if 0xD800 <= number <= 0xDFFF:
        message = "a text file cannot hold a lone surrogate"
        raise ValueError(message)
    return f"\\u{number:04x}" if number <= 0xFFFF else f"\\U{number:08x}"
