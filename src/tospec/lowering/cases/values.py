"""Values of fields for tests: good ones, the edges of what is allowed, and what is beyond."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Final
from uuid import UUID

from tospec.lowering.cases.patterns import matching, missing
from tospec.lowering.fields import length_of
from tospec.model import Entity, Field, FieldType
from tospec.python import Code, fill, literal

TEXT_LENGTH: Final = 100_000
"""Greatest length of a text whose length the spec leaves open."""

PAST: Final = datetime(2001, 1, 1, tzinfo=UTC)
FUTURE: Final = datetime(2091, 1, 1, tzinfo=UTC)
STRINGS: Final = frozenset((FieldType.STRING, FieldType.TEXT))
_INT64: Final = (-(2**63), 2**63 - 1)
_DIGITS: Final = (38, 10)
_EXAMPLES: Final = {
    FieldType.EMAIL: ("person@example.test", "somebody@example.test"),
    FieldType.URL: ("https://example.test/", "https://example.test/other"),
    FieldType.SLUG: ("a-slug", "another-slug"),
    FieldType.UUID: (
        "01890a5d-ac96-774b-bcce-b302099a8057",
        "01890a5d-ac96-774b-bcce-b302099a8058",
    ),
    FieldType.DATE: ("2030-01-31", "2031-02-28"),
    FieldType.TIMESTAMP: ("2030-01-31T12:00:00.000000Z", "2031-02-28T12:00:00.000000Z"),
    FieldType.DURATION: ("P1DT0H0M0S", "P2DT0H0M0S"),
    FieldType.JSON: ({"key": "value"}, {"key": "other"}),
    FieldType.BOOL: (False, True),
}
_WRONG: Final[dict[FieldType, tuple[object, ...]]] = {
    FieldType.STRING: (5, [], {}),
    FieldType.TEXT: (5, [], {}),
    FieldType.INT: ("1", 1.5, True, []),
    FieldType.DECIMAL: (1.5, "1e5", "NaN", "one", []),
    FieldType.BOOL: ("true", 1, []),
    FieldType.DATE: ("2030-02-30", "2030-01-31T12:00:00Z", "nonsense", 5),
    FieldType.TIMESTAMP: ("2030-01-31", "2030-01-31T12:00:00", "2030-02-30T12:00:00Z", 5),
    FieldType.DURATION: ("P1Y", "nonsense", 5),
    FieldType.UUID: ("nonsense", 5),
    FieldType.ENUM: ("nonsense", 5),
    FieldType.EMAIL: ("nonsense", "a@b@example.test", 5),
    FieldType.URL: ("nonsense", "ftp://example.test/", 5),
    FieldType.SLUG: ("Not a slug", 5),
    FieldType.JSON: ("nonsense", [], 5),
}


@dataclass(frozen=True, slots=True)
class Bounds:
    """How long a string may be, or how great a number."""

    least: int
    most: int


def choices(entity: Entity | None, field: Field) -> tuple[str, ...]:
    """Return the values of an enum or the states of a lifecycle."""
    if entity is not None and entity.lifecycle and field.name == entity.state_field:
        return entity.lifecycle.states
    return field.values


def examples(field: Field, values: tuple[str, ...] = ()) -> tuple[object, ...]:
    """Return up to two values of a field as they stand in JSON; () when none is known."""
    found = _examples(field, values)
    return found if found or not field.has_default else (field.default,)


def _examples(field: Field, values: tuple[str, ...]) -> tuple[object, ...]:
    match field.type:
        case FieldType.STRING | FieldType.TEXT:
            return _strings(field)
        case FieldType.INT:
            return _numbers(field)
        case FieldType.DECIMAL:
            return _decimals(field)
        case FieldType.ENUM:
            return tuple(values or field.values)
        case _:
            return _EXAMPLES[field.type]


def example(field: Field, values: tuple[str, ...] = ()) -> object:
    """Return one value of a field."""
    return next(iter(examples(field, values)), None)


def another(field: Field, values: tuple[str, ...] = ()) -> object:
    """Return a value that is neither the default nor the first example, if there is one."""
    known = examples(field, values)
    unlike = [value for value in known if value != field.default]
    others = [value for value in unlike if value != known[0]]
    return next(iter(others or unlike or known), None)


def edges(field: Field, values: tuple[str, ...] = ()) -> tuple[object, ...]:
    """Return values at the edges of what is allowed."""
    match field.type:
        case FieldType.STRING | FieldType.TEXT if field.pattern is None:
            bounds = lengths(field)
            return tuple(dict.fromkeys((sized(bounds.least), sized(bounds.most))))
        case FieldType.INT:
            return tuple(dict.fromkeys(whole_range(field)))
        case FieldType.ENUM:
            return tuple(values or field.values)
        case _:
            return examples(field, values)


def beyond(field: Field) -> tuple[object, ...]:
    """Return values just beyond what is allowed, and values of other types."""
    return (*_beyond(field), *_WRONG[field.type], *(() if field.optional else (None,)))


def sized(length: int) -> str | Code:
    """Return a text of a length; a long one as source."""
    return "x" * length if length <= 20 else fill("{} * {}", literal("x"), literal(length))


def lengths(field: Field) -> Bounds:
    """Return how long a string may be."""
    if field.length is not None:
        return Bounds(*field.length)
    return Bounds(0, TEXT_LENGTH if field.type is FieldType.TEXT else length_of(field))


def whole_range(field: Field) -> tuple[int, int]:
    """Return the least and the greatest value of an int."""
    low, high = field.range or (None, None)
    return (
        _INT64[0] if low is None else int(low),
        _INT64[1] if high is None else int(high),
    )


def stored(field: Field, value: object) -> Code:
    """Return the source of a JSON value as repositories take it."""
    if isinstance(value, Code):
        return value
    read = _STORED.get(field.type)
    return literal(read(value) if read is not None and isinstance(value, str) else value)


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def _length(text: str) -> timedelta:
    return timedelta(days=int(text[1 : text.index("D")]))


_STORED: Final[Mapping[FieldType, Callable[[str], object]]] = {
    FieldType.TIMESTAMP: _instant,
    FieldType.DATE: date.fromisoformat,
    FieldType.DECIMAL: Decimal,
    FieldType.UUID: UUID,
    FieldType.DURATION: _length,
}


def wire(value: object) -> Code:
    """Return the source of a JSON value."""
    return value if isinstance(value, Code) else literal(value)


def instant(value: datetime) -> str:
    """Return an instant as it stands in JSON."""
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _strings(field: Field) -> tuple[str, ...]:
    bounds = lengths(field)
    if field.pattern is not None:
        return matching(field.pattern, (bounds.least, bounds.most))
    words = field.name.replace("_", " ")
    texts = (words.capitalize(), f"another {words}".capitalize())
    return tuple(dict.fromkeys(text.ljust(bounds.least, "x")[: bounds.most] for text in texts))


def _numbers(field: Field) -> tuple[int, ...]:
    low, high = whole_range(field)
    near = [value for value in (1, 2, low, high) if low <= value <= high]
    return tuple(dict.fromkeys(near))[:2]


def _decimals(field: Field) -> tuple[str, ...]:
    digits, scale = field.digits or _DIGITS
    low, high = field.range or (None, None)
    unit = Decimal(1).scaleb(-scale)
    candidates = (Decimal(1), Decimal(2), unit, low, high)
    fitting = (
        each
        for each in candidates
        if each is not None
        and (low is None or each >= low)
        and (high is None or each <= high)
        and abs(each) < Decimal(10) ** (digits - scale)
    )
    return tuple(dict.fromkeys(format(each.quantize(unit), "f") for each in fitting))[:2]


def _beyond(field: Field) -> tuple[object, ...]:
    match field.type:
        case FieldType.STRING | FieldType.TEXT:
            return _beyond_string(field)
        case FieldType.INT:
            low, high = whole_range(field)
            return (low - 1, high + 1)
        case FieldType.DECIMAL:
            return _beyond_decimal(field)
        case _:
            return ()


def _beyond_string(field: Field) -> tuple[object, ...]:
    bounds = lengths(field)
    if field.pattern is not None:
        text = missing(field.pattern, (bounds.least, bounds.most))
        return (sized(bounds.most + 1), *(() if text is None else (text,)))
    short = (sized(bounds.least - 1),) if bounds.least > 0 else ()
    long = () if bounds.most == TEXT_LENGTH else (sized(bounds.most + 1),)
    return (*short, *long)


def _beyond_decimal(field: Field) -> tuple[object, ...]:
    digits, scale = field.digits or _DIGITS
    low, high = field.range or (None, None)
    unit = Decimal(1).scaleb(-scale)
    outside = [None if low is None else low - unit, None if high is None else high + unit]
    told = [format(each.quantize(unit), "f") for each in outside if each is not None]
    return (*told, "1." + "0" * scale + "1", "9" * (digits - scale + 1))
