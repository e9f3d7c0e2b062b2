"""Constants of a spec: defaults, and values in scenarios."""

import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Final
from uuid import UUID

from tospec.model import Field, FieldType, Value
from tospec.model.pattern_matching import matches
from tospec.model.patterns import PatternError
from tospec.syntax.nodes import Scalar
from tospec.syntax.notations import seconds

INT64: Final = (-(2**63), 2**63 - 1)
_EMAIL: Final = re.compile(r"[^@\s]{1,64}@[^@\s.]+(\.[^@\s.]+)+")
_URL: Final = re.compile(r"https?://[^\s/]+\S*")
_SLUG: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*", re.ASCII)
_LONGEST_WORD: Final = 2048


class ConstantError(ValueError):
    """A constant is not what its field holds. Holds the sentence that says why."""


def constant(field: Field, scalar: Scalar) -> Value:
    """Return the value of a constant for `field`.

    Durations are given in seconds; dates, times and uuids as their text.

    Raises:
        ConstantError: If the field cannot hold it.
    """
    if scalar.value is None and not scalar.quoted:
        if field.optional:
            return None
        raise ConstantError(f"'{field.name}' is not optional, so it cannot be null.")
    return _READERS[field.type](field, scalar)


def _string(field: Field, scalar: Scalar) -> str:
    text = _text(field, scalar)
    least, most = field.length or (0, len(text))
    if not least <= len(text) <= most:
        raise ConstantError(f"It has {len(text)} characters; '{field.name}' has {least} to {most}.")
    if field.pattern and not _matches(field.pattern, text):
        raise ConstantError(f"It does not match the pattern of '{field.name}'.")
    return text


def _matches(pattern: str, text: str) -> bool:
    try:
        return matches(pattern, text)
    except PatternError:
        return True


def _text(field: Field, scalar: Scalar) -> str:
    if isinstance(scalar.value, str):
        return scalar.value
    raise ConstantError(f"'{field.name}' holds text; write it in quotes.")


def _worded(expression: re.Pattern[str], what: str) -> Callable[[Field, Scalar], str]:
    def read(field: Field, scalar: Scalar) -> str:
        text = _string(field, scalar)
        if len(text) > _LONGEST_WORD or not expression.fullmatch(text):
            raise ConstantError(f"'{field.name}' holds {what}.")
        return text

    return read


def _parsed(parse: Callable[[str], object], what: str) -> Callable[[Field, Scalar], str]:
    def read(field: Field, scalar: Scalar) -> str:
        text = _text(field, scalar)
        try:
            parse(text)
        except ValueError:
            raise ConstantError(f"'{field.name}' holds {what}.") from None
        return text

    return read


def _instant(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    if found.tzinfo is None or "T" not in text:
        raise ValueError(text)
    return found


def _whole(field: Field, scalar: Scalar) -> int:
    if type(scalar.value) is not int:
        raise ConstantError(f"'{field.name}' holds a whole number.")
    _check_range(field, Decimal(scalar.value))
    if not INT64[0] <= scalar.value <= INT64[1]:
        raise ConstantError("It does not fit into 64 bits.")
    return scalar.value


def _decimal(field: Field, scalar: Scalar) -> Decimal:
    if type(scalar.value) not in (int, Decimal):
        raise ConstantError(f"'{field.name}' holds a number.")
    number = Decimal(scalar.text)
    _check_range(field, number)
    exponent = number.as_tuple().exponent
    places = max(-exponent, 0) if isinstance(exponent, int) else 0
    whole = max(number.adjusted() + 1, 0)
    if field.digits and (places > field.digits[1] or whole > field.digits[0] - field.digits[1]):
        raise ConstantError(f"It has more digits than '{field.name}'.")
    return number


def _check_range(field: Field, number: Decimal) -> None:
    least, most = field.range or (None, None)
    if (least is not None and number < least) or (most is not None and number > most):
        raise ConstantError(f"It is outside the range of '{field.name}'.")


def _flag(field: Field, scalar: Scalar) -> bool:
    if not isinstance(scalar.value, bool):
        raise ConstantError(f"'{field.name}' is true or false.")
    return scalar.value


def _duration(field: Field, scalar: Scalar) -> int:
    length = seconds(scalar.text) if isinstance(scalar.value, str) else None
    if length is None:
        raise ConstantError(f"'{field.name}' holds a duration such as 15m.")
    return length


def _choice(field: Field, scalar: Scalar) -> str:
    if scalar.text not in field.values or not isinstance(scalar.value, str):
        raise ConstantError(f"'{field.name}' is one of {', '.join(field.values)}.")
    return scalar.text


def _none(field: Field, _: Scalar) -> Value:
    raise ConstantError(f"'{field.name}' holds JSON, of which no constant can be written.")


_READERS: Final[dict[FieldType, Callable[[Field, Scalar], Value]]] = {
    FieldType.STRING: _string,
    FieldType.TEXT: _string,
    FieldType.INT: _whole,
    FieldType.DECIMAL: _decimal,
    FieldType.BOOL: _flag,
    FieldType.DATE: _parsed(date.fromisoformat, "a date such as 2026-01-31"),
    FieldType.TIMESTAMP: _parsed(_instant, "a time such as 2026-01-31T09:30:00Z"),
    FieldType.DURATION: _duration,
    FieldType.UUID: _parsed(UUID, "a uuid"),
    FieldType.ENUM: _choice,
    FieldType.EMAIL: _worded(_EMAIL, "an e-mail address"),
    FieldType.URL: _worded(_URL, "an absolute http or https URL"),
    FieldType.SLUG: _worded(_SLUG, "small letters, digits and single hyphens"),
    FieldType.JSON: _none,
}
