"""Full-text search: tables of words, which find rows by their texts.

The words are made in Python, once, so that every database finds the same rows. A table of
them rather than a `tsvector`: under row-level security PostgreSQL uses an index only for
comparisons that cannot leak what they compare, such as those of texts; its own search is
none of them, and would read every row of the tenant. The tenant also comes first here, so
that nobody's search gets slower by what others store.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final

from sqlalchemy import (
    Column,
    ColumnElement,
    Index,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Uuid,
    and_,
    delete,
    false,
    insert,
    select,
)

from app.core.words import LONGEST_WORD
from app.db.metadata import TENANT_OWNED, metadata, reference
from app.db.names import shortened
from app.db.parameters import ROW, TENANT, each_of, parameter
from app.db.statements import Fixed
from app.db.subqueries import any_of, count_of
from app.db.transactions import Transaction

# By code points on every database: only then are the words with one beginning neighbours.
Word: Final = String(LONGEST_WORD).with_variant(String(LONGEST_WORD, collation="C"), "postgresql")
_LAST: Final = "\U0010ffff"
# PostgreSQL weighs every order in which it could join; more than a few take it seconds.
_JOINED: Final = 5
_TABLES: Final = 100


def word_table(name: str, *, of: tuple[str, str], into: MetaData = metadata) -> Table:
    """Declare the table of the words that rows of a tenant are found by.

    The words of a row go when the row goes.

    Args:
        name: The table's name.
        of: The column that refers to the row, and the table of the rows.
        into: What the table belongs to.
    """
    return Table(
        name,
        into,
        Column("tenant_id", Uuid(), nullable=False),
        Column(of[0], Uuid(), nullable=False),
        Column("word", Word, nullable=False),
        PrimaryKeyConstraint("tenant_id", of[0], "word"),
        reference(of[0], of[1], ondelete="CASCADE"),
        Index(shortened(f"ix_{name}_word_{of[0]}"), "tenant_id", "word", of[0]),
        info={TENANT_OWNED: True},
        sqlite_with_rowid=False,
    )


def found_by(words: Table, own: ColumnElement[bool], count: int) -> ColumnElement[bool]:
    """Hold where each of some words is the beginning of one of the row's words.

    Without a word it finds nothing.

    Args:
        words: A table made by `word_table`.
        own: That a row of it belongs to the row.
        count: How many words there are; `bounds` gives their values.
    """
    if not count:
        return false()
    wanted = [and_(own, *_begins(words.c.word, place)) for place in range(count)]
    joined = (any_of(words, each) for each in wanted[:_JOINED])
    counted = (count_of(words, each) > 0 for each in wanted[_JOINED:])
    return and_(*joined, *counted)


def bounds(wanted: Sequence[str]) -> dict[str, str]:
    """Return the values of the parameters of `found_by` for the words `wanted`."""
    first = {_first(place): word for place, word in enumerate(wanted)}
    return first | {_end(place): word + _LAST for place, word in enumerate(wanted)}


def add_words(
    transaction: Transaction, words: Table, own: str, values: Mapping[str, object]
) -> None:
    """Add to the words of a row those that it does not have yet.

    Args:
        transaction: In which the row is written.
        words: A table made by `word_table`.
        own: Its column that refers to the row.
        values: Of the parameters `TENANT` and `ROW`, and the words, as `words`.
    """
    transaction.later(_added(words, own), values)


def drop_other_words(
    transaction: Transaction, words: Table, own: str, values: Mapping[str, object]
) -> None:
    """Take from the words of a row those that are not among the ones given, as `add_words`."""
    transaction.later(_dropped(words, own), values)


@lru_cache(maxsize=_TABLES)
def _added(words: Table, own: str) -> Fixed:
    wanted = each_of("words")
    known = select(words.c.word).where(words.c.tenant_id == TENANT, words.c[own] == ROW)
    added = select(TENANT, ROW, wanted.c.value).where(wanted.c.value.not_in(known))
    return Fixed(insert(words).from_select(["tenant_id", own, "word"], added))


@lru_cache(maxsize=_TABLES)
def _dropped(words: Table, own: str) -> Fixed:
    of_row = and_(words.c.tenant_id == TENANT, words.c[own] == ROW)
    return Fixed(delete(words).where(of_row, words.c.word.not_in(select(each_of("words").c.value))))


def _begins(value: ColumnElement[str], place: int) -> tuple[ColumnElement[bool], ...]:
    return value >= parameter(_first(place), value), value < parameter(_end(place), value)


def _first(place: int) -> str:
    return f"word.{place}.first"


def _end(place: int) -> str:
    return f"word.{place}.end"
