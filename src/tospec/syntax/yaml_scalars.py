"""What a plain word of YAML means: the YAML 1.2 core schema without its traps."""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from tospec.syntax.nodes import Value
from tospec.syntax.read_codes import AMBIGUOUS_SCALAR, LONG_NUMBER

MAX_DIGITS: Final = 60

_WORDS: Final[dict[str, Value]] = {"": None, "~": None, "null": None, "true": True, "false": False}
_MISSPELT_WORDS: Final = {
    "True": "true",
    "TRUE": "true",
    "False": "false",
    "FALSE": "false",
    "Null": "null",
    "NULL": "null",
}
_MAY_BE_SPECIAL: Final = frozenset("+-.0123456789~tfnTFN")
_INTEGER: Final = re.compile(r"-?(?:0|[1-9][0-9]*)", re.ASCII)
_DECIMAL: Final = re.compile(r"-?(?:0|[1-9][0-9]*)\.[0-9]+", re.ASCII)
_AMBIGUOUS_NUMBER: Final = re.compile(
    r"""
      [-+]? 0x [0-9a-fA-F_]++ | [-+]? 0o [0-7_]++ | [-+]? 0b [01_]++
    | [-+]? \. (?: inf | Inf | INF ) | \. (?: nan | NaN | NAN )
    | [-+]? (?: [0-9][0-9_]*+ \.? [0-9_]*+ | \. [0-9][0-9_]*+ ) (?: [eE] [-+]? [0-9]++ )?
    """,
    re.VERBOSE | re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Trap:
    """A plain word that must not be guessed at.

    Attributes:
        code: Code of the diagnostic.
        message: What is wrong with it.
        help: What to write instead.
    """

    code: str
    message: str
    help: str


def resolve(text: str) -> Value | Trap:
    """Return what the plain scalar `text` means, or why it is refused."""
    if text and text[0] not in _MAY_BE_SPECIAL:
        return text
    if text in _WORDS:
        return _WORDS[text]
    if text in _MISSPELT_WORDS:
        return _misspelt(text)
    return _number(text)


def _misspelt(text: str) -> Trap:
    help_ = f"Write {_MISSPELT_WORDS[text]}, or '{text}' in quotes for the text."
    return Trap(AMBIGUOUS_SCALAR, f"{text} means different things to YAML readers.", help_)


def _number(text: str) -> Value | Trap:
    if _INTEGER.fullmatch(text):
        return _sized(text) or int(text)
    if _DECIMAL.fullmatch(text):
        return _sized(text) or Decimal(text)
    if _AMBIGUOUS_NUMBER.fullmatch(text):
        return _ambiguous(text)
    return text


def _sized(text: str) -> Trap | None:
    if len(text) <= MAX_DIGITS:
        return None
    digits = sum(character.isdigit() for character in text)
    message = f"This number has {digits} digits; that is too many for any field."
    return Trap(LONG_NUMBER, message, "Write it in quotes if it is text.")


def _ambiguous(text: str) -> Trap:
    shown = text if len(text) <= MAX_DIGITS else f"{text[:MAX_DIGITS]}…"
    message = f"{shown} is a number to some YAML readers and text to others."
    help_ = "Write a number with plain digits, like 10 or 0.5; write text in quotes."
    return Trap(AMBIGUOUS_SCALAR, message, help_)
