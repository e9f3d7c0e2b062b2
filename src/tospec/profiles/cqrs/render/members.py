"""Members of objects on the wire as annotations."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Final

from tospec.ir.names import EntityNames
from tospec.ir.schemas import Member, MemberKind
from tospec.ir.tables import EnumType
from tospec.profiles.cqrs import places
from tospec.python import Code, fill, join, literal, symbol

_FIELDS: Final = "app.schemas.fields"
_INT64: Final = (Decimal(-(2**63)), Decimal(2**63 - 1))


def _field(name: str) -> Code:
    return symbol(_FIELDS, name)


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
    return _optional(member, _constrained(_base(names, member), _constraints(member)))


def shown_type(names: EntityNames, member: Member) -> Code:
    """Return the annotation of a member that a client receives."""
    return _optional(member, _shown(names, member))


def stored_type(names: EntityNames, member: Member) -> Code:
    """Return the type of a member's value in Python."""
    plain = _enum(names, member) if member.enum else _STORED[member.kind]
    return _optional(member, plain)


def queried_type(names: EntityNames, member: Member) -> Code:
    """Return the annotation of one value of a filter."""
    if member.enum:
        return _enum(names, member)
    plain = _QUERIED[member.kind]
    if member.kind in {MemberKind.STRING, MemberKind.TEXT} and member.length:
        return _constrained(plain, [fill("max_length={}", literal(member.length[1]))])
    return plain


def default_of(names: EntityNames, member: Member) -> Code | None:
    """Return what a body that leaves the member out stands for; None when it must be sent."""
    if member.default is not None:
        return _default(names, member)
    if member.kind is MemberKind.IDS:
        return Code("()")
    return Code("None") if member.nullable else None


def _default(names: EntityNames, member: Member) -> Code:
    if member.enum:
        value = member.enum.member_of(str(member.default))
        return fill("{}.{}", _enum(names, member), Code(value))
    if member.kind is MemberKind.DURATION and isinstance(member.default, int):
        return literal(timedelta(seconds=member.default))
    if member.kind is MemberKind.DECIMAL:
        return literal(Decimal(str(member.default)))
    return literal(member.default)


def _base(names: EntityNames, member: Member) -> Code:
    if member.enum:
        return _enum(names, member)
    if member.kind is MemberKind.INT:
        return Code("int") if _is_bounded(member) else _field("Int64")
    return _SENT[member.kind]


def _shown(names: EntityNames, member: Member) -> Code:
    if member.enum:
        return _enum(names, member)
    return _SHOWN[member.kind]


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


def _constraints(member: Member) -> list[Code]:
    found = [each for maker in _MAKERS for each in maker(member)]
    if member.description:
        found.append(fill("description={}", literal(member.description)))
    return found


def _length(member: Member) -> list[Code]:
    if member.length is None:
        return []
    least, greatest = member.length
    minimum = [fill("min_length={}", literal(least))] if least else []
    return [*minimum, fill("max_length={}", literal(greatest))]


def _pattern(member: Member) -> list[Code]:
    if member.pattern is None:
        return []
    return [fill("pattern={}", literal(f"^(?:{member.pattern})$"))]


def _range(member: Member) -> list[Code]:
    if member.range is None:
        return []
    number = int if member.kind is MemberKind.INT else Decimal
    low, high = member.range
    least = [] if low is None else [fill("ge={}", literal(number(low)))]
    return least if high is None else [*least, fill("le={}", literal(number(high)))]


def _digits(member: Member) -> list[Code]:
    if member.kind is not MemberKind.DECIMAL or member.digits is None:
        return []
    digits, places_ = member.digits
    return [
        fill("max_digits={}", literal(digits)),
        fill("decimal_places={}", literal(places_)),
    ]


def _limited_ids(member: Member) -> Code:
    constraints = [fill("max_length={}", literal(member.limit))]
    if member.description:
        constraints.append(fill("description={}", literal(member.description)))
    return fill(
        "{}[tuple[{}, ...], {}({}), {}()]",
        symbol("typing", "Annotated"),
        _field("Id"),
        symbol("pydantic", "Field"),
        join(", ", constraints),
        _field("Distinct"),
    )


_MAKERS: Final[tuple[Callable[[Member], list[Code]], ...]] = (
    _length,
    _pattern,
    _digits,
    _range,
)


def _is_bounded(member: Member) -> bool:
    low, high = member.range or (None, None)
    return low is not None and high is not None and _INT64[0] <= low and high <= _INT64[1]


def _optional(member: Member, plain: Code) -> Code:
    return fill("{} | None", plain) if member.nullable else plain
