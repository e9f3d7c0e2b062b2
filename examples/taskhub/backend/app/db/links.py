"""Tables that have no identity of their own: links between rows, and counters."""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    ForeignKeyConstraint,
    Index,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Uuid,
    true,
)

from app.db.metadata import TENANT_OWNED, metadata, reference
from app.db.names import shortened
from app.db.subqueries import any_of, refers


def link_table(
    name: str,
    *,
    left: tuple[str, str],
    right: tuple[str, str],
    into: MetaData = metadata,
) -> Table:
    """Declare a table of links between rows of one tenant.

    A link goes when either of its rows goes.

    Args:
        name: The table's name.
        left: The column and the table of the side that owns the links.
        right: The column and the table of the other side.
        into: What the table belongs to.
    """
    return Table(
        name,
        into,
        Column("tenant_id", Uuid(), nullable=False),
        Column(left[0], Uuid(), nullable=False),
        Column(right[0], Uuid(), nullable=False),
        PrimaryKeyConstraint("tenant_id", left[0], right[0]),
        ForeignKeyConstraint(["tenant_id"], ["tenants.id"]),
        reference(left[0], left[1], ondelete="CASCADE"),
        reference(right[0], right[1], ondelete="CASCADE"),
        Index(shortened(f"ix_{name}_{right[0]}"), "tenant_id", right[0]),
        info={TENANT_OWNED: True},
    )


def leads_somewhere(link: Column[Any]) -> ColumnElement[bool]:
    """Hold where the row that `link`, a column of links, refers to is there and not deleted."""
    (key,) = link.foreign_keys
    if "deleted_at" not in key.column.table.c:
        return true()
    other = key.column.table.alias()
    return any_of(other, refers(link.table, link.name, to=other), other.c.deleted_at.is_(None))


def counter_table(
    name: str, *, within: tuple[str, str] | None = None, into: MetaData = metadata
) -> Table:
    """Declare a table that holds the last number given out.

    Args:
        name: The table's name.
        within: The column and the table of the rows that each count for themselves; None
            for one counter a tenant.
        into: What the table belongs to.
    """
    scope = () if within is None else (Column(within[0], Uuid(), nullable=False),)
    keys = () if within is None else (reference(within[0], within[1], ondelete="CASCADE"),)
    return Table(
        name,
        into,
        Column("tenant_id", Uuid(), nullable=False),
        *scope,
        Column("last_number", BigInteger(), nullable=False),
        PrimaryKeyConstraint("tenant_id", *(column.name for column in scope)),
        ForeignKeyConstraint(["tenant_id"], ["tenants.id"]),
        *keys,
        info={TENANT_OWNED: True},
    )
