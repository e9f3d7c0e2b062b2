"""What a member's value is held to, whoever tells of it: the code or the documents."""

from decimal import Decimal
from typing import Final

from tospec.ir.schemas import Member, MemberKind

type Limit = int | Decimal | str

_INT64: Final = (Decimal(-(2**63)), Decimal(2**63 - 1))
_TEXTS: Final = frozenset({MemberKind.STRING, MemberKind.TEXT})


def limits_of(member: Member) -> dict[str, Limit]:
    """Return the limits of a member that a client sends, by argument of pydantic's `Field`."""
    return {**_length(member), **_pattern(member), **_digits(member), **_range(member)}


def queried_limits(member: Member) -> dict[str, Limit]:
    """Return the limits of one value of a filter, by argument of pydantic's `Field`."""
    if member.kind in _TEXTS and member.length:
        return {"max_length": member.length[1]}
    return {}


def is_bounded(member: Member) -> bool:
    """Whether the range of a whole number lies within 64 bits."""
    low, high = member.range or (None, None)
    return low is not None and high is not None and _INT64[0] <= low and high <= _INT64[1]


def _length(member: Member) -> dict[str, Limit]:
    if member.length is None:
        return {}
    least, greatest = member.length
    minimum: dict[str, Limit] = {"min_length": least} if least else {}
    return {**minimum, "max_length": greatest}


def _pattern(member: Member) -> dict[str, Limit]:
    return {} if member.pattern is None else {"pattern": f"^(?:{member.pattern})$"}


def _digits(member: Member) -> dict[str, Limit]:
    if member.kind is not MemberKind.DECIMAL or member.digits is None:
        return {}
    digits, places = member.digits
    return {"max_digits": digits, "decimal_places": places}


def _range(member: Member) -> dict[str, Limit]:
    number = int if member.kind is MemberKind.INT else Decimal
    low, high = member.range or (None, None)
    given = {"ge": low, "le": high}
    return {name: number(value) for name, value in given.items() if value is not None}
