"""Values that fields take and refuse: ordinary ones, those at the edges, and those beyond."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from functools import lru_cache
from random import Random
from typing import Final
from uuid import UUID

from tospec.model import Entity, Field, FieldType
from tospec.verify.base import Json
from tospec.verify.oracle import texts
from tospec.verify.oracle.wire import constant, state_or_type, values_of

TEXTS: Final = frozenset(
    {FieldType.STRING, FieldType.TEXT, FieldType.EMAIL, FieldType.URL, FieldType.SLUG}
)
PAST: Final = datetime(2001, 2, 3, 4, 5, 6, tzinfo=UTC)
FUTURE: Final = datetime(2101, 2, 3, 4, 5, 6, tzinfo=UTC)
_ZONES: Final = (timezone(timedelta(hours=5, minutes=30)), timezone(timedelta(hours=-8)))
INT64: Final = (-(2**63), 2**63 - 1)
_LONGEST: Final = {
    FieldType.STRING: 255,
    FieldType.TEXT: 20_000,
    FieldType.EMAIL: 254,
    FieldType.URL: 2048,
    FieldType.SLUG: 100,
}
_DIGITS: Final = (38, 10)
_ORDINARY: Final = 12
_MOST_KNOWN: Final = 10_000
_PLAIN: Final = {
    FieldType.BOOL: False,
    FieldType.DATE: FUTURE.date(),
    FieldType.TIMESTAMP: FUTURE,
    FieldType.DURATION: timedelta(minutes=15),
}


@dataclass(frozen=True, slots=True)
class Bad:
    """A JSON value that a member refuses, and why."""

    why: str
    value: Json


def lengths(field: Field) -> tuple[int, int]:
    """Return the least and greatest number of code points."""
    return field.length or (0, _LONGEST.get(field.type, 255))


def ordinary(entity: Entity, field: Field, random: Random) -> object:
    """Return a value that the field takes; texts hardly ever repeat."""
    kind = state_or_type(entity, field)
    if kind in TEXTS:
        return _ordinary_text(field.type, field.pattern, lengths(field), random)
    if kind in {FieldType.INT, FieldType.DECIMAL}:
        return _ordinary_number(field, random)
    if kind is FieldType.ENUM:
        return values_of(entity, field)[0]
    if kind is FieldType.UUID:
        return str(UUID(int=random.getrandbits(128), version=4))
    return {"note": texts.word(random, 6)} if kind is FieldType.JSON else _PLAIN[kind]


def representative(entity: Entity, field: Field, key: str) -> object:
    """Return what stands for a value that is yet to be chosen by chance; others for other keys."""
    seed = f"{key}.{field.name}"
    if state_or_type(entity, field) in TEXTS:
        return _representative_text(field.type, field.pattern, lengths(field), seed)
    return ordinary(entity, field, Random(seed))  # noqa: S311 - no secret


@lru_cache(maxsize=_MOST_KNOWN)
def _representative_text(
    type_: FieldType, pattern: str | None, length: tuple[int, int], seed: str
) -> str:
    return _ordinary_text(type_, pattern, length, Random(seed))  # noqa: S311 - no secret


def _ordinary_text(
    type_: FieldType, pattern: str | None, length: tuple[int, int], random: Random
) -> str:
    least, most = length
    if pattern is not None:
        found = texts.matching(pattern, (least, most), random)
        return found if found is not None else texts.word(random, least)
    size = min(max(least, _ORDINARY), most)
    match type_:
        case FieldType.EMAIL:
            return f"{texts.word(random, _ORDINARY)}@example.com"
        case FieldType.URL:
            return f"https://example.com/{texts.word(random, _ORDINARY)}"
    return texts.rare(random, size) if size < 4 else texts.word(random, size)


def _ordinary_number(field: Field, random: Random) -> int | Decimal:
    low, high = bounds(field)
    whole_low, whole_high = int(max(low, Decimal(0))), int(min(high, max(low, Decimal(0)) + 1000))
    chosen = Decimal(random.randint(whole_low, max(whole_low, whole_high)))
    chosen = min(max(chosen, low), high)
    return int(chosen) if field.type is FieldType.INT else chosen


def bounds(field: Field) -> tuple[Decimal, Decimal]:
    """Return the least and greatest number that the field takes."""
    digits = digits_of(field)
    largest = (
        Decimal(10) ** (digits[0] - digits[1]) - _step(field)
        if field.type is FieldType.DECIMAL
        else Decimal(INT64[1])
    )
    least = -largest if field.type is FieldType.DECIMAL else Decimal(INT64[0])
    low, high = field.range or (None, None)
    return (
        least if low is None else max(low, least),
        largest if high is None else min(high, largest),
    )


def digits_of(field: Field) -> tuple[int, int]:
    """Return how many digits a number has in all, and after the point."""
    return (19, 0) if field.type is FieldType.INT else field.digits or _DIGITS


def _step(field: Field) -> Decimal:
    return Decimal(1).scaleb(-digits_of(field)[1])


def edges(entity: Entity, field: Field, random: Random) -> Iterator[object]:
    """Yield values at the edges of what the field takes."""
    kind = state_or_type(entity, field)
    if kind in TEXTS:
        yield from _text_edges(field, random)
    elif kind is FieldType.ENUM:
        yield from values_of(entity, field)
    elif kind in {FieldType.INT, FieldType.DECIMAL}:
        low, high = bounds(field)
        yield from (int(n) if kind is FieldType.INT else n for n in dict.fromkeys((low, high)))
    elif kind is FieldType.BOOL:
        yield from (True, False)
    else:
        yield from _time_edges(kind)
    if field.optional:
        yield None


def _time_edges(kind: FieldType) -> Iterator[object]:
    match kind:
        case FieldType.DATE:
            yield from (date(2000, 2, 29), FUTURE.date())
        case FieldType.TIMESTAMP:
            yield from (PAST, FUTURE, FUTURE.replace(microsecond=123_456))
            yield from (PAST.astimezone(zone) for zone in _ZONES)
        case FieldType.DURATION:
            yield from (timedelta(), timedelta(days=400, microseconds=1))


def _text_edges(field: Field, random: Random) -> Iterator[object]:
    least, most = lengths(field)
    if field.pattern is not None:
        yield from texts.extremes(field.pattern, (least, most), random)
    elif field.type is FieldType.EMAIL:
        yield f"{texts.word(random, 1)}.{texts.word(random, 9)}+tag@sub.example.com"
    elif field.type is FieldType.URL:
        yield f"http://example.com:8080/{texts.word(random, 8)}?a=b#c"
    elif field.type is FieldType.SLUG:
        yield from (f"{texts.word(random, 6)}-2-{texts.word(random, 3)}",)
    else:
        yield _strange(random, least, most)
        yield texts.rare(random, least)
        yield texts.ASTRAL * max(most - 8, 0) + texts.rare(random, min(most, 8))


def _strange(random: Random, least: int, most: int) -> str:
    """Return a text of what is easily lost or changed on the way, as far as there is room."""
    text = f"{texts.word(random, 4)} {texts.STRANGE}"[: max(most - 1, least, 1)]
    return text if len(text) >= least else text + texts.rare(random, least - len(text))


def beyond(entity: Entity, field: Field, random: Random) -> Iterator[Bad]:
    """Yield values that the field refuses."""
    kind = state_or_type(entity, field)
    if not field.optional:
        yield Bad("null", None)
    if kind in TEXTS:
        yield from _bad_texts(field, random)
    elif kind in {FieldType.INT, FieldType.DECIMAL}:
        yield from _bad_numbers(field)
    elif kind is FieldType.ENUM:
        first = values_of(entity, field)[0]
        other = f"{first}{first}"
        yield from (Bad("not a value of the enum", other), Bad("wrong type", 5))
        if first.upper() not in values_of(entity, field):
            yield Bad("a value in another case", first.upper())
    else:
        yield from (Bad(*each) for each in _BAD.get(kind, ()))


def _bad_texts(field: Field, random: Random) -> Iterator[Bad]:
    least, most = lengths(field)
    wrong: tuple[Json, ...] = (5, True, [], {})
    yield from (Bad("wrong type", value) for value in wrong)
    if field.length is not None or field.type is not FieldType.TEXT:
        yield Bad("one code point too long", _long(field, most + 1))
    if least > 0 and field.pattern is None and field.type in {FieldType.STRING, FieldType.TEXT}:
        yield Bad("one code point too short", "a" * (least - 1))
    if field.pattern is not None:
        for text in texts.missing(field.pattern, (least, most), random):
            yield Bad("does not match the pattern", text)
    yield from (Bad(f"no {field.type.value}", value) for value in _BAD_TEXTS.get(field.type, ()))


def _long(field: Field, length: int) -> str:
    before, after = {
        FieldType.EMAIL: ("", "@example.com"),
        FieldType.URL: ("https://example.com/", ""),
    }.get(field.type, ("", ""))
    return f"{before}{'a' * (length - len(before) - len(after))}{after}"


def _bad_numbers(field: Field) -> Iterator[Bad]:
    low, high = bounds(field)
    is_int = field.type is FieldType.INT
    for why, number in (
        ("below the range", low - _step(field)),
        ("above the range", high + _step(field)),
    ):
        yield Bad(why, int(number) if is_int else format(number, "f"))
    wrong: tuple[Json, ...] = (True, [], "nonsense")
    yield from (Bad("wrong type", value) for value in wrong)
    if is_int:
        yield from (Bad("a fraction", 1.5), Bad("a number in quotes", format(low, "f")))
    else:
        fine = low + _step(field) / 10
        yield from (Bad("too many digits after the point", format(fine, "f")), Bad("float", 1.5))


def default_of(field: Field) -> object:
    """Return what a field holds when a client leaves it out."""
    return constant(field, field.default) if field.has_default else None


_BAD: Final[dict[FieldType, tuple[tuple[str, Json], ...]]] = {
    FieldType.BOOL: (("a text", "true"), ("a number", 1), ("a number", 0)),
    FieldType.DATE: (("no such day", "2026-02-30"), ("short form", "2026-1-1"), ("number", 5)),
    FieldType.TIMESTAMP: (
        ("no offset", "2026-01-31T09:30:00"),
        ("no such month", "2026-13-01T09:30:00Z"),
        ("only a date", "2026-01-31"),
        ("a number", 5),
        ("nonsense", "nonsense"),
    ),
    FieldType.DURATION: (("not ISO 8601", "15m"), ("a number", 900), ("nonsense", "nonsense")),
    FieldType.UUID: (("nonsense", "nonsense"), ("a number", 5), ("no hyphens", "0" * 32)),
}
_BAD_TEXTS: Final[dict[FieldType, tuple[str, ...]]] = {
    FieldType.EMAIL: ("nonsense", "a@", "@example.com", "a b@example.com"),
    FieldType.URL: ("nonsense", "/relative", "javascript:alert(1)"),
    FieldType.SLUG: ("Not a slug", "-a", "a--b", "a_b"),
}
