"""Source of the values that fill example rows, as calls of a `turn`."""

from decimal import Decimal
from typing import Final

from tospec.ir.entities import Entity
from tospec.ir.schemas import Member, MemberKind
from tospec.ir.seed import Amount, Listed, Source, Spelling, Value, Words
from tospec.profiles.cqrs import places
from tospec.profiles.cqrs.render.messages import schema
from tospec.python import Code, fill, join, literal, symbol

_CALLS: Final = {
    MemberKind.BOOL: "chance",
    MemberKind.DATE: "day",
    MemberKind.TIMESTAMP: "moment",
    MemberKind.DURATION: "span",
    MemberKind.UUID: "uuid",
}
_TEXTS: Final = {
    MemberKind.EMAIL: "somebody{}@example.com",
    MemberKind.URL: "https://example.com/{}",
    MemberKind.SLUG: "number-{}",
}


def value_code(entity: Entity, value: Value) -> Code:
    """Return what fills a member of a body."""
    code = _plain(entity, value)
    if not value.member.nullable:
        return code
    return fill("turn.perhaps({}, {})", literal(value.member.name), code)


def _plain(entity: Entity, value: Value) -> Code:
    name = literal(value.member.name)
    kind = value.member.kind
    if value.member.enum is not None:
        return fill("turn.pick({}, tuple({}))", name, _enum(entity, value.member))
    if kind in _TEXTS:
        return _text(_TEXTS[kind])
    if kind is MemberKind.JSON:
        return Code('{"number": turn.number}')
    if kind is MemberKind.BOOL and value.member.default is True:
        return fill("not turn.chance({})", name)
    if kind in _CALLS:
        return fill("turn.{}({})", Code(_CALLS[kind]), name)
    return _from(value.source, name, value)


def _enum(entity: Entity, member: Member) -> Code:
    type_ = member.enum.type if member.enum else ""
    if type_ == "Role":
        return symbol("app.models.role", "Role")
    return schema(entity, type_) if member.is_own else places.enum(entity.names, type_)


def _from(source: Source, name: Code, value: Value) -> Code:
    match source:
        case Words(pattern=pattern):
            return _text(pattern)
        case Spelling():
            return _spelled(source, name, distinct=value.distinct)
        case Listed(texts=texts):
            return fill("turn.pick({}, {})", name, literal(texts))
        case Amount() if value.member.kind is MemberKind.DECIMAL:
            return _decimal(source, name)
        case Amount():
            return _whole(source, name, distinct=value.distinct)
        case _:
            return literal(None)


def _text(pattern: str) -> Code:
    return fill("turn.text({})", literal(pattern))


def _spelled(source: Spelling, name: Code, *, distinct: bool) -> Code:
    alphabet, length = literal(source.alphabet), literal(source.length)
    middle = fill("turn.letters({}, {}, {})", name, alphabet, length)
    if distinct:
        middle = fill("turn.spelled({}, {})", alphabet, length)
    before = [literal(source.before)] if source.before else []
    after = [literal(source.after)] if source.after else []
    return join(" + ", [*before, middle, *after])


def _whole(amount: Amount, name: Code, *, distinct: bool) -> Code:
    low, high = literal(int(amount.low)), literal(int(amount.high))
    if distinct:
        return fill("turn.number + {}", literal(int(amount.low) - 1))
    if amount.step == 1:
        return fill("turn.whole({}, {}, {})", name, low, high)
    return fill("turn.whole({}, {}, {}, step={})", name, low, high, literal(amount.step))


def _decimal(amount: Amount, name: Code) -> Code:
    unit = Decimal(1).scaleb(-amount.scale)
    low, high = (literal(each.quantize(unit)) for each in (amount.low, amount.high))
    return fill("turn.decimal({}, {}, {}, scale={})", name, low, high, literal(amount.scale))
