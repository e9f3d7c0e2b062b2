"""Blocks about measures: what is counted and reckoned over the rows that belong to one row."""

from typing import Final

from tospec.syntax.grammar.words import (
    DESCRIPTION,
    DURATION,
    ENTITY,
    PERMISSION,
    REQUIREMENTS,
)
from tospec.syntax.shapes import Formula, Key, Kind, ListOf, MapOf, Notation, Record, Text

_KEEP: Final = Record(
    "keeping",
    {
        "for": Key(DURATION, "How long an answer is given again at most.", required=True),
        "until": Key(
            ListOf(ENTITY, 1),
            "Entities: a change of a row of theirs that an answer counts in ends it at once.",
        ),
    },
)
MEASURES: Final = Kind(
    "measures",
    Record(
        "measures",
        {
            "measures": Key(
                Text(Notation.PASCAL, "an operation"),
                "Name of them, what they tell: `FolderStatistics`.",
                required=True,
            ),
            "description": DESCRIPTION,
            "http": Key(
                Text(Notation.HTTP, "a method and a path"), "Method and path.", required=True
            ),
            "permission": Key(PERMISSION, "What the principal's role must hold."),
            "values": Key(
                MapOf(Text(Notation.SNAKE, "a measure"), Formula("a measure"), 1),
                "What the answer holds, by name; the same for everybody who sees the row.",
                required=True,
            ),
            "keep": Key(_KEEP, "How long an answer is given again.", default="not at all"),
            "requirements": REQUIREMENTS,
        },
    ),
    "One object of numbers about a row, the last parameter of its path, and about what belongs to "
    "it. Whoever sees the row may ask. Measures that no row has a value for are null; a median of "
    "an even number of values lies halfway between the two in the middle, rounded down. A kept "
    "answer is no older than `for`, whatever `now()` says meanwhile.",
    """measures: FolderStatistics
http: GET /v1/folders/{folder}/statistics
permission: "note:read"
values:
  notes: "count(notes)"
  pinned: "count(notes, pinned)"
keep: {for: 60s, until: [Note]}""",
)
