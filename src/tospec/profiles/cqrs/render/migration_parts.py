"""What stands in a migration, piece by piece."""

from collections.abc import Callable, Iterable
from typing import Final

from tospec.ir.sql import sql_name, sql_text
from tospec.ir.tables import Check, Column, ColumnKind, ForeignKey, Index, Unique
from tospec.profiles.cqrs.render.columns import indexed
from tospec.python import Code, fill, join, literal, module_symbol, symbol

_SA: Final = module_symbol("sqlalchemy", alias="sa")
_OWN: Final = "app.db.types"
_ENUM_LENGTH: Final = 64

_TYPES: Final[dict[ColumnKind, Callable[[Column], Code]]] = {
    ColumnKind.ID: lambda _: fill("{}.Uuid()", _SA),
    ColumnKind.STRING: lambda column: fill("{}.String({})", _SA, literal(column.length)),
    ColumnKind.TEXT: lambda _: fill("{}.Text()", _SA),
    ColumnKind.INT: lambda _: fill("{}.Integer()", _SA),
    ColumnKind.BIG_INT: lambda _: fill("{}.BigInteger()", _SA),
    ColumnKind.DECIMAL: lambda column: fill(
        "{}({})", symbol(_OWN, "ExactDecimal"), join(", ", map(literal, column.digits or ()))
    ),
    ColumnKind.BOOL: lambda _: fill("{}.Boolean()", _SA),
    ColumnKind.DATE: lambda _: fill("{}.Date()", _SA),
    ColumnKind.TIMESTAMP: lambda _: fill("{}()", symbol(_OWN, "UtcDateTime")),
    ColumnKind.DURATION: lambda _: fill("{}()", symbol(_OWN, "Duration")),
    ColumnKind.ENUM: lambda _: fill("{}.String({})", _SA, literal(_ENUM_LENGTH)),
    ColumnKind.JSON: lambda _: symbol(_OWN, "Json"),
}


CLUSTERED: Final = Code("sqlite_with_rowid=False")
"""The word that makes SQLite keep a table in the order of its primary key."""


def column(of: Column) -> Code:
    """Return the declaration of a column."""
    name, nullable = literal(of.name), literal(of.nullable)
    return fill("{}.Column({}, {}, nullable={})", _SA, name, _TYPES[of.kind](of), nullable)


def id_column(name: str) -> Code:
    """Return the declaration of a column that holds an id."""
    return column(Column(name=name, kind=ColumnKind.ID, nullable=False))


def word_column() -> Code:
    """Return the declaration of a column that holds a word to search by."""
    return fill('{}.Column("word", {}, nullable=False)', _SA, symbol("app.db.words", "Word"))


def number_column(name: str) -> Code:
    """Return the declaration of a column that holds a count."""
    return column(Column(name=name, kind=ColumnKind.BIG_INT, nullable=False))


def enum_check(table: str, of: Column) -> Code:
    """Return the check that a column holds one of its enum's values."""
    values = [value for _, value in of.enum.members] if of.enum else []
    field = of.enum.field if of.enum else of.name
    return _check(f"ck_{table}_{field}", one_of(of.name, values))


def one_of(column_name: str, values: Iterable[str]) -> str:
    """Return the condition that a column holds one of some values."""
    return f"{sql_name(column_name)} IN ({', '.join(map(sql_text, values))})"


def check(table: str, of: Check) -> Code:
    """Return a check."""
    return _check(f"ck_{table}_{of.name}", of.condition)


def tenant_key(table: str) -> Code:
    """Return the key that leads to the tenant."""
    return fill(
        '{}.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name={})',
        _SA,
        _name(f"fk_{table}_tenant_id"),
    )


def foreign_key(key: ForeignKey) -> Code:
    """Return the key that leads to another row of the tenant."""
    return fill(
        "{}.ForeignKeyConstraint({}, {}, name={}{})",
        _SA,
        literal(["tenant_id", key.column]),
        literal([f"{key.table}.tenant_id", f"{key.table}.id"]),
        _name(key.name),
        _ondelete(key),
    )


def added_key(table: str, key: ForeignKey) -> Code:
    """Return the statement that adds a key to a table."""
    return fill(
        "{}.create_foreign_key({}, {}, {}, {}, {}{})",
        symbol("alembic", "op"),
        _name(key.name),
        literal(table),
        literal(key.table),
        literal(["tenant_id", key.column]),
        literal(["tenant_id", "id"]),
        _ondelete(key),
    )


def dropped_key(table: str, key: ForeignKey) -> Code:
    """Return the statement that drops a key of a table."""
    return fill(
        '{}.drop_constraint({}, {}, type_="foreignkey")',
        symbol("alembic", "op"),
        _name(key.name),
        literal(table),
    )


def primary_key(table: str, columns: Iterable[str]) -> Code:
    """Return a primary key."""
    parts = join(", ", map(literal, columns))
    return fill("{}.PrimaryKeyConstraint({}, name={})", _SA, parts, _name(f"pk_{table}"))


def unique_key(name: str, columns: Iterable[str]) -> Code:
    """Return a constraint that makes columns unique within a tenant."""
    parts = join(", ", map(literal, ("tenant_id", *columns)))
    return fill("{}.UniqueConstraint({}, name={})", _SA, parts, _name(name))


def unique_index(table: str, unique: Unique) -> Code:
    """Return the statement that makes an index for what a constraint cannot express."""
    columns = [literal("tenant_id"), *(_indexed(unique, name) for name in unique.columns)]
    alive = fill("{}.text({})", _SA, literal("deleted_at IS NULL"))
    partial = fill(", postgresql_where={}, sqlite_where={}", alive, alive)
    return fill(
        "{}.create_index({}, {}, [{}], unique=True{})",
        symbol("alembic", "op"),
        _name(unique.name),
        literal(table),
        join(", ", columns),
        partial if unique.only_alive else Code(""),
    )


def index(table: str, of: Index) -> Code:
    """Return the statement that makes an index."""
    keys = (indexed(key, fill("{}.text", _SA)) for key in of.columns)
    deleted = fill("{}.text({})", _SA, literal("deleted_at IS NOT NULL"))
    partial = fill(", postgresql_where={}, sqlite_where={}", deleted, deleted)
    return fill(
        "{}.create_index({}, {}, [{}]{})",
        symbol("alembic", "op"),
        _name(of.name),
        literal(table),
        join(", ", (literal("tenant_id"), *keys)),
        partial if of.only_deleted else Code(""),
    )


def _indexed(unique: Unique, name: str) -> Code:
    if name in unique.folded:
        return fill("{}.text({})", _SA, literal(f"lower({sql_name(name)})"))
    return literal(name)


def _check(name: str, condition: str) -> Code:
    return fill("{}.CheckConstraint({}, name={})", _SA, literal(condition), _name(name))


def _name(name: str) -> Code:
    return fill("{}.f({})", symbol("alembic", "op"), literal(name))


def _ondelete(key: ForeignKey) -> Code:
    return Code(', ondelete="CASCADE"' if key.cascade else "")
