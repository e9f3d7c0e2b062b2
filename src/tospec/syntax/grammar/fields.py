"""Fields of entities, of inputs and of settings."""

from typing import Final

from tospec.model import FieldType
from tospec.syntax.grammar.words import DESCRIPTION, FLAG, LINE
from tospec.syntax.shapes import (
    Bound,
    Choice,
    Constant,
    Key,
    ListOf,
    MapOf,
    Notation,
    Pair,
    Record,
    Text,
    Whole,
)

LONGEST_TEXT: Final = 1_000_000
_TYPE: Final = Key(Choice(tuple(FieldType)), "What kind of value it holds.", required=True)
_CONSTRAINTS: Final = {
    "length": Key(
        Pair(Whole(0, LONGEST_TEXT)), "Least and greatest number of characters, for text."
    ),
    "range": Key(Pair(Bound()), "Least and greatest value, for numbers; null for no bound."),
    "digits": Key(Pair(Whole(0, 38)), "Digits in all and after the point, for `decimal`."),
    "pattern": Key(
        Text(Notation.PATTERN, "a pattern"),
        "Regular expression that the whole text matches; neither look-around nor back-references.",
    ),
    "values": Key(ListOf(Text(Notation.SNAKE, "a value"), 1), "The values of an `enum`, in order."),
    "unit": Key(LINE, "Unit of a number, for people."),
}
_OPTIONAL: Final = Key(FLAG, "Whether it may be null.", default="false")
_DEFAULT: Final = Key(Constant(), "Value when it is left out.")
_SECRET: Final = Key(FLAG, "Whether it must never be shown or logged.", default="false")

INPUT_FIELD: Final = Record(
    "input",
    {
        "type": _TYPE,
        "optional": _OPTIONAL,
        "default": _DEFAULT,
        **_CONSTRAINTS,
        "secret": _SECRET,
        "description": DESCRIPTION,
    },
)
FIELD: Final = Record(
    "field",
    {
        "type": _TYPE,
        "optional": _OPTIONAL,
        "default": _DEFAULT,
        **_CONSTRAINTS,
        "immutable": Key(FLAG, "Whether it stays as created.", default="false"),
        "managed": Key(
            FLAG, "Whether only transitions and commands write it, never clients.", default="false"
        ),
        "generated": Key(Choice(("sequence",)), "Gapless numbers from 1; needs `type: int`."),
        "per": Key(
            Text(Notation.MEMBER, "a relation to one"),
            "For a sequence: relation to one within whose item the numbers run.",
        ),
        "secret": _SECRET,
        "description": DESCRIPTION,
    },
)
SETTING: Final = Record("setting", INPUT_FIELD.keys)

FIELDS: Final = MapOf(Text(Notation.SNAKE, "a field"), FIELD)
INPUT: Final = Key(MapOf(Text(Notation.SNAKE, "an input"), INPUT_FIELD), "The body of the request.")
SETTINGS: Final = MapOf(Text(Notation.CAPITALS, "a setting"), SETTING, 1)
