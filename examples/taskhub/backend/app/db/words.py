"""Full-text search: tables of words, which find rows by their texts.

The words are made in Python, once, so that every database finds the same rows. A table of
them rather than a `tsvector`: under row-level security PostgreSQL uses an index only for
comparisons that cannot leak what they compare, such as those of texts; its own search is
none of them, and would read every row of the tenant. The tenant also comes first here, so
that nobody's search gets slower by what others store.
"""

import json
from collections.abc import Mapping
from typing import Final
from uuid import UUID

from sqlalchemy import (
    Column,
    ColumnElement,
    Index,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    TableValuedAlias,
    Uuid,
    and_,
    cast,
    delete,
    false,
    func,
    insert,
    literal,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import ARRAY

from app.core.words import LONGEST_WORD, least_words
from app.db.engine import Transaction
from app.db.metadata import TENANT_OWNED, metadata, reference
from app.db.names import shortened
from app.db.subqueries import any_of, count_of

# By code points on every database: only then are the words with one beginning neighbours.
Word: Final = String(LONGEST_WORD).with_variant(String(LONGEST_WORD, collation="C"), "postgresql")
_LAST: Final = "\U0010ffff"
# PostgreSQL weighs every order in which it could join; more than a few take it seconds.
_JOINED: Final = 5


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


def found_by(text: str | None, words: Table, own: ColumnElement[bool]) -> ColumnElement[bool]:
    """Hold where each word of `text` is the beginning of one of the row's words.

    A text without a word finds nothing. What was not asked for (None) holds.

    Args:
        text: What is searched for.
        words: A table made by `word_table`.
        own: That a row of it belongs to the row.
    """
    if text is None:
        return true()
    wanted = [and_(own, *_begins(words.c.word, word)) for word in least_words(text)]
    if not wanted:
        return false()
    joined = (any_of(words, each) for each in wanted[:_JOINED])
    counted = (count_of(words, each) > 0 for each in wanted[_JOINED:])
    return and_(*joined, *counted)


async def keep_words(
    transaction: Transaction, words: Table, key: Mapping[str, UUID], wanted: frozenset[str]
) -> None:
    """Make `wanted` the words of a row.

    Args:
        transaction: In which the row is written.
        words: A table made by `word_table`.
        key: The columns that say whose words they are, and their values.
        wanted: Its words from now on.
    """
    of_row = and_(*(words.c[name] == value for name, value in key.items()))
    listed = _listed(transaction.dialect, wanted)
    await transaction.execute(
        delete(words).where(of_row, words.c.word.not_in(select(listed.c.value)))
    )
    values = (literal(value, Uuid()) for value in key.values())
    known = select(words.c.word).where(of_row)
    added = select(*values, listed.c.value).where(listed.c.value.not_in(known))
    await transaction.execute(insert(words).from_select([*key, "word"], added))


def _begins(value: ColumnElement[str], word: str) -> tuple[ColumnElement[bool], ...]:
    return value >= word, value < word + _LAST


def _listed(dialect: str, words: frozenset[str]) -> TableValuedAlias:
    """Return `words` as a table of one column, `value`, in one parameter however many they are."""
    if dialect == "sqlite":
        return func.json_each(json.dumps(sorted(words))).table_valued("value")
    values = cast(sorted(words), ARRAY(String()))
    return func.unnest(values).table_valued("value").render_derived()
