"""From fields to columns."""

from typing import Final

from tospec.ir.tables import Column, ColumnKind, Default, EnumType, Role
from tospec.lowering.naming import enum_name
from tospec.model import Entity, Field, FieldType, Generated
from tospec.python import constant_case

STRING_LENGTH: Final = 255
"""Greatest length of a string whose length the spec leaves open."""

_LENGTHS: Final = {FieldType.EMAIL: 254, FieldType.URL: 2048}
_KINDS: Final = {
    FieldType.STRING: ColumnKind.STRING,
    FieldType.TEXT: ColumnKind.TEXT,
    FieldType.INT: ColumnKind.BIG_INT,
    FieldType.DECIMAL: ColumnKind.DECIMAL,
    FieldType.BOOL: ColumnKind.BOOL,
    FieldType.DATE: ColumnKind.DATE,
    FieldType.TIMESTAMP: ColumnKind.TIMESTAMP,
    FieldType.DURATION: ColumnKind.DURATION,
    FieldType.UUID: ColumnKind.ID,
    FieldType.ENUM: ColumnKind.ENUM,
    FieldType.EMAIL: ColumnKind.STRING,
    FieldType.URL: ColumnKind.STRING,
    FieldType.SLUG: ColumnKind.STRING,
    FieldType.JSON: ColumnKind.JSON,
}
_ROLES: Final = {
    Generated.ID: Role.ID,
    Generated.NOW: Role.CREATED,
    Generated.CHANGED: Role.UPDATED,
    Generated.VERSION: Role.VERSION,
}
_STORED_DEFAULTS: Final = frozenset(
    {
        FieldType.STRING,
        FieldType.TEXT,
        FieldType.INT,
        FieldType.DECIMAL,
        FieldType.BOOL,
        FieldType.ENUM,
        FieldType.EMAIL,
        FieldType.URL,
        FieldType.SLUG,
    }
)
_DIGITS: Final = (38, 10)
_INT32: Final = 2**31


def column_of(entity: Entity, field: Field) -> Column:
    """Return the column that holds a field."""
    kind = _kind_of(field)
    return Column(
        name=field.name,
        kind=kind,
        nullable=field.optional,
        role=_ROLES.get(field.generated, Role.FIELD) if field.generated else Role.FIELD,
        length=length_of(field) if kind is ColumnKind.STRING else None,
        digits=(field.digits or _DIGITS) if kind is ColumnKind.DECIMAL else None,
        default=_default_of(entity, field),
        enum=enum_of(entity, field) if kind is ColumnKind.ENUM else None,
    )


def length_of(field: Field) -> int:
    """Return the greatest length of a string."""
    return field.length[1] if field.length else _LENGTHS.get(field.type, STRING_LENGTH)


def enum_of(entity: Entity, field: Field) -> EnumType:
    """Return the type of an enum's values; the lifecycle's states are an enum, too."""
    is_state = field.name == entity.state_field
    values = entity.lifecycle.states if is_state and entity.lifecycle else field.values
    return EnumType(
        type=enum_name(entity.name, field.name),
        field=field.name,
        members=tuple((constant_case(value), value) for value in values),
        is_state=is_state,
    )


def _kind_of(field: Field) -> ColumnKind:
    if field.generated is Generated.VERSION:
        return ColumnKind.INT
    if field.type is FieldType.INT and field.generated is None and _fits_int32(field):
        return ColumnKind.INT
    return _KINDS[field.type]


def _fits_int32(field: Field) -> bool:
    low, high = field.range or (None, None)
    return low is not None and high is not None and low >= -_INT32 and high < _INT32


def _default_of(entity: Entity, field: Field) -> Default | None:
    if field.name == entity.state_field and entity.lifecycle:
        return entity.lifecycle.initial
    return field.default if field.has_default and field.type in _STORED_DEFAULTS else None
