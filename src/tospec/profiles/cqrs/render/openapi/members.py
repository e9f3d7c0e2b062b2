"""Members of objects on the wire as JSON Schema."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from tospec.ir.names import EntityNames
from tospec.ir.schemas import Member, MemberKind
from tospec.ir.tables import EnumType
from tospec.profiles.cqrs.render.limits import Limit, limits_of, queried_limits
from tospec.profiles.cqrs.render.members import queried_form, sent_form, shown_form
from tospec.profiles.cqrs.render.openapi.common import REFERENCE, Schema
from tospec.profiles.cqrs.render.prose import enum_about
from tospec.python import docstring_value

_KEYWORDS: Final = {
    "min_length": "minLength",
    "max_length": "maxLength",
    "pattern": "pattern",
    "ge": "minimum",
    "le": "maximum",
}
_UNLIMITED: Final = frozenset({MemberKind.DECIMAL, MemberKind.DURATION})
"""Kinds whose schema is given by their form alone."""


def title(name: str) -> str:
    """Return the title of a member or parameter: its name in words."""
    return name.title().replace("_", " ").strip()


def enum_schema(names: EntityNames, enum: EnumType) -> Schema:
    """Return the schema of an enum."""
    return {
        "title": enum.type,
        "description": docstring_value(enum_about(names, enum), indent=4),
        "enum": [value for _, value in enum.members],
        "type": "string",
    }


@dataclass(frozen=True, slots=True)
class Members:
    """Describes members.

    Attributes:
        types: Schemas of types, by the text of their annotation.
    """

    types: Mapping[str, Schema]

    def sent(self, member: Member, *, has_default: bool) -> Schema:
        """Return the schema of a member that a client sends."""
        found = _of(member, self._reference(member) or self._limited(member))
        if member.description:
            found["description"] = member.description
        if has_default and (member.default is not None or member.kind is MemberKind.IDS):
            found["default"] = default_value(member)
        return found

    def shown(self, member: Member) -> Schema:
        """Return the schema of a member that a client receives."""
        found = self._reference(member) or {**self.types[shown_form(member).text]}
        return _of(member, found)

    def queried(self, names: EntityNames, member: Member) -> Schema:
        """Return the schema of one value of a filter."""
        if member.enum:
            return enum_schema(names, member.enum)
        limits = queried_limits(member).items()
        form = self.types[queried_form(member).text]
        return form | {_KEYWORDS[name]: value for name, value in limits}

    def _reference(self, member: Member) -> Schema:
        return {"$ref": f"{REFERENCE}{member.enum.type}"} if member.enum else {}

    def _limited(self, member: Member) -> Schema:
        form = self.types[sent_form(member).text]
        if member.kind in _UNLIMITED:
            return {**form}
        if member.kind is MemberKind.IDS and member.limit is not None:
            return form | {"maxItems": member.limit}
        limits = limits_of(member).items()
        return form | {_KEYWORDS[name]: _rounded(value) for name, value in limits}


def _rounded(value: Limit) -> Limit:
    """Return a limit as FastAPI tells of it, to which a bound is a floating-point number."""
    return value if isinstance(value, str) else int(float(value))


def default_value(member: Member) -> object:
    """Return what a body that leaves the member out stands for, as JSON."""
    match member.default:
        case None:
            return []
        case int(seconds) if member.kind is MemberKind.DURATION:
            return _duration(seconds)
        case value if member.kind is MemberKind.DECIMAL:
            return str(value)
        case value:
            return value


def _of(member: Member, value: Schema) -> Schema:
    """Return the schema of a member from that of its value; that of an enum has its title."""
    schema: Schema = {"anyOf": [value, {"type": "null"}]} if member.nullable else value
    return schema if member.enum else schema | {"title": title(member.name)}


def _duration(seconds: int) -> str:
    """Return a length of time in ISO 8601, as bodies may have it: without years and months."""
    minutes, second = divmod(abs(seconds), 60)
    hours, minute = divmod(minutes, 60)
    days, hour = divmod(hours, 24)
    date = _counted({"D": days})
    time = _counted({"H": hour, "M": minute, "S": second})
    sign = "-" if seconds < 0 else ""
    return f"{sign}P{date}{f'T{time}' if time else ''}" if date or time else "PT0S"


def _counted(units: Mapping[str, int]) -> str:
    return "".join(f"{count}{unit}" for unit, count in units.items() if count)
