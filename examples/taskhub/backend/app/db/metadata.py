"""The one MetaData, its naming convention, and the columns that tables share."""

from enum import StrEnum
from typing import Any, Final

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Integer,
    MetaData,
    Table,
    UniqueConstraint,
    Uuid,
)
from sqlalchemy.schema import SchemaItem

from app.db.names import foreign_key_name, unique_name
from app.db.types import TextEnum, UtcDateTime

metadata: Final = MetaData(
    naming_convention={
        "unique_name": unique_name,
        "foreign_key_name": foreign_key_name,
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "%(unique_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "%(foreign_key_name)s",
        "pk": "pk_%(table_name)s",
    }
)

TENANT_OWNED: Final = "tenant_owned"
FIELDS: Final = "fields"
RANKED: Final = "ranked"


def tenant_table(name: str, *items: SchemaItem, into: MetaData = metadata) -> Table:
    """Declare a table whose rows each belong to one tenant.

    Adds `id`, `tenant_id` and the key `(tenant_id, id)` that references of other
    tables point at, so that no row can refer to another tenant's.
    """
    return Table(
        name,
        into,
        Column("id", Uuid(), primary_key=True),
        Column("tenant_id", Uuid(), nullable=False),
        *items,
        UniqueConstraint("tenant_id", "id"),
        ForeignKeyConstraint(["tenant_id"], ["tenants.id"]),
        info={TENANT_OWNED: True},
    )


def global_table(name: str, *items: SchemaItem, into: MetaData = metadata) -> Table:
    """Declare a table that belongs to no tenant."""
    return Table(name, into, *items, info={TENANT_OWNED: False})


def reference(
    column: str, table: str, *, field: str | None = None, ondelete: str | None = None
) -> ForeignKeyConstraint:
    """Declare that `column` holds the id of a row of `table` of the same tenant.

    Args:
        column: The referring column.
        table: The table referred to.
        field: Public name of the field, for error answers; the column's by default.
        ondelete: `CASCADE`, or None to refuse the delete.
    """
    return ForeignKeyConstraint(
        ["tenant_id", column],
        [f"{table}.tenant_id", f"{table}.id"],
        ondelete=ondelete,
        info={FIELDS: (field or column,)},
    )


def unique(*columns: str, fields: tuple[str, ...] | None = None) -> UniqueConstraint:
    """Declare `columns` unique within a tenant; `fields` are their public names."""
    return UniqueConstraint("tenant_id", *columns, info={FIELDS: fields or columns})


def version_column() -> Column[int]:
    """Return the column that counts accepted changes, from 1."""
    return Column("version", Integer(), nullable=False)


def timestamps() -> tuple[Column[Any], Column[Any]]:
    """Return `created_at` and `updated_at`."""
    return (
        Column("created_at", UtcDateTime(), nullable=False),
        Column("updated_at", UtcDateTime(), nullable=False),
    )


def enum_type(values: type[StrEnum], *, name: str) -> TextEnum:
    """Return the type of a column that holds one of `values`, as text with a check."""
    return TextEnum(
        values,
        name=name,
        native_enum=False,
        create_constraint=True,
        values_callable=lambda members: [member.value for member in members],
        length=64,
    )


def text_length(column: str, minimum: int, maximum: int) -> CheckConstraint:
    """Return the check that a text holds `minimum` to `maximum` code points."""
    rule = f"length({column}) BETWEEN {minimum} AND {maximum}"
    return CheckConstraint(rule, name=f"{column}_length")
