"""Fields of rows and bodies, and filters of lists, as forms and tables need them."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Self

from tospec.ir.entities import Entity
from tospec.ir.listing import FilterKind
from tospec.ir.logic import Logic
from tospec.ir.schemas import Member, MemberKind, Parameter
from tospec.profiles.cqrs.render.members import is_required
from tospec.profiles.cqrs.render.openapi.json_text import Json
from tospec.profiles.cqrs.render.openapi.members import default_value
from tospec.python import kebab, plural, title_words

type Described = dict[str, Json]

_BUILT_IN: Final = {"users": "user", "invitations": "invitation"}
_BOUNDS: Final = {
    FilterKind.AT_LEAST: "from",
    FilterKind.AT_MOST: "to",
    FilterKind.BEFORE: "before",
}


@dataclass(frozen=True, slots=True)
class Names:
    """What ids refer to.

    Attributes:
        by_table: Names of resources by their table.
    """

    by_table: Mapping[str, str]

    @classmethod
    def of(cls, logic: Logic) -> Self:
        """Return the names of the resources of a backend."""
        own = {
            each.entity.table.name: each.entity.names.singular
            for each in logic.resources
            if each.operations
        }
        return cls(own | _BUILT_IN)

    def of_fields(self, entity: Entity) -> dict[str, str]:
        """Return what the fields of an entity refer to, by the names of those that do."""
        tables = {each.column: each.table for each in entity.table.references}
        tables |= {each.field: each.other.table for each in entity.links}
        return {
            field: self.by_table[table] for field, table in tables.items() if table in self.by_table
        }


def label_of(name: str) -> str:
    """Return what people call a field: `assignee_id` is the assignee, `label_ids` are labels."""
    if name.endswith("_ids"):
        return title_words(plural(name.removesuffix("_ids")))
    return title_words(name.removesuffix("_id").removeprefix("is_"))


def shown_field(member: Member, references: Mapping[str, str]) -> Described:
    """Return a field as a row shows it."""
    found: Described = {
        "name": member.name,
        "label": label_of(member.name),
        "kind": member.kind.value,
    }
    if member.nullable:
        found["nullable"] = True
    if member.enum:
        found["values"] = [value for _, value in member.enum.members]
    if member.description:
        found["about"] = member.description
    return found | _reference(member, references)


def sent_field(member: Member, references: Mapping[str, str], *, creates: bool) -> Described:
    """Return a field as a form asks for it; one that creates a row knows what has to be there."""
    found = shown_field(member, references) | _limits(member)
    if creates and is_required(member):
        found["required"] = True
    if creates and member.default is not None:
        found["default"] = _plain(default_value(member))
    return found


def filter_of(parameter: Parameter, references: Mapping[str, str]) -> Described:
    """Return a filter as a list offers it."""
    filter_, member = parameter.filter, parameter.member
    if member is None:
        return {"name": filter_.name, "label": "Search", "kind": "search"}
    found: Described = {
        "name": filter_.name,
        "label": label_of(member.name),
        "kind": member.kind.value,
    }
    if filter_.kind is FilterKind.LINKED:
        to = references.get(f"{filter_.name.removesuffix('_id')}_ids")
        return found | ({"kind": "reference", "to": to} if to else {})
    if bound := _BOUNDS.get(filter_.kind):
        found["bound"] = bound
    if member.enum:
        found["values"] = [value for _, value in member.enum.members]
    return found | _reference(member, references)


def _reference(member: Member, references: Mapping[str, str]) -> Described:
    if member.name not in references or member.kind not in {MemberKind.UUID, MemberKind.IDS}:
        return {}
    kind = "references" if member.kind is MemberKind.IDS else "reference"
    return {"kind": kind, "to": references[member.name]}


def _limits(member: Member) -> Described:
    length, (low, high) = member.length or (None, None), member.range or (None, None)
    given = {
        "min_length": length[0] or None,
        "max_length": length[1],
        "min": _plain(low),
        "max": _plain(high),
        "pattern": member.pattern,
        "limit": member.limit,
    }
    return {name: value for name, value in given.items() if value is not None}


def _plain(value: object) -> str | int | bool | None:
    """Return a value as JSON holds it; numbers that are not whole are texts, as on the wire."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else str(value)
    if value is None or isinstance(value, str | int):
        return value
    return str(value)


def segment_of(entity: Entity) -> str:
    """Return what an entity is called in addresses of the page."""
    return kebab(entity.names.plural)
