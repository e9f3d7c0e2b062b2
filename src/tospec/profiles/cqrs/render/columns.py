"""Columns and their types, as source."""

from collections.abc import Callable
from typing import Final

from tospec.ir.tables import Column, ColumnKind, EnumType, Role, SqlKey
from tospec.python import Code, attribute, fill, join, literal, symbol

_WIDTH: Final = 76
_TYPES: Final[dict[ColumnKind, Callable[[Column], Code]]] = {
    ColumnKind.ID: lambda _: _sqlalchemy("Uuid"),
    ColumnKind.STRING: lambda column: fill(
        "{}({})", symbol("sqlalchemy", "String"), literal(column.length)
    ),
    ColumnKind.TEXT: lambda _: _sqlalchemy("Text"),
    ColumnKind.INT: lambda _: _sqlalchemy("Integer"),
    ColumnKind.BIG_INT: lambda _: _sqlalchemy("BigInteger"),
    ColumnKind.DECIMAL: lambda column: fill(
        "{}({})", _own("ExactDecimal"), join(", ", map(literal, column.digits or ()))
    ),
    ColumnKind.BOOL: lambda _: _sqlalchemy("Boolean"),
    ColumnKind.DATE: lambda _: _sqlalchemy("Date"),
    ColumnKind.TIMESTAMP: lambda _: fill("{}()", _own("UtcDateTime")),
    ColumnKind.DURATION: lambda _: fill("{}()", _own("Duration")),
    ColumnKind.JSON: lambda _: _own("Json"),
}

_PYTHON_TYPES: Final = {
    ColumnKind.ID: symbol("uuid", "UUID"),
    ColumnKind.STRING: Code("str"),
    ColumnKind.TEXT: Code("str"),
    ColumnKind.INT: Code("int"),
    ColumnKind.BIG_INT: Code("int"),
    ColumnKind.DECIMAL: symbol("decimal", "Decimal"),
    ColumnKind.BOOL: Code("bool"),
    ColumnKind.DATE: symbol("datetime", "date"),
    ColumnKind.TIMESTAMP: symbol("datetime", "datetime"),
    ColumnKind.DURATION: symbol("datetime", "timedelta"),
    ColumnKind.JSON: symbol("typing", "Any"),
}

_OWN_TYPES: Final = "app.db.types"


def column_type(column: Column, enum_class: Callable[[EnumType], Code]) -> Code:
    """Return the type of a column in SQLAlchemy."""
    if column.enum is not None:
        return fill(
            "{}({}, name={})",
            symbol("app.db.metadata", "enum_type"),
            enum_class(column.enum),
            literal(column.enum.field),
        )
    return _TYPES[column.kind](column)


def python_type(column: Column, enum_class: Callable[[EnumType], Code]) -> Code:
    """Return the type of a column's values in Python."""
    if column.role is Role.TENANT:
        return symbol("app.core.ids", "TenantId")
    plain = enum_class(column.enum) if column.enum else _PYTHON_TYPES[column.kind]
    return fill("{} | None", plain) if column.nullable and not _is_any(column) else plain


def default(column: Column, enum_class: Callable[[EnumType], Code]) -> Code:
    """Return what an insert without the column stores."""
    if column.enum is not None:
        member = column.enum.member_of(str(column.default))
        return fill("{}.{}", enum_class(column.enum), Code(member))
    return literal(column.default)


def declaration(column: Column, enum_class: Callable[[EnumType], Code]) -> Code:
    """Return the declaration of a column in its table."""
    parts = [
        literal(attribute(column.name).text),
        column_type(column, enum_class),
        fill("nullable={}", literal(column.nullable)),
    ]
    if column.default is not None:
        parts.append(fill("default={}", default(column, enum_class)))
    return fill("{}({})", symbol("sqlalchemy", "Column"), join(", ", parts))


def _is_any(column: Column) -> bool:
    return column.kind is ColumnKind.JSON


def _sqlalchemy(name: str) -> Code:
    return fill("{}()", symbol("sqlalchemy", name))


def _own(name: str) -> Code:
    return symbol(_OWN_TYPES, name)


def indexed(key: str | SqlKey, text: Code) -> Code:
    """Return what an index holds: the name of a column, or SQL by the function `text`."""
    if isinstance(key, str):
        return literal(key)
    sql = literal(key.sql, width=_WIDTH)
    # A text of several lines brings the parentheses of the call with it.
    return fill("{}{}" if sql.text.startswith("(") else "{}({})", text, sql)
