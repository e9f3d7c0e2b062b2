"""Types of fields, with the forms they are read and written in."""

import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Annotated, Any, Final
from urllib.parse import urlsplit
from uuid import UUID

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    PlainSerializer,
    Strict,
    WithJsonSchema,
)
from pydantic_core import CoreSchema, PydanticCustomError, core_schema, to_json

from app.core.zones import MAX_ZONE, zones

_UUID: Final = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", re.ASCII)
_INSTANT: Final = re.compile(
    r"\d{4}-\d{2}-\d{2}[Tt]([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,6})?"
    r"([Zz]|[+-]([01]\d|2[0-3]):[0-5]\d)",
    re.ASCII,
)
_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_INTEGER: Final = re.compile(r"-?(0|[1-9]\d{0,18})", re.ASCII)
_DECIMAL: Final = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?", re.ASCII)
_DURATION: Final = re.compile(
    r"-?P(?=\d|T\d)(\d{1,6}D)?(T(?=\d)(\d{1,7}H)?(\d{1,9}M)?(\d{1,11}(\.\d{1,6})?S)?)?", re.ASCII
)
_EMAIL: Final = (
    r"^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}"
    r"@[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
    r"(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)+$"
)
MAX_DURATION: Final = timedelta(days=36_500)
MAX_IDS: Final = 1000
MAX_JSON_SIZE: Final = 65_536
INT64_MIN: Final = -(2**63)
INT64_END: Final = 2**63


def _matching(kind: type, pattern: re.Pattern[str], code: str, text: str) -> BeforeValidator:
    """Let pass a text that matches `pattern`, or a value that is a `kind` already."""

    def check(value: object) -> object:
        fits = pattern.fullmatch(value) if isinstance(value, str) else isinstance(value, kind)
        if not fits:
            raise PydanticCustomError(code, text)
        return value

    return BeforeValidator(check)


def _in_utc(value: datetime) -> datetime:
    try:
        return value.astimezone(UTC)
    except OverflowError:
        code = "datetime_out_of_range"
        raise PydanticCustomError(code, "The instant is out of range.") from None


def instant_text(value: datetime) -> str:
    """Return `value` in UTC, with six decimals and `Z`."""
    in_utc = value if value.tzinfo is UTC else value.astimezone(UTC)
    return in_utc.replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def _duration_text(value: timedelta) -> str:
    sign = "-" if value < timedelta() else ""
    whole = abs(value)
    minutes, seconds = divmod(whole.seconds, 60)
    hours, minutes = divmod(minutes, 60)
    fraction = f".{whole.microseconds:06d}" if whole.microseconds else ""
    return f"{sign}P{whole.days}DT{hours}H{minutes}M{seconds}{fraction}S"


def _decimal_text(value: object) -> Decimal:
    if isinstance(value, Decimal):
        return value
    if not isinstance(value, str) or len(value) > 100 or not _DECIMAL.fullmatch(value):
        code = "decimal_form"
        raise PydanticCustomError(code, "Must be a decimal number written as a string.")
    return Decimal(value)


def _plain_decimal(value: Decimal) -> str:
    return format(value, "f")


def _checked_url(value: str) -> str:
    code = "url_form"
    text = "Must be an absolute http or https address."
    try:
        parts = urlsplit(value)
        fits = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        fits = False
    if not fits or any(character <= " " for character in value):
        raise PydanticCustomError(code, text)
    return value


def _known_zone(value: str) -> str:
    if value not in zones():
        code = "zone_name"
        raise PydanticCustomError(code, "Must be an IANA time zone such as Europe/Berlin.")
    return value


def _small_enough(value: dict[str, Any]) -> dict[str, Any]:
    if len(to_json(value)) > MAX_JSON_SIZE:
        code = "json_too_large"
        raise PydanticCustomError(code, "Must be at most 64 KiB of JSON.")
    return value


class Distinct:
    """Refuses a list that holds an identifier twice."""

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Return the schema of the list, with the check after it."""
        return core_schema.no_info_after_validator_function(_distinct, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """Return the JSON Schema of the list."""
        return handler(schema) | {"uniqueItems": True}


def _distinct(value: tuple[UUID, ...]) -> tuple[UUID, ...]:
    if len(set(value)) != len(value):
        code = "not_distinct"
        raise PydanticCustomError(code, "Must not hold an identifier twice.")
    return value


Id = Annotated[UUID, _matching(UUID, _UUID, "uuid_form", "Must be a UUID in its 8-4-4-4-12 form.")]
"""An identifier in its usual form; no braces, no `urn:uuid:`."""

Instant = Annotated[
    datetime,
    Strict(False),
    _matching(
        datetime, _INSTANT, "instant_form", "Must be an RFC 3339 date and time with an offset."
    ),
    AfterValidator(_in_utc),
    PlainSerializer(instant_text, return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
"""A point in time; becomes UTC, is written with six decimals and `Z`."""

Date = Annotated[
    date,
    Strict(False),
    _matching(date, _DATE, "date_form", "Must be a date such as 2030-01-31."),
]
"""A calendar day."""

Duration = Annotated[
    timedelta,
    Strict(False),
    _matching(
        timedelta, _DURATION, "duration_form", "Must be an ISO 8601 duration such as P1DT2H30M."
    ),
    Field(ge=-MAX_DURATION, le=MAX_DURATION),
    PlainSerializer(_duration_text, return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "format": "duration"}),
]
"""A length of time; days, hours, minutes and seconds only, for months differ."""

Email = Annotated[str, Field(max_length=254, pattern=_EMAIL)]
"""An e-mail address in the form that mail servers take."""

Url = Annotated[str, Field(max_length=2048), AfterValidator(_checked_url)]
"""An absolute http or https address, kept as it was sent."""

TimeZone = Annotated[str, Field(max_length=MAX_ZONE), AfterValidator(_known_zone)]
"""A time zone by its IANA name, such as `Europe/Berlin`."""

Slug = Annotated[str, Field(max_length=100, pattern=r"^[a-z0-9]+(?:-[a-z0-9]+)*$")]
"""Lower-case words of letters and digits with `-` between them."""

DecimalText = Annotated[
    Decimal,
    BeforeValidator(_decimal_text),
    PlainSerializer(_plain_decimal, return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "pattern": r"^-?(0|[1-9]\d*)(\.\d+)?$"}),
]
"""A decimal, read and written as text, that is never rounded."""

JsonObject = Annotated[dict[str, Any], AfterValidator(_small_enough)]
"""Any JSON object of modest size."""

Ids = Annotated[tuple[Id, ...], Field(max_length=MAX_IDS), Distinct()]
"""Identifiers, none of them twice."""

SearchText = Annotated[
    str,
    Field(
        min_length=1,
        max_length=200,
        description=(
            "Words. A row is found if each of them begins a word of its texts, whatever the case "
            "and accents; what is neither a letter nor a digit separates words, and nothing is "
            "found without one."
        ),
    ),
]
"""What a list is searched for."""

Int64 = Annotated[int, Field(ge=INT64_MIN, lt=INT64_END)]
"""A whole number that every database can hold."""

QueryInt = Annotated[
    int,
    Field(ge=INT64_MIN, lt=INT64_END),
    _matching(int, _INTEGER, "integer_form", "Must be a whole number in decimal digits."),
]
"""A whole number in a query string."""

QueryBool = Annotated[
    bool, _matching(bool, re.compile("true|false"), "boolean_form", "Must be true or false.")
]
"""A truth value in a query string: `true` or `false`."""

Limit = Annotated[
    int,
    Field(ge=1, le=200, description="How many items at most."),
    _matching(int, _INTEGER, "integer_form", "Must be a whole number in decimal digits."),
]
"""How many items a page holds at most."""

CursorText = Annotated[
    str, Field(min_length=1, max_length=2048, description="`next` of the page before.")
]
"""The opaque text that leads to the next page."""
