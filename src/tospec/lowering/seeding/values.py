"""What the members of example rows are filled with."""

from decimal import Decimal
from typing import Final

from tospec.ir.schemas import Member
from tospec.ir.seed import Amount, Listed, Ordinary, Source, Spelling, Value, Words
from tospec.lowering.cases.patterns import matching, run
from tospec.lowering.fields import length_of
from tospec.model import Entity, Field, FieldType
from tospec.model.pattern_matching import matches
from tospec.python import title_words

_TEXTS: Final = frozenset((FieldType.STRING, FieldType.TEXT))
_NUMBER: Final = "99999"
_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"
_UPPER: Final = _LETTERS.upper()
_LONGEST: Final = 100_000
_MOST: Final = 480
_QUARTER: Final = 15
_WIDE: Final = 100


def value_of(
    field: Field,
    member: Member,
    noun: str,
    *,
    distinct: bool = False,
    is_name: bool = False,
    are_many: bool = False,
) -> Value | None:
    """Return what fills a field; None when no value is known.

    Args:
        field: The field as the spec has it.
        member: The field in a body.
        noun: What the row is: `line item`.
        distinct: Whether no two rows may have the same value.
        is_name: Whether it is what people know the row by.
        are_many: Whether there may be hundreds of rows.
    """
    width = 2 if distinct and are_many else 1
    source = _source(field, noun, width, distinct=distinct, is_name=is_name)
    return None if source is None else Value(member=member, source=source, distinct=distinct)


def name_of(entity: Entity) -> str | None:
    """Return the field that people know a row by: its first line of text."""
    kinds = ((field.name, field.type) for field in entity.fields if field.writable)
    return next((name for name, kind in kinds if kind is FieldType.STRING), None)


def _source(field: Field, noun: str, width: int, *, distinct: bool, is_name: bool) -> Source | None:
    match field.type:
        case FieldType.STRING | FieldType.TEXT if field.pattern is not None:
            return _matching(field.pattern, _lengths(field), noun, width)
        case FieldType.STRING | FieldType.TEXT:
            return _words(field, noun, is_name=is_name)
        case FieldType.INT:
            return _whole(field, distinct=distinct)
        case FieldType.DECIMAL:
            return _decimal(field)
        case _:
            return Ordinary()


def _lengths(field: Field) -> tuple[int, int]:
    if field.length is not None:
        return field.length
    return (0, _LONGEST if field.type is FieldType.TEXT else length_of(field))


def _words(field: Field, noun: str, *, is_name: bool) -> Source:
    least, most = _lengths(field)
    about = title_words(field.name).lower()
    if is_name:
        pattern = f"{noun} {{}}"
    elif field.type is FieldType.TEXT:
        pattern = f"{about} of {noun} {{}}."
    else:
        pattern = f"{about} {{}}"
    if least <= len(pattern) - 1 and len(pattern) + len(_NUMBER) <= most:
        return Words(pattern=pattern[:1].upper() + pattern[1:])
    return Spelling(before="", alphabet=_LETTERS, length=max(least, min(most, 8)), after="")


def _matching(pattern: str, length: tuple[int, int], noun: str, width: int) -> Source | None:
    """Return texts that match a pattern; such as begin like the noun, if there are any."""
    letters = "".join(filter(str.isalnum, noun))[:2]
    for before, alphabet in ((letters.upper(), _UPPER), (letters.lower(), _LETTERS)):
        first, last = before + alphabet[0] * width, before + alphabet[-1] * width
        fits = length[0] <= len(first) <= length[1]
        if fits and matches(pattern, first) and matches(pattern, last):
            return Spelling(before=before, alphabet=alphabet, length=width, after="")
    if found := run(pattern, length):
        return Spelling(
            before=found.before, alphabet=found.alphabet, length=found.length, after=found.after
        )
    texts = matching(pattern, length)
    return Listed(texts=texts) if texts else None


def _whole(field: Field, *, distinct: bool) -> Amount:
    low, high = field.range or (None, None)
    least = low if low is not None else min(Decimal(1), high if high is not None else Decimal(1))
    wished = least + _MOST if field.unit or high is not None else least + _WIDE
    most = wished if high is None or distinct else min(high, wished)
    step = 1 if most - least < _WIDE or distinct else 5
    return Amount(low=least, high=most, step=_QUARTER if field.unit == "minutes" else step)


def _decimal(field: Field) -> Amount:
    digits, scale = field.digits or (38, 2)
    low, high = field.range or (None, None)
    least = low if low is not None else min(Decimal(), high if high is not None else Decimal())
    largest = Decimal(10) ** (digits - scale) - Decimal(1).scaleb(-scale)
    most = min(largest, least + _MOST, high if high is not None else largest)
    return Amount(low=least, high=max(least, most), scale=scale)
