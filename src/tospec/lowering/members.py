"""From fields, relations and computed values to members of objects on the wire."""

from dataclasses import replace
from typing import Final

from tospec.expression import Kind, Type
from tospec.ir.schemas import Member, MemberKind
from tospec.ir.tables import EnumType
from tospec.lowering import naming
from tospec.lowering.fields import STRING_LENGTH, enum_of
from tospec.lowering.schema import ROLE
from tospec.model import Computed, Entity, Field, FieldType, Relation
from tospec.python import constant_case, sentence

MAX_LINKS: Final = 1000
"""Greatest number of ids in one body, where the spec says nothing."""

_ROLE: Final = "role"
"""The field of accounts whose values are the roles."""

_COMPUTED_KINDS: Final = {
    Kind.BOOL: MemberKind.BOOL,
    Kind.INT: MemberKind.INT,
    Kind.DECIMAL: MemberKind.DECIMAL,
    Kind.STRING: MemberKind.STRING,
    Kind.ENUM: MemberKind.STRING,
    Kind.UUID: MemberKind.UUID,
    Kind.TIMESTAMP: MemberKind.TIMESTAMP,
    Kind.DATE: MemberKind.DATE,
    Kind.DURATION: MemberKind.DURATION,
}


def field_member(entity: Entity, field: Field) -> Member:
    """Return the member that holds a field of an entity."""
    enum = enum_of(entity, field) if _is_enum(entity, field) else None
    if entity.built_in and field.name == _ROLE and enum is not None:
        enum = replace(enum, type=ROLE)
    return _member(field, enum, is_own=False)


def input_member(prefix: str, field: Field) -> Member:
    """Return the member that holds an input of an operation; `prefix` names its enum."""
    enum = _input_enum(prefix, field) if field.type is FieldType.ENUM else None
    return _member(field, enum, is_own=True)


def setting_member(field: Field) -> Member:
    """Return what a setting looks like."""
    enum = _input_enum("setting", field) if field.type is FieldType.ENUM else None
    return _member(field, enum, is_own=True)


def relation_member(relation: Relation) -> Member:
    """Return the member that holds the id, or the ids, of a relation."""
    if relation.many:
        return Member(
            name=naming.link_field(relation.name),
            kind=MemberKind.IDS,
            limit=relation.max,
            description=_described(relation.description),
        )
    return Member(
        name=naming.reference_column(relation.name),
        kind=MemberKind.UUID,
        nullable=relation.optional,
        description=_described(relation.description),
    )


def computed_member(computed: Computed) -> Member:
    """Return the member that holds a computed value."""
    type_: Type = computed.value.tree.type
    kind = _COMPUTED_KINDS.get(type_.kind, MemberKind.JSON)
    return Member(name=computed.name, kind=kind, nullable=type_.nullable)


def member_of(entity: Entity, name: str) -> Member:
    """Return the member that shows a field, relation or computed value of an entity."""
    if field := entity.field(name):
        return field_member(entity, field)
    if relation := entity.relation(name):
        return relation_member(relation)
    return computed_member(next(each for each in entity.computed if each.name == name))


def _member(field: Field, enum: EnumType | None, *, is_own: bool) -> Member:
    return Member(
        name=field.name,
        kind=MemberKind.ENUM if enum else MemberKind(field.type.value),
        nullable=field.optional,
        default=field.default if field.has_default else None,
        length=_length(field),
        range=field.range,
        digits=field.digits or ((38, 10) if field.type is FieldType.DECIMAL else None),
        pattern=field.pattern,
        enum=enum,
        is_own=is_own,
        description=_with_unit(field),
    )


def _length(field: Field) -> tuple[int, int] | None:
    if field.length is None and field.type is FieldType.STRING:
        return (0, STRING_LENGTH)
    return field.length


def _is_enum(entity: Entity, field: Field) -> bool:
    return field.type is FieldType.ENUM or field.name == entity.state_field


def _input_enum(prefix: str, field: Field) -> EnumType:
    return EnumType(
        type=naming.enum_name(prefix, field.name),
        field=field.name,
        members=tuple((constant_case(value), value) for value in field.values),
    )


def _with_unit(field: Field) -> str:
    unit = f"In {field.unit}." if field.unit else ""
    return " ".join(part for part in (_described(field.description), unit) if part)


def _described(text: str) -> str:
    return sentence(text) if text else ""
