"""Values as JSON, in the forms of convention rest-1, and back."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, Final
from uuid import UUID

from tospec.expression import Kind, Type
from tospec.model import Entity, Field, FieldType
from tospec.verify.base import Json
from tospec.verify.oracle.world import Undetermined

_TIMESTAMP: Final = re.compile(
    r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)", re.ASCII
)
_DURATION: Final = re.compile(
    r"(-?)P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:\.(\d{1,6}))?S)?)?", re.ASCII
)
_DECIMAL: Final = re.compile(r"-?\d+(\.\d+)?", re.ASCII)
_UUID: Final = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", re.ASCII)

_OF_KIND: Final = {
    Kind.BOOL: FieldType.BOOL,
    Kind.INT: FieldType.INT,
    Kind.DECIMAL: FieldType.DECIMAL,
    Kind.STRING: FieldType.STRING,
    Kind.ENUM: FieldType.STRING,
    Kind.UUID: FieldType.UUID,
    Kind.TIMESTAMP: FieldType.TIMESTAMP,
    Kind.DATE: FieldType.DATE,
    Kind.DURATION: FieldType.DURATION,
}


def to_json(value: object) -> Json:
    """Return a value as a client sends it."""
    match value:
        case datetime():
            return value.isoformat().replace("+00:00", "Z")
        case date():
            return value.isoformat()
        case timedelta():
            return _duration(value)
        case Decimal():
            return format(value, "f")
        case tuple():
            return [to_json(each) for each in value]
    return value


def to_query(value: object) -> str:
    """Return a value as a parameter of a query."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(to_json(value))


def _duration(value: timedelta) -> str:
    sign, whole = ("-", -value) if value < timedelta() else ("", value)
    fraction = f".{whole.microseconds:06d}" if whole.microseconds else ""
    return f"{sign}P{whole.days}DT{whole.seconds}{fraction}S"


def constant(field: Field, value: object) -> object:
    """Return the value of a constant of the spec: durations come in seconds, times as text."""
    if isinstance(value, int) and field.type is FieldType.DURATION:
        return timedelta(seconds=value)
    if isinstance(value, str) and field.type is FieldType.TIMESTAMP:
        return datetime.fromisoformat(value).astimezone(UTC)
    if isinstance(value, str) and field.type is FieldType.DATE:
        return date.fromisoformat(value)
    if isinstance(value, int) and field.type is FieldType.DECIMAL:
        return Decimal(value)
    return value


def state_or_type(entity: Entity, field: Field) -> FieldType:
    """Return the type of a field; the field of the state holds one of the states."""
    return FieldType.ENUM if field.name == entity.state_field else field.type


def values_of(entity: Entity, field: Field) -> tuple[str, ...]:
    """Return the values of an enum, or the states."""
    is_state = entity.lifecycle is not None and field.name == entity.lifecycle.field
    return entity.lifecycle.states if is_state and entity.lifecycle else field.values


def type_of(type_: Type) -> FieldType:
    """Return the type of field that holds a computed value of a type."""
    return _OF_KIND.get(type_.kind, FieldType.JSON)


def from_json(type_: FieldType, value: Json) -> object:
    """Return what a JSON value means.

    Raises:
        Undetermined: If it has not the form of that type.
    """
    if value is None:
        return None
    try:
        return _READERS[type_](value)
    except (ValueError, TypeError, OverflowError, InvalidOperation):
        message = f"{value!r} is no {type_.value}"
        raise Undetermined(message) from None


def _text(value: Json) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _whole(value: Json) -> int:
    if type(value) is not int:
        raise TypeError
    return value


def _flag(value: Json) -> bool:
    if not isinstance(value, bool):
        raise TypeError
    return value


def _instant(value: Json) -> datetime:
    if not _TIMESTAMP.fullmatch(_text(value)):
        raise ValueError
    return datetime.fromisoformat(value.upper()).astimezone(UTC)


def _decimal(value: Json) -> Decimal:
    if not _DECIMAL.fullmatch(_text(value)):
        raise ValueError
    return Decimal(value)


def _uuid(value: Json) -> str:
    if not _UUID.fullmatch(_text(value)):
        raise ValueError
    return str(UUID(value))


def _length_of_time(value: Json) -> timedelta:
    match = _DURATION.fullmatch(_text(value))
    if match is None or value.endswith(("P", "T")):
        raise ValueError
    sign, days, hours, minutes, seconds, fraction = match.groups()
    micros = int((fraction or "0").ljust(6, "0"))
    length = timedelta(
        days=int(days or 0),
        hours=int(hours or 0),
        minutes=int(minutes or 0),
        seconds=int(seconds or 0),
        microseconds=micros,
    )
    return -length if sign else length


_READERS: Final[dict[FieldType, Callable[[Any], object]]] = {
    FieldType.STRING: _text,
    FieldType.TEXT: _text,
    FieldType.INT: _whole,
    FieldType.DECIMAL: _decimal,
    FieldType.BOOL: _flag,
    FieldType.DATE: lambda value: date.fromisoformat(_text(value)),
    FieldType.TIMESTAMP: _instant,
    FieldType.DURATION: _length_of_time,
    FieldType.UUID: _uuid,
    FieldType.ENUM: _text,
    FieldType.EMAIL: _text,
    FieldType.URL: _text,
    FieldType.SLUG: _text,
    FieldType.JSON: lambda value: value,
}
