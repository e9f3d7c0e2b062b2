"""Members of objects on the wire as annotations."""

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Final

from tospec.ir.names import EntityNames
from tospec.ir.schemas import Member, MemberKind
from tospec.ir.tables import EnumType
from tospec.profiles.cqrs import places
from tospec.profiles.cqrs.render.limits import Limit, is_bounded, limits_of, queried_limits
from tospec.python import Code, fill, join, literal, symbol

_FIELDS: Final = "app.schemas.fields"


def _field(name: str) -> Code:
    return symbol(_FIELDS, name)


_PLAIN: Final = frozenset({"int", "str"})
"""Types whose limits pass through `| None`."""

_SENT: Final = {
    MemberKind.STRING: Code("str"),
    MemberKind.TEXT: Code("str"),
    MemberKind.DECIMAL: _field("DecimalText"),
    MemberKind.BOOL: Code("bool"),
    MemberKind.DATE: _field("Date"),
    MemberKind.TIMESTAMP: _field("Instant"),
    MemberKind.DURATION: _field("Duration"),
    MemberKind.UUID: _field("Id"),
    MemberKind.EMAIL: _field("Email"),
    MemberKind.URL: _field("Url"),
    MemberKind.SLUG: _field("Slug"),
    MemberKind.JSON: _field("JsonObject"),
    MemberKind.IDS: _field("Ids"),
}
_STORED: Final = {
    MemberKind.STRING: Code("str"),
    MemberKind.TEXT: Code("str"),
    MemberKind.INT: Code("int"),
    MemberKind.DECIMAL: symbol("decimal", "Decimal"),
    MemberKind.BOOL: Code("bool"),
    MemberKind.DATE: symbol("datetime", "date"),
    MemberKind.TIMESTAMP: symbol("datetime", "datetime"),
    MemberKind.DURATION: symbol("datetime", "timedelta"),
    MemberKind.UUID: symbol("uuid", "UUID"),
    MemberKind.EMAIL: Code("str"),
    MemberKind.URL: Code("str"),
    MemberKind.SLUG: Code("str"),
    MemberKind.JSON: fill("dict[str, {}]", symbol("typing", "Any")),
    MemberKind.IDS: fill("tuple[{}, ...]", symbol("uuid", "UUID")),
}
_SHOWN: Final = {
    **_STORED,
    MemberKind.DECIMAL: _field("DecimalText"),
    MemberKind.TIMESTAMP: _field("Instant"),
    MemberKind.DATE: _field("Date"),
    MemberKind.DURATION: _field("Duration"),
}
_QUERIED: Final = {
    **_SENT,
    MemberKind.INT: _field("QueryInt"),
    MemberKind.BOOL: _field("QueryBool"),
}


def sent_type(names: EntityNames, member: Member) -> Code:
    """Return the annotation of a member that a client sends."""
    if member.kind is MemberKind.IDS and member.limit is not None:
        return _limited_ids(member)
    base = _enum(names, member) if member.enum else sent_form(member)
    limits, about = _limits(limits_of(member)), _description(member)
    if not about or not member.nullable:
        return _optional(member, _constrained(base, [*limits, *about]))
    # What is said of one alternative is lost where a type gives its schema as a whole.
    if base.text in _PLAIN:
        return _constrained(_optional(member, base), [*limits, *about])
    return _constrained(_optional(member, _constrained(base, limits)), about)


def shown_type(names: EntityNames, member: Member) -> Code:
    """Return the annotation of a member that a client receives."""
    return _optional(member, _enum(names, member) if member.enum else shown_form(member))


def stored_type(names: EntityNames, member: Member) -> Code:
    """Return the type of a member's value in Python."""
    plain = _enum(names, member) if member.enum else _STORED[member.kind]
    return _optional(member, plain)


def queried_type(names: EntityNames, member: Member) -> Code:
    """Return the annotation of one value of a filter."""
    if member.enum:
        return _enum(names, member)
    return _constrained(queried_form(member), _limits(queried_limits(member)))


def default_of(names: EntityNames, member: Member) -> Code | None:
    """Return what a body that leaves the member out stands for; None when it must be sent."""
    if is_required(member):
        return None
    if member.default is not None:
        return _default(names, member)
    if member.kind is MemberKind.IDS:
        return Code("()")
    return Code("None")


def is_required(member: Member) -> bool:
    """Whether a body that creates something must hold the member."""
    return member.default is None and member.kind is not MemberKind.IDS and not member.nullable


def _default(names: EntityNames, member: Member) -> Code:
    if member.enum:
        value = member.enum.member_of(str(member.default))
        return fill("{}.{}", _enum(names, member), Code(value))
    if member.kind is MemberKind.DURATION and isinstance(member.default, int):
        return literal(timedelta(seconds=member.default))
    if member.kind is MemberKind.DECIMAL:
        return literal(Decimal(str(member.default)))
    return literal(member.default)


def sent_form(member: Member) -> Code:
    """Return the type, without limits of its own, of a member that is no enum and is sent."""
    if member.kind is MemberKind.INT:
        return Code("int") if is_bounded(member) else _field("Int64")
    return _SENT[member.kind]


def shown_form(member: Member) -> Code:
    """Return the type of a member that is no enum and is received."""
    return _SHOWN[member.kind]


def queried_form(member: Member) -> Code:
    """Return the type, without limits of its own, of a filter's value that is no enum."""
    return _QUERIED[member.kind]


def _enum(names: EntityNames, member: Member) -> Code:
    enum: EnumType | None = member.enum
    if enum is None:
        return Code("str")
    if enum.type == "Role":
        return symbol("app.models.role", "Role")
    return Code(enum.type) if member.is_own else places.enum(names, enum.type)


def _constrained(base: Code, constraints: list[Code]) -> Code:
    if not constraints:
        return base
    return fill(
        "{}[{}, {}({})]",
        symbol("typing", "Annotated"),
        base,
        symbol("pydantic", "Field"),
        join(", ", constraints),
    )


def _limits(limits: Mapping[str, Limit]) -> list[Code]:
    return [fill("{}={}", Code(name), literal(value)) for name, value in limits.items()]


def _description(member: Member) -> list[Code]:
    return [fill("description={}", literal(member.description))] if member.description else []


def _limited_ids(member: Member) -> Code:
    constraints = [fill("max_length={}", literal(member.limit)), *_description(member)]
    return fill(
        "{}[tuple[{}, ...], {}({}), {}()]",
        symbol("typing", "Annotated"),
        _field("Id"),
        symbol("pydantic", "Field"),
        join(", ", constraints),
        _field("Distinct"),
    )


def _optional(member: Member, plain: Code) -> Code:
    return fill("{} | None", plain) if member.nullable else plain
