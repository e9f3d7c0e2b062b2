"""Shapes that several kinds of block share."""

from typing import Final

from tospec.syntax.shapes import Flag, Formula, Key, ListOf, Notation, Record, Text

LINE: Final = Text()
PROSE: Final = Text(Notation.PROSE)
MEMBER: Final = Text(Notation.MEMBER, "a field or relation")
PERMISSION: Final = Text(Notation.PERMISSION, "a permission")
ROLE: Final = Text(Notation.SNAKE, "a role")
ERROR: Final = Text(Notation.CAPITALS, "an error case")
EVENT: Final = Text(Notation.PASCAL, "an event")
ENTITY: Final = Text(Notation.PASCAL, "an entity")
VIEW: Final = Text(Notation.PASCAL, "a view")
ACTION: Final = Text(Notation.SNAKE, "an action of the policy")
STATE: Final = Text(Notation.SNAKE, "a state")
DURATION: Final = Text(Notation.DURATION, "a duration")
TIME: Final = Text(Notation.TIME, "a time")
SIZE: Final = Text(Notation.SIZE, "a size")
MEDIA_TYPE: Final = Text(Notation.MEDIA_TYPE, "a media type")
FLAG: Final = Flag()
CONDITION: Final = Formula()

REQUIREMENTS: Final = Key(
    ListOf(Text(Notation.REQUIREMENT, "a requirement")),
    "Requirements that the block serves besides the one under whose heading it stands.",
)
DESCRIPTION: Final = Key(PROSE, "What it is, in a sentence for people.")

CONDITION_WITH_ERROR: Final = Record(
    "condition",
    {
        "that": Key(CONDITION, "What must hold.", required=True),
        "else": Key(ERROR, "Error case of the answer when it does not hold."),
    },
)
REQUIRE: Final = Key(
    ListOf(CONDITION_WITH_ERROR), "Conditions on the row as it is before, in the order asked."
)
