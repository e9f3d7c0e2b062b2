"""A model as plain data, for people and programs that look at it."""

from dataclasses import fields, is_dataclass
from decimal import Decimal
from enum import Enum

from tospec.model import Expression, System
from tospec.source import Span
from tospec.syntax.writing import Data


def described(system: System) -> dict[str, Data]:
    """Return all that a system holds: places as `file:line:column`, expressions as their text."""
    return _members(system)


def _members(value: object) -> dict[str, Data]:
    assert is_dataclass(value)  # noqa: S101 - for the type checker; callers ask before
    return {
        member.name: _data(getattr(value, member.name))
        for member in fields(value)
        if not member.name.startswith("_")
    }


def _data(value: object) -> Data:
    match value:
        case Span():
            return str(value) if value.file else None
        case Expression():
            return value.text
        case Enum():
            return str(value.value)
        case tuple():
            return [_data(item) for item in value]
        case str() | bool() | int() | Decimal() | None:
            return value
        case _:
            return _members(value)
