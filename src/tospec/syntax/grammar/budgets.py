"""Blocks about how fast answers come when there are many rows and people."""

from typing import Final

from tospec.syntax.grammar.words import ENTITY, REQUIREMENTS, SIZE, TIME
from tospec.syntax.shapes import Key, Kind, MapOf, Notation, Record, Text, Whole

PERCENTILES: Final = (50, 90, 95, 99)
_MOST_ROWS: Final = 100_000_000
_MOST_USERS: Final = 10_000

_TIMES: Final = Record(
    "set of times",
    {f"p{each}": Key(TIME, f"The most that {each} of 100 answers take.") for each in PERCENTILES},
)
BUDGET: Final = Kind(
    "budget",
    Record(
        "budget",
        {
            "budget": Key(Text(Notation.KEBAB, "a name"), "Name of it.", required=True),
            "of": Key(ENTITY, "Entity of which a tenant has many rows.", required=True),
            "rows": Key(Whole(1, _MOST_ROWS), "How many rows of it one tenant has."),
            "users": Key(Whole(1, _MOST_USERS), "How many of its people are at work at once."),
            "pause": Key(
                TIME,
                "How long each of them waits between an answer and the next request; `0s` for "
                "not at all.",
                default="one second, if operations-1 may decide",
            ),
            "reads": Key(
                _TIMES, "How long any operation takes that only tells, but hands out no file."
            ),
            "writes": Key(
                _TIMES,
                "How long any operation takes that changes one row, but no account and no file.",
            ),
            "operations": Key(
                MapOf(Text(Notation.PASCAL, "an operation"), _TIMES, 1),
                "Operations with times of their own, in place of those above.",
            ),
            "largest_answer": Key(SIZE, "The most that the body of an answer to these has."),
            "requirements": REQUIREMENTS,
        },
    ),
    "How fast answers come when a tenant has many rows and many people use the service at once. "
    "`verify --budgets` brings that about and measures it, and so does `make load` of a backend.",
    "budget: many-notes\nof: Note\nrows: 100000\nusers: 50\npause: 1s\n"
    "reads: {p95: 50ms}\nwrites: {p95: 80ms}\noperations:\n  ListNotes: {p50: 20ms, p99: 200ms}\n"
    "largest_answer: 256KiB",
)
